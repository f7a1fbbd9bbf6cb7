"""The table that a policy prints for `{{ retention }}`: what is kept, why, and until when.

It is made of the declarations. What it said is kept as rows, so that a policy of a past day prints
the table of that day (I14: a superseded version prints the tables of its last day).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.migrations import Migration
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from content import store
from content.both_languages import LANGUAGES
from content.models import ContentRevision
from privacy.rights.activities import activities
from privacy.rights.register import People

# By language, the activities with purpose, basis, and name and periods of each kind of data.
Content = dict[str, list[dict[str, Any]]]


class RetentionSnapshot(models.Model):
    """The rows of the table in each language, from a moment on. Append-only."""

    content = models.JSONField(_("contents"))
    hash = models.CharField(_("SHA-256 hash"), max_length=64)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("table of retention periods")
        verbose_name_plural = _("tables of retention periods")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.hash[:12]}"


def retention_table(at: datetime | None) -> SafeString:
    """The table of today, or as it was just before the moment when a version was superseded."""
    rows = _rows() if at is None else _rows_before(at)
    return render_to_string("privacy/_retention.html", {"activities": rows})


def digest(content: Content) -> str:
    """SHA-256 over canonical JSON, in hexadecimal."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def store_snapshot(*, at: datetime) -> None:
    """Store what the table says, where it differs from the latest row."""
    content: Content = {}
    for language in LANGUAGES:
        with override(language):
            content[language] = _rows()
    latest = RetentionSnapshot.objects.values_list("hash", flat=True).first()
    if latest != digest(content):
        with transaction.atomic():
            ContentRevision.objects.bump()
            RetentionSnapshot.objects.create(content=content, hash=digest(content), created_at=at)


def store_after_migrate(plan: Sequence[tuple[Migration, bool]] = (), **kwargs: Any) -> None:
    """Store a table that a release or a new setting changed: every release runs `migrate`."""
    # On the way back the tables lack what the models of today read.
    if any(is_backwards for _migration, is_backwards in plan):
        return
    tables = {RetentionSnapshot._meta.db_table, ContentRevision._meta.db_table}
    if tables <= {*connection.introspection.table_names()}:
        store_snapshot(at=timezone.now())


def _rows() -> list[dict[str, Any]]:
    """The rows in the active language, without what concerns staff alone: visitors read it."""
    return [
        {
            "purpose": activity.purpose,
            "basis": f"{activity.basis.label} ({activity.basis.article})",
            "items": [{"name": item.name, "kept": [*item.kept]} for item in activity.items],
        }
        for activity in activities(lambda people: people != (People.STAFF,))
    ]


def _rows_before(moment: datetime) -> list[dict[str, Any]]:
    snapshots: list[tuple[datetime, Content]] = store.current()["retention"]
    for created_at, content in snapshots:
        if created_at < moment:
            return content.get(get_language() or "", [])
    return []


def _read() -> list[dict[str, Any]]:
    return [
        {"created_at": row.created_at.isoformat(), "content": row.content}
        for row in RetentionSnapshot.objects.order_by("-pk")
    ]


def _build(rows: list[Mapping[str, Any]], at: datetime) -> list[tuple[datetime, Content]]:
    return [(datetime.fromisoformat(row["created_at"]), row["content"]) for row in rows]


SOURCE = store.Source("retention", _read, _build)
