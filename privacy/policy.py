"""Policies as readers see them: immutable values, built from the published versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from privacy import content, policy_tables, policy_text
from privacy.models import PolicyVersion


@dataclass(frozen=True)
class Version:
    """One published version of one policy."""

    id: int
    policy: str
    number: int
    titles: Mapping[str, str]
    texts: Mapping[str, policy_text.PolicyText]
    effective_at: datetime
    superseded_at: datetime | None
    is_in_force: bool

    def html(self, language: str) -> SafeString:
        """The whole text, with live tables; in a superseded version with those of its last day."""
        pieces = [
            policy_tables.render(piece, at=self.superseded_at) if place % 2 else piece
            for place, piece in enumerate(self.texts[language].pieces)
        ]
        return mark_safe("".join(pieces))  # noqa: S308 - sanitized in policy_text, escaped in tables


@dataclass(frozen=True)
class Policies:
    """Every published version of every policy that has taken effect, newest first."""

    versions: tuple[Version, ...]

    def of(self, policy: str) -> list[Version]:
        return [version for version in self.versions if version.policy == policy]

    def in_force(self, policy: str) -> Version | None:
        return next((version for version in self.of(policy) if version.is_in_force), None)


def current() -> Policies:
    """The policies in force now. Raises content.ContentUnavailable."""
    policies: Policies = content.current()["policies"]
    return policies


def _read() -> list[dict[str, Any]]:
    languages = [code for code, _name in settings.LANGUAGES]
    return [
        {
            "id": row.pk,
            "policy": row.policy,
            "number": row.number,
            "titles": {code: getattr(row, f"title_{code}") for code in languages},
            "texts": {code: getattr(row, f"text_{code}") for code in languages},
            "effective_at": row.effective_at.isoformat() if row.effective_at else "",
        }
        for row in PolicyVersion.objects.published().order_by("policy", "-effective_at", "-number")
    ]


def _build(rows: list[dict[str, Any]], at: datetime) -> Policies:
    versions: list[Version] = []
    for row in rows:
        effective_at = datetime.fromisoformat(row["effective_at"])
        if effective_at > at:
            continue
        newer = versions[-1] if versions and versions[-1].policy == row["policy"] else None
        versions.append(
            Version(
                id=row["id"],
                policy=row["policy"],
                number=row["number"],
                titles=row["titles"],
                texts={code: policy_text.render(text) for code, text in row["texts"].items()},
                effective_at=effective_at,
                superseded_at=newer.effective_at if newer else None,
                is_in_force=newer is None,
            )
        )
    return Policies(tuple(versions))


def _changes_at(rows: list[dict[str, Any]], at: datetime) -> datetime | None:
    coming = (datetime.fromisoformat(row["effective_at"]) for row in rows)
    return min((moment for moment in coming if moment > at), default=None)


SOURCE = content.Source("policies", _read, _build, _changes_at)
