"""Normalized addresses, and keyed hashes that reveal no address."""

import pytest

from delivery import addresses


@pytest.mark.parametrize("other", ["ANNA@Example.COM", " anna@example.com ", "Anna@example.com"])
def test_the_case_of_an_address_does_not_matter(other: str) -> None:
    assert addresses.normalized(other) == addresses.normalized("anna@example.com")
    assert addresses.suppression_key(other) == addresses.suppression_key("anna@example.com")


def test_an_address_with_a_tag_has_its_own_suppression_key() -> None:
    """a+b may exist although a does not. Red when: the tag is removed, as for rate limits."""
    tagged, plain = map(addresses.suppression_key, ["a+b@example.com", "a@example.com"])

    assert tagged != plain


def test_the_suppression_key_depends_on_the_secret_key(settings) -> None:
    """Red when: the hash has no key: anyone could try lists of addresses against it."""
    before = addresses.suppression_key("anna@example.com")
    settings.SECRET_KEY = "another"

    assert addresses.suppression_key("anna@example.com") != before
