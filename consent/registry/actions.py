"""The verbs of the registry: store the notice that visitors read, whenever it changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.migrations import Migration
from django.utils import timezone

from consent.after_migrate import has_table_of_today
from consent.models import Notice, RegistrySnapshot
from consent.registry import notice
from content.models import ContentRevision
from evidence.canonical_json import digest
from privacy.rights.recipients import recipients_table


def store_notice(*, at: datetime) -> None:
    """Store a snapshot of the registry and its notice, where they differ from the latest rows.

    Call it in the transaction of every change to the registry. It bumps the content revision, so
    that every process reloads the registry, and its row lock serializes concurrent changes. The
    registry also decides whether Google is among the recipients that a policy prints.
    """
    with transaction.atomic():
        _store_notice(at=at)
        recipients_table.TABLE.keep(at=at)


def _store_notice(*, at: datetime) -> None:
    with transaction.atomic():
        ContentRevision.objects.bump()
        content = notice.snapshot_of_registry()
        snapshot = RegistrySnapshot.objects.first()
        content_hash = digest(content)
        if snapshot is None or snapshot.hash != content_hash:
            snapshot = RegistrySnapshot.objects.create(
                content=content, hash=content_hash, created_at=at
            )
        texts = notice.texts(content)
        notice_hash = notice.digest_of_notice(texts, content_hash)
        latest = Notice.objects.first()
        if latest is None or latest.hash != notice_hash:
            Notice.objects.create(snapshot=snapshot, texts=texts, hash=notice_hash, created_at=at)


def store_notice_after_migrate(plan: Sequence[tuple[Migration, bool]] = (), **kwargs: Any) -> None:
    """Store a notice anew whose words a release changed. The first notice comes from the seed."""
    if has_table_of_today(Notice, plan) and Notice.objects.exists():
        _store_notice(at=timezone.now())
