"""The database as the seed leaves it: kept once, and put back after each test that committed.

A flush and another seed would leave the same rows, and take ten to a hundred times as long.
"""

import sqlite3

from django.contrib.contenttypes.models import ContentType
from django.db import connection

# On SQLite a copy of the whole file; elsewhere, by quoted name, what each table holds.
_file: sqlite3.Connection | None = None
_tables: dict[str, bytes] = {}


def keep() -> None:
    """Remember every row that is there now."""
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


def restore() -> None:
    """Put every row back and remove all others, evidence that refuses deletion included."""
    ContentType.objects.clear_cache()
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        assert _file is not None
        _file.backup(connection.connection)
        return
    with connection.cursor() as cursor:
        # A replica fires no trigger: neither ours nor those of foreign keys.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("".join(f"DELETE FROM {table};" for table in _tables))
        for table, rows in _tables.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        cursor.execute("RESET session_replication_role")


def let_go() -> None:
    """End the sessions of threads that still answer a browser that has left.

    PostgreSQL drops no database that anybody is in; each gets five seconds to leave.
    """
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
