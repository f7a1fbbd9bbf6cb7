"""A choice that was made, on its way to its record, which may lead over a file on disk."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from content.store import ContentUnavailable
from privacy.models import PolicyCode
from privacy.policies.reading import published


@dataclass(frozen=True)
class MadeChoice:
    """One choice, as its record will say. The caller sets the id of the record and the moment."""

    record_id: uuid.UUID
    made_at: datetime
    notice_id: int | None
    language: str
    offered: tuple[str, ...]
    granted: tuple[str, ...]
    method: str
    has_javascript: bool
    has_gpc_signal: bool
    policy_version_id: int | None
    supersedes_id: uuid.UUID | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "record_id": str(self.record_id),
            "made_at": self.made_at.isoformat(),
            "supersedes_id": str(self.supersedes_id) if self.supersedes_id else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "MadeChoice":
        supersedes_id = data["supersedes_id"]
        return cls(
            **data
            | {
                "record_id": uuid.UUID(data["record_id"]),
                "made_at": datetime.fromisoformat(data["made_at"]),
                "offered": tuple(data["offered"]),
                "granted": tuple(data["granted"]),
                "supersedes_id": uuid.UUID(supersedes_id) if supersedes_id else None,
            }
        )


def policy_in_force() -> int | None:
    """The id of the privacy policy that applies now; None where no content is there to tell."""
    try:
        version = published.current().in_force(PolicyCode.PRIVACY)
    except ContentUnavailable:
        return None  # only a refusal comes this far without content (I18)
    return version.id if version else None
