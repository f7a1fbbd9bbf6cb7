"""Seals the evidence of each day: a leaf for every row that has none, then a checkpoint.

An app declares in its `evidence.py`, by `register`, which rows are sealed. A row that waited on
disk belongs to the day on which it was stored.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, UUIDField
from django.utils import timezone

from evidence.batches import batches
from evidence.seal import checkpoint, tree
from evidence.seal.checkpoint import Checkpoint
from evidence.seal.tree import RowId, SealedRow, row_id

# No transaction that stores evidence takes longer: after it, the rows of a day are all there.
LAG = timedelta(minutes=10)
# Few enough that nobody waits long for SQLite's only lock.
LEAVES_AT_ONCE = 1000
# More rows of a series than a day brings. Of a site that is sealed for the first time, the rest
# follows at once, under a checkpoint of its own.
MOST_LEAVES_OF_A_SERIES = 120_000

StoredRow = tuple[RowId, str, datetime]


@dataclass(frozen=True)
class SealedSeries:
    """One kind of evidence that is sealed.

    `stored` reads id, hash over the content, and moment of storing of the rows that were stored
    between two moments, in the order of storing; from the beginning, where the first is None.
    `rows` finds the rows with these ids that are there, and `hash_of` gives id and hash of one.
    `is_ready` says whether all rows stored until a moment can be sealed.
    """

    code: str
    stored: Callable[[datetime | None, datetime], Iterable[StoredRow]]
    rows: Callable[[Collection[uuid.UUID]], QuerySet[Any]]
    hash_of: Callable[[Any], tuple[RowId, str]]
    is_ready: Callable[[datetime], bool] = lambda until: True


_series: dict[str, SealedSeries] = {}


def register(series: SealedSeries) -> None:
    """Declare a series. Its code is in every leaf, and never changes."""
    _series[series.code] = series


def all_series() -> list[SealedSeries]:
    return [*_series.values()]


def series_of_table(
    code: str, rows: Callable[[], QuerySet[Any]], *, stored_at: str, **options: Any
) -> SealedSeries:
    """The series of a table whose rows have a hash; `stored_at` names the field of their moment."""

    def stored(since: datetime | None, until: datetime) -> Iterator[StoredRow]:
        found = rows().filter(**{f"{stored_at}__lt": until})
        if since is not None:
            found = found.filter(**{f"{stored_at}__gte": since})
        return found.order_by(stored_at, "pk").values_list("pk", "hash", stored_at).iterator()

    def with_ids(ids: Collection[uuid.UUID]) -> QuerySet[Any]:
        has_random_ids = isinstance(rows().model._meta.pk, UUIDField)
        pks = ids if has_random_ids else [each.int for each in ids]
        return rows().filter(pk__in=pks).order_by().only("hash")

    return SealedSeries(code, stored, with_ids, lambda row: (row.pk, row.hash), **options)


def due_until(at: datetime) -> datetime:
    """The end of the last day that can be sealed at a moment: midnight in Poland."""
    day = timezone.localtime(at - LAG)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def seal_due(at: datetime, *, then: Callable[[Checkpoint], None] = lambda made: None) -> bool:
    """Seal the rows until the last midnight. Returns whether they were not sealed before.

    `then` is called with the checkpoint, in its transaction. Of two workers that seal at the same
    time, the database lets only one add each leaf and each checkpoint: the other one gets an
    IntegrityError, and nothing is sealed twice.
    """
    until, before = due_until(at), checkpoint.last()
    if before and before.covers_until >= until:
        return False
    if not all(series.is_ready(until) for series in _series.values()):
        return False
    since = before.covers_until - LAG if before else None
    ends = [_append(series, since, until) for series in _series.values()]
    with transaction.atomic():
        then(checkpoint.make(covers_until=min(ends), at=at))
    return True


def _append(series: SealedSeries, since: datetime | None, until: datetime) -> datetime:
    """Add the leaves of a series. Returns until when it is sealed."""
    # All rows first: on SQLite nothing may be read while the leaves are written.
    rows = [*islice(without_leaf(series, since, until), MOST_LEAVES_OF_A_SERIES)]
    end = until if len(rows) < MOST_LEAVES_OF_A_SERIES else rows[-1][1]
    for batch in batches(rows, LEAVES_AT_ONCE):
        with transaction.atomic():
            there = _held(series, [row.row for row, _stored_at in batch])
            tree.append([row for row, _stored_at in batch if row.row in there])
        # A row that somebody is about to delete: if it stays all the same, it is sealed next.
        end = min([end, *(stored_at for row, stored_at in batch if row.row not in there)])
    return end


def _held(series: SealedSeries, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the rows that are there, and stay until the transaction ends.

    A row that ended meanwhile would leave its number in its leaf (I20). One that is being deleted
    is not waited for: who deletes it may wait for another row of this batch.
    """
    rows = series.rows(ids).select_for_update(skip_locked=True, no_key=True, of=("self",))
    return {row_id(series.hash_of(row)[0]) for row in rows}


def without_leaf(
    series: SealedSeries, since: datetime | None, until: datetime
) -> Iterator[tuple[SealedRow, datetime]]:
    """The rows of a period that are not sealed yet, each with the moment of storing."""
    for batch in batches(series.stored(since, until), LEAVES_AT_ONCE):
        ids = [row_id(pk) for pk, _hash, _stored_at in batch]
        sealed = tree.sealed(series.code, ids)
        for row, (_pk, content_hash, stored_at) in zip(ids, batch, strict=True):
            if row not in sealed:
                yield SealedRow(series.code, row, content_hash), stored_at
