"""Erasure of one person over the map of personal data (GDPR Art. 17): what goes, what stays, why.

`preview` says it beforehand, and `erase` does it. The day on which an erasure can be undone is in
erasure_cases.py, and the journal by which a restored backup is erased again in erasure_journal.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from evidence.deletion_window import Reason, deletion_window
from privacy.rights.cases.turn import turn
from privacy.rights.map.declarations import Fate, KeptElsewhere, Person, PersonalData, Text
from privacy.rights.map.register import all_elsewhere, all_erasure_effects, as_declared

# A statement of SQLite takes some ten thousand values at most.
ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Line:
    """What becomes of some rows of a person. `until` is empty for rows that are deleted."""

    name: Text
    rows: int
    fate: Fate
    reason: Text
    until: Sequence[Text] = ()


@dataclass(frozen=True)
class Preview:
    """What an erasure would do at this moment."""

    lines: Sequence[Line]
    effects: Sequence[Text]
    # What staff have to do by hand.
    tasks: Sequence[Text]
    elsewhere: Sequence[KeptElsewhere]

    @property
    def going(self) -> Sequence[Line]:
        return [line for line in self.lines if line.fate is Fate.DELETED]

    @property
    def staying(self) -> Sequence[Line]:
        """What is kept, as it is or without the person."""
        return [line for line in self.lines if line.fate is not Fate.DELETED]

    @property
    def is_empty(self) -> bool:
        return not self.lines


def preview(person: Person, *, at: datetime) -> Preview:
    """Say what `erase` would do, and change nothing."""
    effects = [text for each in all_erasure_effects() for text in each.texts(person, at)]
    tasks = [text for each in all_erasure_effects() for text in each.tasks(person, at)]
    lines = [line for data in as_declared() for line in _lines(data, person)]
    return Preview(lines, effects, tasks, all_elsewhere())


def erase(person: Person, *, at: datetime) -> dict[str, int]:
    """Delete and strip the rows of a person. Returns the number of rows by table.

    All in one transaction. A second call finds nothing.
    """
    with turn(person):
        for effect in all_erasure_effects():
            effect.act(person, at)
        rows = _rows_to_end(person)
        with deletion_window(Reason.ERASURE):
            return _delete_and_strip(rows)


def _lines(data: PersonalData, person: Person) -> Iterator[Line]:
    affected, number = _affected(data, person).count(), data.rows_of(person).count()
    fate = data.on_erasure.fate
    until = [period.text for period in data.retention]
    if affected:
        kept_until = () if fate is Fate.DELETED else until
        yield Line(data.name, affected, fate, data.on_erasure.reason, kept_until)
    if number > affected:
        yield Line(data.name, number - affected, Fate.KEPT, data.on_erasure.reason, until)


def _affected(data: PersonalData, person: Person) -> QuerySet[Any]:
    """The rows whose fate the declaration says; where it is to be kept, all of them."""
    return (data.on_erasure.rows or data.rows_of)(person)


def _rows_to_end(person: Person) -> list[tuple[PersonalData, list[Any]]]:
    """The ids of the rows to strip and of those to delete, in the order in which they end.

    All are found before one is gone: most are found by the sign-up of their person. What an app
    declares first is what its other rows belong to, so it goes last.
    """
    found = [
        (data, [*_affected(data, person).values_list("pk", flat=True)])
        for data in reversed(as_declared())
        if data.on_erasure.fate is not Fate.KEPT
    ]
    return sorted(found, key=lambda each: each[0].on_erasure.fate is Fate.DELETED)


def _delete_and_strip(found: Sequence[tuple[PersonalData, list[Any]]]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for data, ids in found:
        for start in range(0, len(ids), ROWS_AT_ONCE):
            number = _end(data, ids[start : start + ROWS_AT_ONCE])
            numbers[data.table] = numbers.get(data.table, 0) + number
    return numbers


def _end(data: PersonalData, ids: Sequence[Any]) -> int:
    rows = data.model._default_manager.filter(pk__in=ids)
    if data.on_erasure.fate is Fate.STRIPPED:
        return rows.update(**data.on_erasure.strip)
    _total, deleted = rows.delete()
    return deleted.get(data.model._meta.label, 0)
