"""The links to years, months and days above a list.

Django reads every row to find the days that have one. These are all days from the first row to the
last.
"""

import calendar
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# Makes a link to the rows of a period of its parts: year, month and day.
Link = Callable[..., str]


@dataclass(frozen=True)
class Choice:
    title: str
    link: str = ""


@dataclass(frozen=True)
class Periods:
    """The periods to choose from, and the one that holds them."""

    choices: list[Choice]
    back: Choice | None = None


def periods(rows: QuerySet[Any], by: str, chosen: list[int], link: Link) -> Periods | None:
    """The periods in the chosen one, which is no number, a year, or a year with month and day.

    None for an empty list.
    """
    first, last = (_day(rows.order_by(order), by) for order in (by, f"-{by}"))
    if first is None or last is None:
        return None
    match chosen or _common(first, last):
        case [year, month, day]:
            date = datetime.date(year, month, day)
            back = Choice(_title(date, "YEAR_MONTH_FORMAT"), link(year, month))
            return Periods([Choice(_title(date, "MONTH_DAY_FORMAT"))], back)
        case [year, month]:
            days = _days(year, month, first, last)
            choices = [
                Choice(_title(d, "MONTH_DAY_FORMAT"), link(year, month, d.day)) for d in days
            ]
            return Periods(choices, Choice(str(year), link(year)))
        case [year]:
            months = _months(year, first, last)
            choices = [Choice(_title(m, "YEAR_MONTH_FORMAT"), link(year, m.month)) for m in months]
            return Periods(choices, Choice(_("All dates"), link()))
    return Periods([Choice(str(y), link(y)) for y in range(first.year, last.year + 1)])


def _day(rows: QuerySet[Any], by: str) -> datetime.date | None:
    """The day of the first row: the index of the moments begins with it."""
    moment = rows.values_list(by, flat=True).first()
    return timezone.localdate(moment) if moment else None


def _common(first: datetime.date, last: datetime.date) -> list[int]:
    """The year and the month of all rows, as far as they have the same."""
    if first.year != last.year:
        return []
    return [first.year] if first.month != last.month else [first.year, first.month]


def _months(year: int, first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    for month in range(1, 13):
        if (first.year, first.month) <= (year, month) <= (last.year, last.month):
            yield datetime.date(year, month, 1)


def _days(
    year: int, month: int, first: datetime.date, last: datetime.date
) -> Iterator[datetime.date]:
    _weekday, length = calendar.monthrange(year, month)
    for day in range(1, length + 1):
        if first <= datetime.date(year, month, day) <= last:
            yield datetime.date(year, month, day)


def _title(date: datetime.date, name: str) -> str:
    return capfirst(date_format(date, name))
