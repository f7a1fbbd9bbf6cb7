"""Changes evidence without its triggers, as the owner of the database could."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def tampered(statement: str, *parameters: Any) -> Iterator[None]:
    """Run SQL that the triggers would refuse. The change is rolled back after the block."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            _lift_triggers(cursor)
            cursor.execute(statement, parameters)
            assert cursor.rowcount >= 1, "the statement changed nothing"
        yield
        transaction.set_rollback(True)


def _lift_triggers(cursor: Any) -> None:
    if connection.vendor == "postgresql":
        # A replica fires no trigger, those of foreign keys included.
        cursor.execute("SET LOCAL session_replication_role = replica")
        return
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP TRIGGER "{name}"')
