"""How many rows there are, without reading all of them where they are many."""

import enum
import json
from dataclasses import dataclass
from typing import Any, Self

from django.db import connections
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

# A database counts so many rows in some hundredths of a second.
MOST_COUNTED = 10_000
_DIGITS = 2
# Of about so many rows one is no part worth a sentence.
_LEAST_PART = 1000


class Kind(enum.Enum):
    EXACT = enum.auto()
    ABOUT = enum.auto()
    AT_LEAST = enum.auto()


@dataclass(frozen=True)
class Count:
    """A number of rows, as people read it: `12`, `about 9,800,000` or `at least 10,000`."""

    number: int
    kind: Kind = Kind.EXACT

    @classmethod
    def about(cls, number: int) -> Self:
        """An estimate, of which only the first digits count."""
        return cls(round(number, min(_DIGITS - len(str(number)), 0)), Kind.ABOUT)

    @classmethod
    def at_least(cls, some: "Count") -> Self:
        """The number of all rows, of which only some were counted."""
        return cls(some.number, Kind.AT_LEAST)

    def __bool__(self) -> bool:
        return self.number > 0

    def __str__(self) -> str:
        number = number_format(self.number, force_grouping=True)
        match self.kind:
            case Kind.EXACT:
                return number
            case Kind.ABOUT:
                return _("about %(number)s") % {"number": number}
            case Kind.AT_LEAST:
                return _("at least %(number)s") % {"number": number}


def count(rows: QuerySet[Any]) -> Count:
    """Count the rows, up to MOST_COUNTED; of more say about how many PostgreSQL expects."""
    counted = rows.order_by()[: MOST_COUNTED + 1].count()
    if counted <= MOST_COUNTED:
        return Count(counted)
    number = expected(rows)
    if number is None:
        return Count(MOST_COUNTED, Kind.AT_LEAST)
    return Count.about(max(number, MOST_COUNTED))


def count_part(rows: QuerySet[Any], *, of: Count) -> Count:
    """Count some of the rows that `of` is the number of, as exactly as those."""
    number = None if of.kind is Kind.EXACT else expected(rows)
    if number is None:
        return count(rows)
    # The planner expects one row at least, where there may be none.
    return Count.about(number) if number * _LEAST_PART > of.number else Count(0)


def expected(rows: QuerySet[Any]) -> int | None:
    """How many rows the planner of PostgreSQL expects, by its statistics; None on SQLite."""
    if connections[rows.db].vendor != "postgresql":
        return None
    explained = rows.order_by().explain(format="json")
    # Django asks nothing where no row can match.
    return int(json.loads(explained)[0]["Plan"]["Plan Rows"]) if explained else 0
