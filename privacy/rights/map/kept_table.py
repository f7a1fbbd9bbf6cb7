"""A table of a policy of which every state is kept as a row.

So a policy of a past day prints the table of that day (I14: a superseded version prints the tables
of its last day), and the audit of evidence finds a row that somebody changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language, override

from content import store
from content.both_languages import LANGUAGES
from content.models import ContentRevision
from evidence.canonical_json import digest
from evidence.snapshots import Snapshot

Rows = list[dict[str, Any]]
# The rows of the table by language.
Content = dict[str, Rows]


@dataclass(frozen=True)
class KeptTable:
    """One table: its name in the content of a process, its rows of today, and its kept states.

    `rows` makes the rows in the active language; `reads` are the models that it reads for them.
    """

    name: str
    model: type[Snapshot]
    rows: Callable[[], Rows]
    reads: tuple[type[Model], ...] = ()

    @property
    def source(self) -> store.Source:
        """The kept states as content of each process: pages read them from memory."""
        return store.Source(self.name, self._read, self._build)

    def keep(self, *, at: datetime) -> None:
        """Keep what the table says, where it differs from the latest row."""
        if self._is_kept(self._content()):
            return
        with transaction.atomic():
            # Row lock: a writer that has waited here reads what the other writer changed.
            ContentRevision.objects.bump()
            content = self._content()
            self.model._default_manager.create(content=content, hash=digest(content), created_at=at)

    def keep_after_migrate(
        self, plan: Sequence[tuple[Migration, bool]] = (), **kwargs: Any
    ) -> None:
        """Keep a table that a release or a new setting changed: every release runs `migrate`."""
        # On the way back the tables lack what the models of today read.
        if any(is_backwards for _migration, is_backwards in plan):
            return
        models: tuple[type[Model], ...] = (self.model, ContentRevision, *self.reads)
        needed = {model._meta.db_table for model in models}
        if needed <= {*connection.introspection.table_names()}:
            self.keep(at=timezone.now())

    def latest_rows(self) -> Rows:
        """The rows of the newest state, in the active language."""
        return self._in_language(lambda _created_at: True)

    def rows_before(self, moment: datetime) -> Rows:
        """The rows as they were just before a moment; none before the first state."""
        return self._in_language(lambda created_at: created_at < moment)

    def _in_language(self, is_wanted: Callable[[datetime], bool]) -> Rows:
        states: list[tuple[datetime, Content]] = store.current()[self.name]
        content = next((content for created_at, content in states if is_wanted(created_at)), {})
        return content.get(get_language() or "", [])

    def _content(self) -> Content:
        content: Content = {}
        for language in LANGUAGES:
            with override(language):
                content[language] = self.rows()
        return content

    def _is_kept(self, content: Content) -> bool:
        latest = self.model._default_manager.values_list("hash", flat=True).first()
        return latest == digest(content)

    def _read(self) -> list[dict[str, Any]]:
        return [
            {"created_at": row.created_at.isoformat(), "content": row.content}
            for row in self.model._default_manager.order_by("-pk")
        ]

    @staticmethod
    def _build(rows: list[Mapping[str, Any]], at: datetime) -> list[tuple[datetime, Content]]:
        return [(datetime.fromisoformat(row["created_at"]), row["content"]) for row in rows]
