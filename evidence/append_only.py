"""Triggers by which the database refuses to change evidence and published texts (I9: append-only).

`refuse_changes` makes a migration operation. A table that holds something about people gets
`open_for_deletion` as well, so that its rows can end (I20). SQLite drops the triggers when a later
migration rebuilds the table, so that migration must repeat the operations;
`tests/test_append_only.py` fails if a trigger is missing.
"""

from collections.abc import Callable, Iterator
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
_SQLITE_IS_OPEN = "EXISTS (SELECT 1 FROM evidence_window WHERE id = last_insert_rowid())"
_POSTGRESQL_OPEN = """
IF TG_OP IN ('DELETE', 'UPDATE') THEN
IF EXISTS (SELECT 1 FROM evidence_window WHERE id = txid_current()) THEN
{delete}
{strip}
END IF; END IF;
"""
_POSTGRESQL_DELETE = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;"
# An UPDATE that empties the column of a stripped row, and changes nothing else.
_POSTGRESQL_STRIP = """
IF TG_OP = 'UPDATE' AND NEW.{column} IS NULL
AND to_jsonb(NEW) - '{column}' = to_jsonb(OLD) - '{column}' THEN
RETURN NEW; END IF;
"""

_SQLITE_FORGET = """
CREATE TRIGGER {table}_forget AFTER DELETE ON {table}
BEGIN UPDATE evidence_leaf SET row = NULL WHERE row = OLD.{column} AND series = '{series}'; END
"""
_POSTGRESQL_FORGET = """
CREATE OR REPLACE FUNCTION {table}_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE evidence_leaf SET row = NULL WHERE row = OLD.{column} AND series = '{series}';
RETURN NULL; END $$;
"""
_POSTGRESQL_FORGET_TRIGGER = """
CREATE TRIGGER {table}_forget AFTER DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_forget();
"""


def refuse_changes(table: str, *, when: str = "") -> RunPython:
    """Refuse UPDATE and DELETE of rows that match `when` (SQL on OLD), and every TRUNCATE."""
    return RunPython(*_refuse_and_allow(table, when))


def allow_changes(table: str, *, when: str = "") -> RunPython:
    """Drop the triggers of `refuse_changes`, for a migration that rewrites the table."""
    refuse, allow = _refuse_and_allow(table, when)
    return RunPython(allow, refuse)


def open_for_deletion(table: str, *, strips: str = "", deletes: bool = True) -> RunPython:
    """Let retention and erasure delete rows in a deletion window. Comes after `refuse_changes`.

    They may also empty the column that `strips` names, and change nothing else; without `deletes`
    that alone. The migration depends on the first one of `evidence`, which makes the table of the
    control row.
    """
    return RunPython(*_open_and_close(table, strips, deletes))


def close_for_deletion(table: str) -> RunPython:
    """Undo `open_for_deletion`, before a migration that rewrites the table and opens it again."""
    opened, closed = _open_and_close(table, strips="", deletes=True)
    return RunPython(closed, opened)


def _open_and_close(table: str, strips: str, deletes: bool) -> tuple[Code, Code]:
    def forward(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            strip = _POSTGRESQL_STRIP.format(column=strips) if strips else ""
            delete = _POSTGRESQL_DELETE if deletes else ""
            unless = _POSTGRESQL_OPEN.format(delete=delete, strip=strip)
            function = _POSTGRESQL_REFUSE.format(table=table, unless=unless)
            schema_editor.execute(function, params=None)
            return
        if deletes:
            _replace(schema_editor, table, "DELETE", f"WHEN NOT {_SQLITE_IS_OPEN}")
        if strips:
            is_strip = " AND ".join(_only_empties(schema_editor, table, strips))
            _replace(schema_editor, table, "UPDATE", f"WHEN NOT ({_SQLITE_IS_OPEN} AND {is_strip})")

    def backward(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            function = _POSTGRESQL_REFUSE.format(table=table, unless="")
            schema_editor.execute(function, params=None)
            return
        for event in ("DELETE", "UPDATE"):
            _replace(schema_editor, table, event, "")

    return forward, backward


def forget_in_seal(table: str, series: str, *, column: str = "id") -> RunPython:
    """Let the leaf of a row forget which row it was, as soon as the row is deleted (I20).

    `column` has the random number by which leaves know the row. The migration depends on the second
    one of `evidence`, which makes the table of leaves.
    """

    def forward(apps: Any, schema_editor: Any) -> None:
        values = {"table": table, "series": series, "column": column}
        if schema_editor.connection.vendor == "postgresql":
            for statement in (_POSTGRESQL_FORGET, _POSTGRESQL_FORGET_TRIGGER):
                schema_editor.execute(statement.format(**values), params=None)
            return
        schema_editor.execute(_SQLITE_FORGET.format(**values), params=None)

    def backward(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {table}_forget() CASCADE", params=None)
            return
        schema_editor.execute(f"DROP TRIGGER {table}_forget", params=None)

    return RunPython(forward, backward)


def _only_empties(schema_editor: Any, table: str, column: str) -> Iterator[str]:
    """Conditions of SQLite: the column becomes NULL, and every other keeps its value."""
    with schema_editor.connection.cursor() as cursor:
        columns = schema_editor.connection.introspection.get_table_description(cursor, table)
    yield f"NEW.{column} IS NULL"
    for each in columns:
        if each.name != column:
            yield f"NEW.{each.name} IS OLD.{each.name}"


def _replace(schema_editor: Any, table: str, event: str, when: str) -> None:
    """Replace a trigger of SQLite by one with another condition."""
    schema_editor.execute(f"DROP TRIGGER {table}_refuse_{event.lower()}", params=None)
    trigger = _SQLITE.format(table=table, name=event.lower(), event=event, when=when)
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
        and_when = f"AND {when}" if when else ""
        replaced = _SQLITE_REPLACE.format(table=table, and_when=and_when)
        schema_editor.execute(replaced, params=None)

    def backward(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {table}_refuse() CASCADE", params=None)
            return
        for name in ("update", "delete", "replace"):
            schema_editor.execute(f"DROP TRIGGER {table}_refuse_{name}", params=None)

    return forward, backward
