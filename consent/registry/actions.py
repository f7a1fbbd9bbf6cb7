"""Verbs of the registry: keep what visitors are asked, whenever it changes."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from consent.models import Notice, RegistrySnapshot
from consent.registry import notice
from content.models import ContentRevision


def keep_notice(*, at: datetime) -> None:
    """Store a snapshot of the registry and a notice over it, where they differ from the last ones.

    Call it in the transaction of every change to the registry: every process then reloads it.
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
    """After `migrate`: store the notice that a release words anew; the seed stores the first."""
    if Notice._meta.db_table in connection.introspection.table_names() and Notice.objects.exists():
        keep_notice(at=timezone.now())
