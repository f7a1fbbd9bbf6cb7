"""Moments of the past, and periods as texts that follow the settings."""

import calendar
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import ngettext

from privacy.rights.map.declarations import Text

# A day, or a moment of it.
_When = TypeVar("_When", date, datetime)


def days_before(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)


def months_before(at: _When, months: int) -> _When:
    """The same day so many months earlier, or the last day of a month that is too short."""
    years, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    last_day = calendar.monthrange(years, month + 1)[1]
    return at.replace(year=years, month=month + 1, day=min(at.day, last_day))


def years_before(at: datetime, years: int) -> datetime:
    return months_before(at, 12 * years)


def days(setting: str, text: Text) -> Text:
    """A lazy text with `%(period)s`, such as "90 days", from the setting of this name."""
    return _lazy_text(setting, text, _days)


def months(setting: str, text: Text) -> Text:
    return _lazy_text(setting, text, _months)


def years(setting: str, text: Text) -> Text:
    return _lazy_text(setting, text, _years)


def _text(setting: str, text: Text, unit: Callable[[int], str]) -> str:
    return str(text) % {"period": unit(getattr(settings, setting))}


_lazy_text = lazy(_text, str)


def _days(number: int) -> str:
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}


def _months(number: int) -> str:
    return ngettext("%(number)d month", "%(number)d months", number) % {"number": number}


def _years(number: int) -> str:
    return ngettext("%(number)d year", "%(number)d years", number) % {"number": number}
