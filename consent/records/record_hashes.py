"""Gives a hash to records that have none: those of the release before, which did not make one.

While a release changes, processes of both store choices. The database lets a record be changed
until it has its hash, and never after.
"""

from datetime import datetime

from consent.proofs import ConsentRecord
from consent.records.record_hash import hash_of
from evidence.seal import checkpoint

# Few enough that nobody waits long for the rows of one transaction, or for SQLite's only lock.
ROWS_AT_ONCE = 250


def fill_in_some(at: datetime) -> bool:
    """Give some records their hash. A job of the worker; returns whether there may be more."""
    last = checkpoint.last()
    rows = list(ConsentRecord.objects.filter(hash="").order_by()[:ROWS_AT_ONCE])
    for row in rows:
        row.hash = hash_of(row)
        # The migration gave all rows of before one moment. A day that is sealed gets no more rows.
        row.stored_at = max(row.made_at, last.covers_until) if last else row.made_at
    ConsentRecord.objects.bulk_update(rows, ["hash", "stored_at"])
    return bool(rows)
