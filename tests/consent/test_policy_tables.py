"""The table of cookies that a policy prints, now and as it was."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from consent.policy_tables import cookie_table
from consent.registry import registry
from content import store
from tests.factories import make_client, make_cookie

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def test_the_policy_and_the_cookie_page_print_every_declared_cookie() -> None:
    """Red when: a row of the registry is left out of one of the tables."""
    names = [cookie.name for cookie in registry.current().cookies]
    assert len(names) >= 16

    for path in ("/polityka-prywatnosci/", "/en/privacy-policy/", "/cookies/", "/en/cookies/"):
        page = make_client().get(path).text
        assert [name for name in names if f"<code>{name}</code>" not in page] == [], path


def test_a_row_prints_purpose_provider_life_and_kind_in_the_language_of_the_page() -> None:
    """Red when: a column prints the other language."""
    with translation.override("en"):
        english = cookie_table(None)
    with translation.override("pl"):
        polish = cookie_table(None)

    assert "Tells unique visitors apart." in english
    assert (
        'href="https://policies.google.com/technologies/partner-sites?hl=en">Google</a>' in english
    )
    assert "90 days" in english
    assert "90 dni" in polish
    assert (
        'href="https://policies.google.com/technologies/partner-sites?hl=pl">Google</a>' in polish
    )
    assert "Tells unique visitors apart." not in polish


def test_a_provider_that_is_not_confirmed_is_not_named_as_if_it_were() -> None:
    with translation.override("en"):
        assert '<a href="/en/contact/">to be confirmed; off until then</a>' in cookie_table(None)


def test_a_past_day_prints_the_table_of_that_day() -> None:
    """Red when: the table is live for a superseded version."""
    store.poll(timezone.now())
    before = timezone.now()
    make_cookie("_hjid")
    after = timezone.now() + timedelta(seconds=1)

    assert "_hjid" in cookie_table(None)
    assert "_hjid" not in cookie_table(before)
    assert "_hjid" in cookie_table(after)


def test_a_day_before_the_first_registry_prints_no_row() -> None:
    assert "<tr>" not in cookie_table(LONG_AGO)


def test_texts_of_staff_are_printed_as_text_and_not_as_markup() -> None:
    """Red when: the table is marked safe cell by cell."""
    make_cookie("l7_x", purpose_en="<script>alert(1)</script>")

    with translation.override("en"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in cookie_table(None)
