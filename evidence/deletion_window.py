"""The deletion window: how retention and erasure, and nothing else, delete evidence about people.

The triggers of `append_only.open_for_deletion` let a DELETE pass while the control row of its own
transaction is there, and an UPDATE that strips a row as its declaration says. No other UPDATE and
no TRUNCATE ever passes.
"""

import enum
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from evidence.models import EvidenceWindow


class Reason(enum.Enum):
    """Why evidence may be deleted."""

    RETENTION = "retention"
    ERASURE = "erasure"


@contextmanager
def deletion_window(reason: Reason) -> Iterator[None]:
    """Let evidence about people be deleted in the block, which is one transaction.

    On SQLite an INSERT in the block closes the window: insert before it or after it.
    """
    with transaction.atomic():
        # On PostgreSQL the row of another transaction is not visible before it is deleted again,
        # so these are rows that were left behind.
        EvidenceWindow.objects.all().delete()
        _insert_row(reason)
        yield
        EvidenceWindow.objects.all().delete()


def _insert_row(reason: Reason) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "INSERT INTO evidence_window (id, reason) VALUES (txid_current(), %s)",
                [reason.value],
            )
        else:
            cursor.execute(
                "INSERT INTO evidence_window (id, reason) VALUES (%s, %s)",
                [secrets.randbits(62) + 1, reason.value],
            )
