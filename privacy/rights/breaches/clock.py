"""The clock of a breach: 72 hours to tell the supervisory authority (GDPR Art. 33(1)).

It starts when we become aware of the breach, and counts real hours (EDPB Guidelines 9/2022): no
night, weekend or change of the hour stops it.
"""

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

TIME_TO_TELL = timedelta(hours=72)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
# From so many hours on, what is overdue is counted in days.
_IN_DAYS = timedelta(hours=48)


class ClockState(enum.Enum):
    RUNNING = enum.auto()
    OVERDUE = enum.auto()
    TOLD_IN_TIME = enum.auto()
    TOLD_LATE = enum.auto()
    NOT_NEEDED = enum.auto()


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Between two moments of one other time zone Python counts the hours
    that the wall clock shows, which are not the real ones when the hour changes.
    """
    return moment.astimezone(UTC)


@dataclass(frozen=True)
class Clock:
    """The clock of one breach."""

    aware_at: datetime
    # When the last authority that must be told was told; None while one of them was not.
    told_at: datetime | None
    # Whether an authority must be told at all: not where a risk to people is unlikely.
    is_needed: bool

    @property
    def deadline(self) -> datetime:
        return in_utc(self.aware_at) + TIME_TO_TELL

    def time_left(self, *, at: datetime) -> timedelta:
        """Negative after the deadline."""
        return self.deadline - in_utc(at)

    def state(self, *, at: datetime) -> ClockState:
        if self.told_at is not None:
            is_late = in_utc(self.told_at) > self.deadline
            return ClockState.TOLD_LATE if is_late else ClockState.TOLD_IN_TIME
        if not self.is_needed:
            return ClockState.NOT_NEEDED
        is_overdue = self.time_left(at=at) < timedelta()
        return ClockState.OVERDUE if is_overdue else ClockState.RUNNING

    def in_words(self, *, at: datetime) -> str:
        """The state, with the time that is left or overdue, in the active language."""
        match self.state(at=at):
            case ClockState.RUNNING:
                return _left(self.time_left(at=at))
            case ClockState.OVERDUE:
                return _overdue(-self.time_left(at=at))
            case ClockState.TOLD_IN_TIME:
                return _("told in time")
            case ClockState.TOLD_LATE:
                return _("told late")
            case ClockState.NOT_NEEDED:
                return _("no notification needed")


def _left(time: timedelta) -> str:
    """Rounded down, so that nobody believes that more time is left."""
    if time < _HOUR:
        number = time // _MINUTE
        text = ngettext("%(number)d minute left", "%(number)d minutes left", number)
    else:
        number = time // _HOUR
        text = ngettext("%(number)d hour left", "%(number)d hours left", number)
    return text % {"number": number}


def _overdue(time: timedelta) -> str:
    if time < _HOUR:
        number = time // _MINUTE
        text = ngettext("overdue by %(number)d minute", "overdue by %(number)d minutes", number)
    elif time < _IN_DAYS:
        number = time // _HOUR
        text = ngettext("overdue by %(number)d hour", "overdue by %(number)d hours", number)
    else:
        number = time.days
        text = ngettext("overdue by %(number)d day", "overdue by %(number)d days", number)
    return text % {"number": number}
