"""The reconsent version: the latest privacy policy that asks for consent again.

Staff mark such a version. From its effective date on, grants made before it count no more.
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
    """One version of the privacy policy that staff marked to ask again."""

    number: int
    effective_at: datetime

    @property
    def url(self) -> str:
        """Its page, in the active language."""
        return address(PolicyCode.PRIVACY, "version", number=self.number)


def current() -> ReconsentVersion | None:
    """The latest marked version in force, or None. Later versions without the mark change nothing.

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


def _effective_moments(rows: Sequence[Mapping[str, Any]]) -> list[datetime]:
    return [datetime.fromisoformat(row["effective_at"]) for row in rows]


def _build(rows: Sequence[Mapping[str, Any]], at: datetime) -> ReconsentVersion | None:
    in_force = [
        ReconsentVersion(row["number"], moment)
        for row, moment in zip(rows, _effective_moments(rows), strict=True)
        if moment <= at
    ]
    return in_force[-1] if in_force else None


def _changes_at(rows: Sequence[Mapping[str, Any]], at: datetime) -> datetime | None:
    """When `_build` gives another value next: each process builds it anew then, without a save."""
    return min((moment for moment in _effective_moments(rows) if moment > at), default=None)


SOURCE = store.Source("reconsent_version", _read, _build, _changes_at)
