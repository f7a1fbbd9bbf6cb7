"""Consent records for tests of long lists: many in one statement, as a flood of them would be."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from consent.models import ConsentRecord, Notice

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_records(
    number: int, *, step: timedelta = timedelta(minutes=1), **fields: Any
) -> list[Any]:
    """Records, newest first. Without a step all are of one moment."""
    values = {
        "notice": Notice.objects.first(),
        "language": "pl",
        "offered": ["analytics"],
        "granted": [],
        "is_refusal": True,
        "method": "banner",
        "has_javascript": True,
        "has_gpc_signal": False,
    } | fields
    start = values.pop("start", START)
    rows = [
        ConsentRecord(
            id=uuid.uuid4(),
            made_at=start + place * step,
            expires_at=start + place * step + timedelta(days=182),
            **values,
        )
        for place in range(number)
    ]
    ConsentRecord.objects.bulk_create(rows)
    return sorted(rows, key=lambda row: (row.made_at, row.pk), reverse=True)
