"""Policies as readers see them: immutable values, built from the published versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString

from content import store
from content.both_languages import by_language
from privacy.models import PolicyVersion, State
from privacy.policies.text import rendering, tables
from privacy.policies.version_file import VersionContent


@dataclass(frozen=True)
class Version(VersionContent):
    """One published version of one policy, with its state when the content was built."""

    id: int
    hash: str
    state: State
    # When a later version took force; None before that.
    superseded_at: datetime | None
    # A later version takes force on the same day or before: this one never does.
    is_replaced: bool
    # The number of the version that applies until this one takes force.
    previous_number: int | None

    @property
    def is_in_force(self) -> bool:
        return self.state == State.IN_FORCE

    @property
    def is_coming(self) -> bool:
        return self.state == State.SCHEDULED

    def text(self, language: str) -> rendering.PolicyText:
        """The text, rendered at its first view: a process starts as fast with twenty versions."""
        return rendering.render(self.sources[language], language)

    def html(self, language: str) -> SafeString:
        """The whole text, with live tables; in a superseded version with those of its last day."""
        return tables.filled(self.text(language).pieces, at=self.superseded_at)


@dataclass(frozen=True)
class Policies:
    """Every published version of every policy, newest first."""

    versions: tuple[Version, ...]

    def of(self, policy: str) -> list[Version]:
        return [version for version in self.versions if version.policy == policy]

    def get(self, policy: str, number: int) -> Version | None:
        return next((version for version in self.of(policy) if version.number == number), None)

    def in_force(self, policy: str) -> Version | None:
        return next((version for version in self.of(policy) if version.is_in_force), None)

    def coming(self, policy: str) -> list[Version]:
        """The versions that are announced, the next one first."""
        return [version for version in reversed(self.of(policy)) if version.is_coming]


def current() -> Policies:
    """The policies in memory. Raises ContentUnavailable."""
    policies: Policies = store.current()["policies"]
    return policies


def _read() -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "policy": row.policy,
            "number": row.number,
            "titles": by_language(row, "title"),
            "sources": by_language(row, "text"),
            "change_summaries": by_language(row, "change_summary"),
            "article_13": row.article_13,
            "is_material": row.is_material,
            "asks_again": row.asks_again,
            "published_at": row.published_at.isoformat() if row.published_at else "",
            "effective_at": row.effective_at.isoformat() if row.effective_at else "",
            "hash": row.hash,
        }
        for row in PolicyVersion.objects.published().order_by("policy", "number")
    ]


def _build(rows: list[dict[str, Any]], at: datetime) -> Policies:
    versions: list[Version] = []
    for _policy, group in groupby(rows, key=lambda row: row["policy"]):
        versions += reversed([*_build_one(list(group), at)])
    return Policies(tuple(versions))


def _build_one(rows: list[dict[str, Any]], at: datetime) -> Iterator[Version]:
    """The versions of one policy by number: each replaces all before it from its own date on."""
    moments = [datetime.fromisoformat(row["effective_at"]) for row in rows]
    previous_number = None
    for place, (row, moment) in enumerate(zip(rows, moments, strict=True)):
        end = min(moments[place + 1 :], default=None)
        is_replaced = end is not None and end <= moment
        is_over = end is not None and end <= at
        state = State.SCHEDULED if moment > at else State.IN_FORCE
        yield Version(
            **row
            | {
                "published_at": datetime.fromisoformat(row["published_at"]),
                "effective_at": moment,
                "state": State.SUPERSEDED if is_over or is_replaced else state,
                "superseded_at": end if is_over else None,
                "is_replaced": is_replaced,
                "previous_number": previous_number,
            }
        )
        if not is_replaced:
            previous_number = row["number"]


def _changes_at(rows: list[dict[str, Any]], at: datetime) -> datetime | None:
    """The next moment at which a version takes force: the content is built anew then."""
    coming = (datetime.fromisoformat(row["effective_at"]) for row in rows)
    return min((moment for moment in coming if moment > at), default=None)


SOURCE = store.Source("policies", _read, _build, _changes_at)
