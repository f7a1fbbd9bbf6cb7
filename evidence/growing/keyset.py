"""Pages of a long list, newest first, each found by the place where the last page ended.

By the number of a page the database would find it by reading every row before it. A place is a
moment and the key of a row: so rows of one moment have an order, and the row itself may be gone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db.models import Field, Q, QuerySet

_SEPARATOR = "~"
_OLDER, _NEWER, _OLDEST = "older", "newer", "oldest"


@dataclass(frozen=True)
class Place:
    """A place between two rows. Without a key it is the place before all rows of the moment."""

    moment: datetime
    key: Any = None

    def __str__(self) -> str:
        return f"{self.moment.astimezone(UTC).isoformat()}{_SEPARATOR}{self.key or ''}"

    @classmethod
    def read(cls, text: str, key: "Field[Any, Any]") -> Self:
        """The place that an address names. Raises ValueError for a text that names no place."""
        moment_text, _separator, key_text = text.partition(_SEPARATOR)
        moment = datetime.fromisoformat(moment_text)
        if moment.tzinfo is None:
            raise ValueError
        try:
            return cls(moment.astimezone(UTC), key.to_python(key_text) if key_text else None)
        except (ValidationError, OverflowError):
            raise ValueError from None

    def beyond(self, by: str, *, is_older: bool) -> Q:
        """Matches the rows on one side of the place."""
        sign = "lt" if is_older else "gt"
        if self.key is None:
            return Q(**{f"{by}__{sign}": self.moment})
        tie = Q(**{f"{by}__{sign}": self.moment}) | Q(**{f"pk__{sign}": self.key})
        # The first condition alone leads the database to the place in the index of the moments.
        return Q(**{f"{by}__{sign}e": self.moment}) & tie


@dataclass(frozen=True)
class Start:
    """Which page is asked for: the rows beyond a place, or without one those at an end."""

    is_older: bool = True
    place: Place | None = None

    def __str__(self) -> str:
        if self.place is None:
            return "" if self.is_older else _OLDEST
        return f"{_OLDER if self.is_older else _NEWER}{_SEPARATOR}{self.place}"

    @classmethod
    def read(cls, text: str, key: "Field[Any, Any]") -> Self:
        """The start that an address names; the newest page where it names none."""
        direction, _separator, rest = text.partition(_SEPARATOR)
        if text == _OLDEST:
            return cls(is_older=False)
        try:
            return cls(direction == _OLDER, Place.read(rest, key)) if rest else cls()
        except ValueError:
            return cls()


NEWEST = Start()
OLDEST = Start(is_older=False)


@dataclass(frozen=True)
class Page:
    """Some rows, newest first, and where the pages beside them start: None at an end."""

    start: Start
    rows: list[Any]
    newer: Start | None
    older: Start | None
    # Where reading stopped before the page was full; None where it did not stop.
    read_until: datetime | None


@dataclass(frozen=True)
class Pages:
    """A list in pages, ordered by the moments in the field `by` of its rows."""

    rows: QuerySet[Any]
    by: str
    size: int
    # For rows that no index finds: the rows among which they are, and how many of those the
    # database may read for one page. Otherwise it reads all of them to find a few.
    among: QuerySet[Any] | None = None
    most_read: int = 0

    def page(self, start: Start) -> Page:
        stop = self._stop(start)
        found = [*self._read(start, stop)[: self.size + 1]]
        shown, has_more = found[: self.size], len(found) > self.size
        if not (has_more or stop or start.is_older) and start.place:
            return self.page(NEWEST)  # it is full, and the rows up to its end may be few
        back = onward = None
        if start.place and shown:
            back = Start(not start.is_older, self._place(shown[0]))
        if has_more:
            onward = Start(start.is_older, self._place(shown[-1]))
        elif stop:
            onward = Start(start.is_older, Place(stop))
        read_until = None if has_more else stop
        if start.is_older:
            return Page(start, shown, newer=back, older=onward, read_until=read_until)
        return Page(start, shown[::-1], newer=onward, older=back, read_until=read_until)

    def read_at_most(self) -> tuple[QuerySet[Any], bool]:
        """The rows that the newest page may read, in no order, and whether these are all rows."""
        stop = self._stop(NEWEST)
        return self._read(NEWEST, stop).order_by(), stop is None

    def _stop(self, start: Start) -> datetime | None:
        """The moment of the last row that may be read; None where that is the end of the list."""
        if self.among is None:
            return None
        if start.place:
            # By moments alone: their index has all that is asked, so that no row is read.
            start = Start(start.is_older, Place(start.place.moment))
        sign = "-" if start.is_older else ""
        moments = self._beyond(self.among, start).order_by(f"{sign}{self.by}")
        last = slice(self.most_read - 1, self.most_read)
        return next(iter(moments.values_list(self.by, flat=True)[last]), None)

    def _read(self, start: Start, stop: datetime | None) -> QuerySet[Any]:
        sign = "-" if start.is_older else ""
        rows = self._beyond(self.rows, start).order_by(f"{sign}{self.by}", f"{sign}pk")
        if stop is None:
            return rows
        return rows.filter(**{f"{self.by}__{'gte' if start.is_older else 'lte'}": stop})

    def _beyond(self, rows: QuerySet[Any], start: Start) -> QuerySet[Any]:
        if start.place is None:
            return rows
        return rows.filter(start.place.beyond(self.by, is_older=start.is_older))

    def _place(self, row: Any) -> Place:
        return Place(getattr(row, self.by), row.pk)
