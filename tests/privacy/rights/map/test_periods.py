"""When a period is over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from delivery import outbox
from privacy.rights.cases import erasure
from privacy.rights.map.declarations import Person
from privacy.rights.map.periods import months_before, years_before
from privacy.rights.map.register import all_declared
from privacy.rights.requests import actions as requests
from tests.factories import make_sign_up
from tests.privacy.rights.requests.made import colleague
from tests.privacy.rights.somebody import make_somebody
from tests.run_once import needs_no_database

CASES = [
    pytest.param(retention, id=f"{data.table}: {retention.expired.__name__}")
    for data in all_declared()
    for retention in data.retention
    if retention.expired
]


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def answer_after_erasure(person: Person, *, at: datetime) -> None:
    """Answer a request that was open when its person was erased."""
    request = requests.receive(person, kind="complaint", language="pl", at=at, text="Why?")
    erasure.erase(person, at=at)
    requests.answer(request, text="So.", outcome="done", user=colleague(), at=at)


@needs_no_database
@pytest.mark.parametrize(
    ("at", "months", "before"),
    [
        ("2026-11-27", 1, "2026-10-27"),
        ("2026-01-31", 1, "2025-12-31"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-11-27", 24, "2024-11-27"),
        ("2026-12-01", 12, "2025-12-01"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_its_last(at: str, months: int, before: str) -> None:
    """Red when: the last day of a month is one that the earlier month does not have."""
    assert months_before(day(at), months) == day(before)


@needs_no_database
def test_years_after_a_leap_day_end_on_the_last_of_february() -> None:
    assert years_before(day("2028-02-29"), 6) == day("2022-02-28")


@pytest.mark.django_db
@pytest.mark.parametrize("retention", CASES)
def test_rows_are_over_after_their_period_and_not_before(settings, retention) -> None:
    """Red when: a period runs from another moment than the row's own, or its query finds no row."""
    settings.PROVISIONING_URL = "https://phone.example.com/trials"
    make_somebody("ola", phone="+48221111111")
    make_sign_up(email="ela@example.com")
    now = timezone.now()
    answer_after_erasure(Person("iza@example.com"), at=now)
    assert outbox.send_next(now)

    assert list(retention.expired(now)) == []
    assert list(retention.expired(now + timedelta(days=20 * 366)))
