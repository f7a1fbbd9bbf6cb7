"""The 72 hours are real ones, and said in words that are right for each number."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from privacy.rights.breaches.clock import Clock, ClockState
from tests.privacy.rights.breaches.rows import AWARE, hours
from tests.run_once import needs_no_database

pytestmark = needs_no_database

WARSAW = ZoneInfo("Europe/Warsaw")
SECOND = timedelta(seconds=1)


def clock(aware_at: datetime = AWARE, told_at: datetime | None = None, **fields: bool) -> Clock:
    return Clock(aware_at, told_at, **{"is_needed": True} | fields)


def warsaw(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, 30, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("aware_at", "deadline"),
    [
        # The night of 29 March 2026 is an hour shorter, that of 25 October an hour longer.
        (warsaw(2026, 3, 27, 12), warsaw(2026, 3, 30, 13)),
        (warsaw(2026, 10, 23, 12), warsaw(2026, 10, 26, 11)),
        (warsaw(2026, 3, 29, 1), warsaw(2026, 4, 1, 2)),
        # Over the end of a month, a leap day and the end of a year.
        (warsaw(2026, 4, 29, 9), warsaw(2026, 5, 2, 9)),
        (warsaw(2028, 2, 27, 9), warsaw(2028, 3, 1, 9)),
        (warsaw(2027, 2, 27, 9), warsaw(2027, 3, 2, 9)),
        (warsaw(2026, 12, 30, 23), warsaw(2027, 1, 2, 23)),
    ],
)
@pytest.mark.parametrize("zone", [WARSAW, UTC])
def test_the_deadline_is_72_real_hours_later(zone, aware_at, deadline) -> None:
    """Red when: hours are added as the wall clock shows them."""
    running = clock(aware_at.astimezone(zone))

    assert running.deadline == deadline.astimezone(UTC)
    assert running.state(at=deadline.astimezone(zone)) is ClockState.RUNNING
    past = (deadline.astimezone(UTC) + SECOND).astimezone(zone)
    assert running.state(at=past) is ClockState.OVERDUE


def test_the_hour_that_comes_twice_is_counted_twice() -> None:
    """02:30 is there two times in that night. Red when: moments of one zone are compared as shown."""
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=WARSAW)
    aware_at = datetime(2026, 10, 22, 3, 30, tzinfo=WARSAW)
    first, second = twice, twice.replace(fold=1)

    assert clock(aware_at, told_at=first).state(at=second) is ClockState.TOLD_IN_TIME
    assert clock(aware_at, told_at=second).state(at=second) is ClockState.TOLD_IN_TIME
    assert clock(aware_at - SECOND, told_at=second).state(at=second) is ClockState.TOLD_LATE
    assert clock(aware_at).time_left(at=first) == hours(1)
    assert clock(aware_at).time_left(at=second) == hours(0)


@pytest.mark.parametrize(
    ("told_after", "is_needed", "now", "state"),
    [
        (None, True, 0, ClockState.RUNNING),
        (None, True, 72, ClockState.RUNNING),
        (None, True, 72.01, ClockState.OVERDUE),
        (None, False, 1, ClockState.NOT_NEEDED),
        (None, False, 9999, ClockState.NOT_NEEDED),
        (72, True, 73, ClockState.TOLD_IN_TIME),
        (72.01, True, 73, ClockState.TOLD_LATE),
        # An authority that was told all the same.
        (1, False, 9999, ClockState.TOLD_IN_TIME),
    ],
)
def test_the_states_of_the_clock(told_after, is_needed, now, state) -> None:
    told_at = None if told_after is None else AWARE + hours(told_after)

    assert clock(told_at=told_at, is_needed=is_needed).state(at=AWARE + hours(now)) is state


@pytest.mark.parametrize(
    ("passed", "polish", "english"),
    [
        (0, "zostały 72 godziny", "72 hours left"),
        (53.01, "zostało 18 godzin", "18 hours left"),
        (69.5, "zostały 2 godziny", "2 hours left"),
        (71, "została 1 godzina", "1 hour left"),
        (71 + 1 / 60, "zostało 59 minut", "59 minutes left"),
        (71 + 57 / 60, "zostały 3 minuty", "3 minutes left"),
        (71 + 59 / 60, "została 1 minuta", "1 minute left"),
        (72, "zostało 0 minut", "0 minutes left"),
        (72 + 22 / 60, "po terminie o 22 minuty", "overdue by 22 minutes"),
        (73, "po terminie o 1 godzinę", "overdue by 1 hour"),
        (77.5, "po terminie o 5 godzin", "overdue by 5 hours"),
        (72 + 47.9, "po terminie o 47 godzin", "overdue by 47 hours"),
        (72 + 48, "po terminie o 2 dni", "overdue by 2 days"),
        (72 + 24 * 22, "po terminie o 22 dni", "overdue by 22 days"),
    ],
)
def test_the_time_is_said_in_words(passed: float, polish: str, english: str) -> None:
    """Red when: a form of the plural is wrong, or time left is rounded up."""
    at = AWARE + timedelta(minutes=round(passed * 60))
    for language, words in (("pl", polish), ("en", english)):
        with override(language):
            assert clock().in_words(at=at).replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("told_after", "polish", "english"),
    [
        (5, "zgłoszono w terminie", "told in time"),
        (80, "zgłoszono po terminie", "told late"),
        (None, "zgłoszenie nie jest wymagane", "no notification needed"),
    ],
)
def test_a_clock_that_has_stopped_says_why(told_after, polish: str, english: str) -> None:
    told_at = told_after and AWARE + hours(told_after)
    for language, words in (("pl", polish), ("en", english)):
        with override(language):
            stopped = clock(told_at=told_at, is_needed=told_at is not None)
            assert stopped.in_words(at=AWARE + hours(90)).replace("\xa0", " ") == words
