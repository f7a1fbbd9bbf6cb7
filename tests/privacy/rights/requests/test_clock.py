"""The last days of requests: the ends of months, a leap day, a change of the hour, pauses."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from privacy.rights.requests import actions, clock, clock_text
from tests.privacy.rights.requests.made import (
    WARSAW,
    colleague,
    make_complaint_by_letter,
    make_request,
)

pytestmark = pytest.mark.django_db


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        ("2026-05-04", "2026-06-04", "2026-08-04"),
        ("2026-01-31", "2026-02-28", "2026-04-30"),
        ("2028-01-31", "2028-02-29", "2028-04-30"),
        ("2028-02-29", "2028-03-29", "2028-05-29"),
        ("2026-03-30", "2026-04-30", "2026-06-30"),
        ("2026-03-31", "2026-04-30", "2026-06-30"),
        ("2026-11-30", "2026-12-30", "2027-02-28"),
        ("2026-12-31", "2027-01-31", "2027-03-31"),
        # A Saturday stays: an earlier answer is never too late.
        ("2026-07-01", "2026-08-01", "2026-10-01"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_the_last_one(
    received: str, due: str, extended: str
) -> None:
    """Red when: 31 January plus a month is 3 March, or a weekend moves the day."""
    day = date.fromisoformat(received)

    assert clock.due_on(day, is_extended=False, paused_days=0) == date.fromisoformat(due)
    assert clock.due_on(day, is_extended=True, paused_days=0) == date.fromisoformat(extended)


@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        ("2026-01-31", "2026-03-01"),
        ("2026-03-31", "2026-04-29"),
        ("2028-02-01", "2028-03-01"),
        ("2028-02-29", "2028-03-29"),
    ],
)
def test_the_thirty_days_of_a_complaint_begin_with_the_day_of_receipt(
    received: str, last_day: str
) -> None:
    """Red when: the day of receipt is not counted."""
    day = clock.acknowledge_by(date.fromisoformat(received))

    assert day == date.fromisoformat(last_day)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Summer: 23:30 in London is the next day in Warsaw.
        (datetime(2026, 6, 30, 22, 30, tzinfo=UTC), date(2026, 8, 1)),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 7, 30)),
        # Winter: the day begins at 23:00 UTC.
        (datetime(2026, 1, 30, 23, 0, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 1, 30, 22, 59, tzinfo=UTC), date(2026, 2, 28)),
        # The nights in which the hour changes: 29 March and 25 October 2026.
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 4, 29)),
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), date(2026, 4, 30)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 11, 26)),
    ],
)
def test_a_day_is_that_of_the_site_also_at_night(received: datetime, due: date) -> None:
    """Red when: the day is taken in UTC, or a change of the hour moves it."""
    assert make_request(at=received).due_on == due


def test_the_days_of_a_pause_over_the_change_of_the_hour_are_added() -> None:
    """Red when: the day with 23 hours is lost, as in a difference of moments."""
    request = make_request(at=moment("2026-03-20T23:50"))

    actions.pause(request, reason="x", user=colleague(), at=moment("2026-03-28T23:50"))
    actions.resume(request, user=colleague(), at=moment("2026-03-30T00:10"))

    request.refresh_from_db()
    assert (request.paused_days, request.due_on) == (2, date(2026, 4, 22))


def test_a_pause_that_ends_on_its_day_adds_nothing() -> None:
    request = make_request(at=moment("2026-03-20T09:00"))

    actions.pause(request, reason="x", user=colleague(), at=moment("2026-03-23T09:00"))
    actions.resume(request, user=colleague(), at=moment("2026-03-23T23:59"))

    request.refresh_from_db()
    assert (request.paused_days, request.due_on) == (0, date(2026, 4, 20))


def test_an_extension_and_two_pauses_add_up() -> None:
    """Red when: the second pause replaces the first, or the extension forgets both."""
    request = make_request(at=moment("2026-01-31T12:00"))
    for begins, ends in (("2026-02-02", "2026-02-05"), ("2026-02-10", "2026-02-20")):
        actions.pause(request, reason="x", user=colleague(), at=moment(f"{begins}T12:00"))
        actions.resume(request, user=colleague(), at=moment(f"{ends}T12:00"))
    actions.extend(request, reason="x", user=colleague(), at=moment("2026-03-01T12:00"))

    request.refresh_from_db()
    assert (request.paused_days, request.due_on) == (13, date(2026, 5, 13))


@pytest.mark.parametrize(
    ("day", "polish", "english"),
    [
        ("2026-05-04", "zostało 31 dni", "31 days left"),
        ("2026-06-02", "zostały 2 dni", "2 days left"),
        ("2026-06-03", "został 1 dzień", "1 day left"),
        ("2026-06-04", "dziś jest ostatni dzień", "today is the last day"),
        ("2026-06-05", "1 dzień po terminie", "1 day late"),
        ("2026-06-09", "5 dni po terminie", "5 days late"),
    ],
)
def test_the_clock_says_how_long_is_left(day: str, polish: str, english: str) -> None:
    """Red when: the last day counts as late, or Polish has one form for all numbers."""
    request = make_request(at=moment("2026-05-04T10:00"))

    for language, text in (("pl", polish), ("en", english)):
        with translation.override(language):
            [shown] = clock_text.clocks(request, at=moment(f"{day}T23:59"))
            assert shown.text.replace("\xa0", " ") == text
            assert shown.is_late == (day > "2026-06-04")


def test_a_clock_that_stands_says_since_when_and_what_is_left() -> None:
    request = make_request(at=moment("2026-05-04T10:00"))
    actions.pause(request, reason="x", user=colleague(), at=moment("2026-05-06T10:00"))
    request.refresh_from_db()

    [shown] = clock_text.clocks(request, at=moment("2027-01-01T10:00"))

    assert shown.text == "termin nie biegnie od 6 maja 2026"
    assert not shown.is_late
    assert clock_text.days_after_pause(request).replace("\xa0", " ") == "zostało 29 dni"


def test_an_extended_clock_says_so() -> None:
    request = make_request(at=moment("2026-05-04T10:00"))
    actions.extend(request, reason="x", user=colleague(), at=moment("2026-06-04T23:59"))
    request.refresh_from_db()

    [shown] = clock_text.clocks(request, at=moment("2026-07-25T10:00"))

    assert shown.text.replace("\xa0", " ") == "zostało 10 dni, przedłużono"


def test_a_complaint_has_both_clocks() -> None:
    """Red when: one of the two is not shown."""
    request = make_complaint_by_letter(at=moment("2026-03-01T10:00"))

    first, second = clock_text.clocks(request, at=moment("2026-03-31T10:00"))

    assert (first.text.replace("\xa0", " "), first.is_late) == ("1 dzień po terminie", True)
    assert (second.text.replace("\xa0", " "), second.is_late) == ("został 1 dzień", False)

    actions.acknowledge(request, at=moment("2026-03-31T10:00"), user=colleague())
    request.refresh_from_db()
    first, _second = clock_text.clocks(request, at=moment("2026-03-31T10:00"))
    assert (first.text, first.is_late) == ("potwierdzono 31 marca 2026", False)
