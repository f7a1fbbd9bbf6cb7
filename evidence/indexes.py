"""Migration operations for indexes of tables that may be large: nobody who writes waits for them.

PostgreSQL makes such an index beside the writers (CONCURRENTLY). That takes longer than a statement
of the site may take, and leaves an invalid index behind where it is interrupted. SQLite has one
writer at a time anyway. A migration with these operations has `atomic = False`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations.operations import AddConstraint, AddIndex, RunPython


class AddIndexBesideWriters(AddIndexConcurrently):
    """Adds an index. What an interrupted attempt left behind is replaced."""

    def database_forwards(
        self, app_label: str, editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if editor.connection.vendor != "postgresql":
            AddIndex.database_forwards(self, app_label, editor, from_state, to_state)
            return
        with without_limit(editor):
            editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.index.name}", params=None)
            super().database_forwards(app_label, editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if editor.connection.vendor != "postgresql":
            AddIndex.database_backwards(self, app_label, editor, from_state, to_state)
            return
        with without_limit(editor):
            super().database_backwards(app_label, editor, from_state, to_state)


class AddBrinIndexBesideWriters(AddIndexBesideWriters):
    """Adds a BRIN index, on PostgreSQL alone. SQLite would make a plain one, which costs more."""

    def database_forwards(
        self, app_label: str, editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, editor, from_state, to_state)


class AddUniqueConstraintBesideWriters(AddConstraint):
    """Adds a unique constraint with a condition, which is a unique index in both databases."""

    def database_forwards(
        self, app_label: str, editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        statement = str(self.constraint.create_sql(model, editor))
        place = statement.replace("CREATE UNIQUE INDEX", "", 1)
        with without_limit(editor):
            name = editor.quote_name(self.constraint.name)
            editor.execute(f"DROP INDEX {_beside_writers(editor)} IF EXISTS {name}", params=None)
            editor.execute(f"CREATE UNIQUE INDEX {_beside_writers(editor)} {place}", params=None)


def drop_index_of_key(app_label: str, model_name: str, field_name: str) -> RunPython:
    """Drop the index that Django makes for a foreign key.

    `AlterField` would check the key of every row again under a lock, and on SQLite make the table
    anew without its triggers. It belongs into the state alone.
    """

    def forward(apps: Any, editor: Any) -> None:
        model = apps.get_model(app_label, model_name)
        with without_limit(editor):
            for name in _indexes_of(editor, model, field_name):
                editor.execute(f"DROP INDEX {_beside_writers(editor)} {name}", params=None)

    def backward(apps: Any, editor: Any) -> None:
        model = apps.get_model(app_label, model_name)
        column = model._meta.get_field(field_name).column
        name = editor._create_index_name(model._meta.db_table, [column])
        place = f"{name} ON {model._meta.db_table} ({column})"
        with without_limit(editor):
            editor.execute(f"DROP INDEX {_beside_writers(editor)} IF EXISTS {name}", params=None)
            editor.execute(f"CREATE INDEX {_beside_writers(editor)} {place}", params=None)

    return RunPython(forward, backward)


def _indexes_of(editor: Any, model: Any, field_name: str) -> list[str]:
    """The names of the plain indexes of one column."""
    column = model._meta.get_field(field_name).column
    with editor.connection.cursor() as cursor:
        constraints = editor.connection.introspection.get_constraints(cursor, model._meta.db_table)
    names = {index.name for index in model._meta.indexes}
    return [
        name
        for name, constraint in constraints.items()
        if constraint["index"] and constraint["columns"] == [column] and name not in names
    ]


def _beside_writers(editor: Any) -> str:
    return "CONCURRENTLY" if editor.connection.vendor == "postgresql" else ""


@contextmanager
def without_limit(editor: Any) -> Iterator[None]:
    """Without the time limit of a statement, on PostgreSQL."""
    if editor.connection.vendor != "postgresql":
        yield
        return
    editor.execute("SET statement_timeout = 0", params=None)
    try:
        yield
    finally:
        editor.execute("RESET statement_timeout", params=None)
