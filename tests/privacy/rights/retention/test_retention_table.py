"""The table of retention periods that a policy prints, today and as it was."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone, translation

from content import store
from privacy.policies.text import tables
from privacy.rights.map.declarations import People
from privacy.rights.map.register import all_declared, all_elsewhere
from privacy.rights.retention.retention_table import TABLE, RetentionSnapshot
from tests.pages import Page

pytestmark = pytest.mark.django_db

STAFF = (People.STAFF,)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def plain(text: object) -> str:
    return " ".join(str(text).lower().split())


def table(language: str, at: datetime | None = None) -> Page:
    with translation.override(language):
        return Page(f"<main>{tables.render('retention', at=at)}</main>")


def words(language: str, at: datetime | None = None) -> str:
    """The text of the table, in lower case and with plain spaces."""
    return plain(table(language, at).one("main").text)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_table_prints_every_declaration_that_concerns_visitors(language: str) -> None:
    """Red when: a declaration or one of its periods is left out, or stays in the other language."""
    text = words(language)

    with translation.override(language):
        shown = [each for each in (*all_declared(), *all_elsewhere()) if each.people != STAFF]
        expected = [str(each.name) for each in shown]
        for data in all_declared():
            if data.people != STAFF:
                expected += [str(retention.text) for retention in data.retention]
                expected += [str(use.name) for use in data.further_uses]
    assert len(expected) >= 35
    assert [each for each in expected if plain(each) not in text] == []


def test_what_concerns_staff_alone_is_not_in_a_policy_for_visitors() -> None:
    assert "passkey" not in words("en")


def test_each_period_has_its_own_line_and_purpose() -> None:
    """Red when: a period stands beside another purpose, as that of an ad beside that of a trial."""
    page = table("en")
    purposes = [cell.text for cell in page.all("th", scope="row")]
    periods = [cell.text for cell in page.all("td")][1::2]
    rows = dict(zip(purposes, periods, strict=True))

    assert rows["Finding out which paid ads lead to trials"] == (
        "The paid ad that a sign-up came from: 90 days after the sign-up."
    )
    trial = rows["Providing the free trial that the person asked for"]
    assert "7 days after the sign-up" in trial
    assert "90 days after the sign-up" not in trial


@pytest.mark.parametrize(
    ("setting", "value", "polish", "english"),
    [
        ("UNCONFIRMED_SIGN_UP_DAYS", 1, "1 dzień od zgłoszenia", "1 day after the sign-up"),
        ("ENDED_TRIAL_DAYS", 22, "22 dni od końca", "22 days after the end"),
        ("MARKETING_SILENCE_MONTHS", 22, "przez 22 miesiące", "at most 22 months"),
        ("PROOF_YEARS", 5, "5 lat od wycofania lub wygaśnięcia zgody", "5 years after the consent"),
        ("RECORD_YEARS", 4, "4 lata od wygaśnięcia", "4 years after the choice"),
    ],
)
def test_a_period_is_that_of_the_settings(settings, setting, value, polish, english) -> None:
    """Red when: a text is made once, as the process starts."""
    setattr(settings, setting, value)

    assert polish in words("pl")
    assert english in words("en")


def test_a_past_day_prints_the_table_of_that_day(settings) -> None:
    """Red when: a superseded version prints the periods of today (I14)."""
    store.poll(timezone.now())
    before = timezone.now()
    settings.PROOF_YEARS = 9
    TABLE.keep(at=timezone.now())
    store.poll(timezone.now())

    after = timezone.now() + timedelta(seconds=1)
    assert "6 lat od wycofania lub wygaśnięcia zgody" in words("pl", before)
    assert "6 years after the consent" in words("en", before)
    assert "9 lat od wycofania lub wygaśnięcia zgody" in words("pl", after)
    assert "od wycofania lub wygaśnięcia zgody" not in words("pl", LONG_AGO)


def test_the_same_table_is_stored_once() -> None:
    """Red when: every release stores a row."""
    assert RetentionSnapshot.objects.count() == 1

    with transaction.atomic():
        TABLE.keep_after_migrate()

    assert RetentionSnapshot.objects.count() == 1
