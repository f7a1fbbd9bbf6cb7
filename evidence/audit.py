"""The audit of stored evidence: the hash of each row is computed again and compared.

An app declares its series of evidence in its `evidence.py`, by `register`. The database refuses to
change such rows; the audit finds changes that bypassed the database, by the owner of the machine or
by a restored backup.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# Few rows in memory at a time: one policy version can have a hundred pages in two languages.
ROWS_AT_ONCE = 5
# Rows of a few hundred bytes, of which there may be millions.
SMALL_ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class CheckedRow:
    """One row of a series. `mismatch` says what is wrong with it, and is empty for a sound row."""

    table: str
    id: Any
    name: str
    mismatch: str

    def __str__(self) -> str:
        return f"{self.table}, id {self.id} ({self.name}): {self.mismatch}"


@dataclass(frozen=True)
class EvidenceSeries:
    """One kind of evidence. `check` reads and checks its rows in order."""

    name: str
    check: Callable[[], Iterator[CheckedRow]]


_series: list[EvidenceSeries] = []


def register(series: EvidenceSeries) -> None:
    """Declare a series of evidence."""
    _series.append(series)


def all_series() -> list[EvidenceSeries]:
    return list(_series)


def hash_mismatch(stored: str, compute: Callable[..., str], *parts: Any) -> str:
    """The mismatch of a row that stores a hash; empty if `compute` gives the same hash."""
    try:
        computed = compute(*parts)
    except Exception as error:  # a row that was tampered with may hold any value
        problem = f"cannot be computed again ({type(error).__name__})"
        return f"the stored hash is {stored or 'empty'}, and it {problem}"
    if computed == stored:
        return ""
    return f"the stored hash is {stored or 'empty'}, the computed hash is {computed}"


def utc_text(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "at an unknown time"
