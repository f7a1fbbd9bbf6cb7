"""The version of the privacy policy that asked for consent again: older grants count no more.

Staff mark such a version; it asks from the moment at which it takes force. Read from memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from content import store
from privacy.models import PolicyCode, PolicyVersion
from privacy.policies.reading.addresses import address


@dataclass(frozen=True)
class ReconsentVersion:
    """One version that asked again, by its number."""

    number: int
    effective_at: datetime

    @property
    def url(self) -> str:
        """Where it is read, in the active language."""
        return address(PolicyCode.PRIVACY, "version", number=self.number)


def current() -> ReconsentVersion | None:
    """The last one that took force, also when later versions ask nothing.

    Raises content.ContentUnavailable.
    """
    version: ReconsentVersion | None = store.current()["reconsent_version"]
    return version


def _read() -> list[dict[str, Any]]:
    versions = PolicyVersion.objects.taking_force().filter(
        policy=PolicyCode.PRIVACY, asks_again=True
    )
    return [
        {"number": row.number, "effective_at": str(row.effective_at)}
        for row in versions.order_by("effective_at").only("number", "effective_at")
    ]


def _moments(rows: Sequence[Mapping[str, Any]]) -> list[datetime]:
    return [datetime.fromisoformat(row["effective_at"]) for row in rows]


def _build(rows: Sequence[Mapping[str, Any]], at: datetime) -> ReconsentVersion | None:
    past = [
        ReconsentVersion(row["number"], moment)
        for row, moment in zip(rows, _moments(rows), strict=True)
        if moment <= at
    ]
    return past[-1] if past else None


def _changes_at(rows: Sequence[Mapping[str, Any]], at: datetime) -> datetime | None:
    return min((moment for moment in _moments(rows) if moment > at), default=None)


SOURCE = store.Source("reconsent_version", _read, _build, _changes_at)
