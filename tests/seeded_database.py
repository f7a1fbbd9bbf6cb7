"""A copy of the seeded database, put back after each test that commits.

A flush and a new seed would give the same rows, but take ten to a hundred times as long.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

# On SQLite a copy of the whole file; on PostgreSQL the rows of each table, by its quoted name.
_file: sqlite3.Connection | None = None
_tables: dict[str, bytes] = {}


def save() -> None:
    """Copy every row of the database."""
    global _file
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        _file = sqlite3.connect(":memory:")
        connection.connection.backup(_file)
        return
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            table = connection.ops.quote_name(name)
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                _tables[table] = b"".join(bytes(piece) for piece in copy)


def write_to(path: Path) -> bool:
    """Write the copy to a file of SQLite. Returns False without a copy: on PostgreSQL, or too early."""
    if _file is None:
        return False
    with closing(sqlite3.connect(path)) as file:
        _file.backup(file)
    return True


def restore() -> None:
    """Put the copied rows back and delete all others, append-only evidence included."""
    # Here, because the commands of tests/look run without Django's apps.
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.clear_cache()
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        assert _file is not None
        _file.backup(connection.connection)
        return
    with connection.cursor() as cursor:
        # A replica fires no trigger: neither append-only ones nor those of foreign keys.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("".join(f"DELETE FROM {table};" for table in _tables))
        for table, rows in _tables.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        cursor.execute("RESET session_replication_role")


def end_other_sessions() -> None:
    """End the sessions of server threads that still answer a closed browser.

    PostgreSQL cannot drop a database with open sessions. Each gets five seconds to end.
    """
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
