"""Verbs of consent: keep what is asked, and record what was chosen."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from consent import notice
from consent.models import CHOICE_LIFETIME, ConsentRecord, Notice, RegistrySnapshot
from content.models import ContentRevision


@dataclass(frozen=True)
class MadeChoice:
    """One choice as it is recorded. The record's id and the moment are given from outside."""

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


def record_choice(made: MadeChoice) -> None:
    """Store a choice as evidence; storing the same one again changes nothing.

    Raises DatabaseError where it cannot be stored: then nothing may be granted (I4).
    """
    ids = [record_id for record_id in (made.record_id, made.supersedes_id) if record_id]
    with transaction.atomic():
        known = ConsentRecord.objects.in_bulk(ids)
        if made.record_id in known:
            return
        ConsentRecord.objects.create(
            pk=made.record_id,
            made_at=made.made_at,
            expires_at=made.made_at + CHOICE_LIFETIME,
            notice_id=made.notice_id,
            language=made.language,
            offered=list(made.offered),
            granted=list(made.granted),
            is_refusal=not made.granted,
            method=made.method,
            has_javascript=made.has_javascript,
            has_gpc_signal=made.has_gpc_signal,
            policy_version_id=made.policy_version_id,
            supersedes=known.get(made.supersedes_id) if made.supersedes_id else None,
        )


def keep_notice(*, at: datetime) -> None:
    """Keep the registry and the notice as they are now, if either differs from the last kept.

    Call it in the transaction of every change to the registry: it makes the change seen.
    """
    with transaction.atomic():
        ContentRevision.objects.bump()
        content = notice.snapshot_of_registry()
        snapshot = RegistrySnapshot.objects.first()
        content_hash = notice.digest(content)
        if snapshot is None or snapshot.hash != content_hash:
            snapshot = RegistrySnapshot.objects.create(
                content=content, hash=content_hash, created_at=at
            )
        texts = notice.texts(content)
        notice_hash = notice.digest_of_notice(texts, content_hash)
        last = Notice.objects.first()
        if last is None or last.hash != notice_hash:
            Notice.objects.create(snapshot=snapshot, texts=texts, hash=notice_hash, created_at=at)


def notice_new_wording(**kwargs: Any) -> None:
    """After `migrate`: a release may word the notice anew. Nothing to do before the seed."""
    if Notice._meta.db_table in connection.introspection.table_names() and Notice.objects.exists():
        keep_notice(at=timezone.now())
