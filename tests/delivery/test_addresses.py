"""The forms of an address: to store, to show, to compare, to search."""

import pytest

from delivery import addresses
from tests.run_once import needs_no_database

pytestmark = needs_no_database


@pytest.mark.parametrize("other", ["ANNA@Example.COM", " anna@example.com ", "Anna@example.com"])
def test_the_case_of_an_address_does_not_matter(other: str) -> None:
    assert addresses.normalized(other) == addresses.normalized("anna@example.com")


@pytest.mark.parametrize("typed", ["anna", "anna@firma", "anna@mün\u200bchen.de", "józef@firma.pl"])
def test_an_address_that_not_every_mail_server_takes_has_no_form_in_ascii(typed: str) -> None:
    with pytest.raises(addresses.InvalidAddress):
        addresses.in_ascii(typed)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("anna@xn--strae-oqa.de", "anna@straße.de"),
        ("Anna@firma.pl", "Anna@firma.pl"),
        ("anna@firma..pl", "anna@firma..pl"),
    ],
)
def test_people_read_the_domain_in_the_letters_of_their_language(stored: str, shown: str) -> None:
    assert addresses.readable(stored) == shown


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("Müller GmbH", "Müller GmbH"),
        ("anna@MÜNCHEN.de", "anna@xn--mnchen-3ya.de"),
        ("Anna @münchen.de", "Anna @xn--mnchen-3ya.de"),
        ("anna@", "anna@"),
        ("@mün..", "@mün.."),
    ],
)
def test_a_search_for_an_address_looks_for_its_stored_form(typed: str, searched: str) -> None:
    assert addresses.search_term(typed) == searched
