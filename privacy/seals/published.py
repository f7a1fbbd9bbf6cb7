"""The last checkpoints, as content in the memory of each process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from content import store
from evidence.seal.checkpoint import Checkpoint

# The page lists a month. Every checkpoint has its file.
MOST_LISTED = 31


@dataclass(frozen=True)
class PublishedCheckpoint:
    """One checkpoint, as the page and the feed show it."""

    number: int
    size: int
    root: str
    note: str
    made_at: datetime
    covers_until: datetime

    @property
    def last_day(self) -> date:
        """The last day that the checkpoint covers, in Poland."""
        return timezone.localdate(self.covers_until - timedelta(microseconds=1))


def current() -> tuple[PublishedCheckpoint, ...]:
    """The last checkpoints, the newest first. Raises content.ContentUnavailable."""
    checkpoints: tuple[PublishedCheckpoint, ...] = store.current()["checkpoints"]
    return checkpoints


def _read() -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "size": row.size,
            "root": row.root_text,
            "note": row.note,
            "made_at": row.made_at.isoformat(),
            "covers_until": row.covers_until.isoformat(),
        }
        for row in Checkpoint.objects.all()[:MOST_LISTED]
    ]


def _build(rows: Sequence[dict[str, Any]], at: datetime) -> tuple[PublishedCheckpoint, ...]:
    return tuple(
        PublishedCheckpoint(
            **row
            | {name: datetime.fromisoformat(row[name]) for name in ("made_at", "covers_until")}
        )
        for row in rows
    )


SOURCE = store.Source("checkpoints", _read, _build)
