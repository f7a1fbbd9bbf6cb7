"""Triggers by which the database refuses to change evidence and published texts (I9: append-only).

`refuse_changes` makes a migration operation. A table that holds something about people gets
`open_for_deletion` as well, so that its rows can end (I20). SQLite drops the triggers when a later
migration rebuilds the table, so that migration must repeat the operations;
`tests/test_append_only.py` fails if a trigger is missing.
"""

from collections.abc import Callable
from typing import Any

from django.db.migrations.operations import RunPython

Code = Callable[[Any, Any], None]

_SQLITE = """
CREATE TRIGGER {table}_refuse_{name} BEFORE {event} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# INSERT OR REPLACE deletes the old row without firing its DELETE trigger: https://www.sqlite.org/lang_conflict.html
_SQLITE_REPLACE = """
CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} AS old WHERE old.id = NEW.id {and_when})
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# The error code is of the class from which Django makes an IntegrityError, as it does from SQLite's
# ABORT.
_POSTGRESQL_REFUSE = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {unless}
RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$;
"""
# TRUNCATE fires no row trigger, so it has a trigger of its own.
_POSTGRESQL_TRIGGERS = """
CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW {when} EXECUTE FUNCTION {table}_refuse();
CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse();
"""

# Whether the control row of the own transaction is there: see deletion_window.py. SQLite has no
# number of a transaction, but keeps for each connection the id of the row that it inserted last.
_SQLITE_CLOSED = """
WHEN NOT EXISTS (SELECT 1 FROM evidence_window WHERE id = last_insert_rowid())
"""
_POSTGRESQL_OPEN = """
IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM evidence_window WHERE id = txid_current()) THEN
RETURN OLD; END IF;
"""


def refuse_changes(table: str, *, when: str = "") -> RunPython:
    """Refuse UPDATE and DELETE of rows that match `when` (SQL on OLD), and every TRUNCATE."""
    return RunPython(*_refuse_and_allow(table, when))


def allow_changes(table: str, *, when: str = "") -> RunPython:
    """Drop the triggers of `refuse_changes`, for a migration that rewrites the table."""
    refuse, allow = _refuse_and_allow(table, when)
    return RunPython(allow, refuse)


def open_for_deletion(table: str) -> RunPython:
    """Let retention and erasure delete rows in a deletion window. Comes after `refuse_changes`.

    The migration depends on the first one of `evidence`, which makes the table of the control row.
    """

    def forward(apps: Any, schema_editor: Any) -> None:
        _set_window(schema_editor, table, sqlite=_SQLITE_CLOSED, postgresql=_POSTGRESQL_OPEN)

    def backward(apps: Any, schema_editor: Any) -> None:
        _set_window(schema_editor, table, sqlite="", postgresql="")

    return RunPython(forward, backward)


def _set_window(schema_editor: Any, table: str, *, sqlite: str, postgresql: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        function = _POSTGRESQL_REFUSE.format(table=table, unless=postgresql)
        schema_editor.execute(function, params=None)
        return
    schema_editor.execute(f"DROP TRIGGER {table}_refuse_delete", params=None)
    trigger = _SQLITE.format(table=table, name="delete", event="DELETE", when=sqlite)
    schema_editor.execute(trigger, params=None)


def _refuse_and_allow(table: str, when: str) -> tuple[Code, Code]:
    condition = f"WHEN ({when})" if when else ""

    def forward(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for statement in (_POSTGRESQL_REFUSE, _POSTGRESQL_TRIGGERS):
                statement = statement.format(table=table, when=condition, unless="")
                schema_editor.execute(statement, params=None)
            return
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(
                _SQLITE.format(table=table, name=event.lower(), event=event, when=condition),
                params=None,
            )
        replaced = _SQLITE_REPLACE.format(table=table, and_when=f"AND {when}" if when else "")
        schema_editor.execute(replaced, params=None)

    def backward(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {table}_refuse() CASCADE", params=None)
            return
        for name in ("update", "delete", "replace"):
            schema_editor.execute(f"DROP TRIGGER {table}_refuse_{name}", params=None)

    return forward, backward
