"""Declares records, notices and snapshots of the registry as series of evidence."""

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery

from consent.models import ConsentRecord, Notice, RegistrySnapshot
from consent.record_hash import hash_of
from consent.registry import notice
from evidence import audit
from evidence.audit import (
    ROWS_AT_ONCE,
    SMALL_ROWS_AT_ONCE,
    CheckedRow,
    EvidenceSeries,
    hash_mismatch,
    utc_text,
)
from evidence.canonical_json import digest
from evidence.seal import sealing


def snapshots() -> Iterator[CheckedRow]:
    """Every snapshot of the registry, with its hash computed anew."""
    for row in RegistrySnapshot.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        mismatch = hash_mismatch(row.hash, digest, row.content)
        yield CheckedRow(row._meta.db_table, row.pk, f"kept {utc_text(row.created_at)}", mismatch)


def notices() -> Iterator[CheckedRow]:
    """Every notice, with its hash computed anew over its words and the hash of its snapshot."""
    snapshot = RegistrySnapshot.objects.filter(pk=OuterRef("snapshot_id"))
    rows = Notice.objects.annotate(registry=Subquery(snapshot.values("hash"))).order_by("pk")
    for row in rows.iterator(ROWS_AT_ONCE):
        mismatch = hash_mismatch(row.hash, notice.digest_of_notice, row.texts, row.registry)
        yield CheckedRow(row._meta.db_table, row.pk, f"kept {utc_text(row.created_at)}", mismatch)


def records() -> Iterator[CheckedRow]:
    """Every record of a choice, with its hash computed anew."""
    for row in ConsentRecord.objects.exclude(hash="").order_by().iterator(SMALL_ROWS_AT_ONCE):
        mismatch = hash_mismatch(row.hash, hash_of, row)
        yield CheckedRow(row._meta.db_table, row.pk, f"made {utc_text(row.made_at)}", mismatch)


audit.register(EvidenceSeries("records of choices about cookies", records))
audit.register(EvidenceSeries("snapshots of the registry", snapshots))
audit.register(EvidenceSeries("notices", notices))

sealing.register(
    sealing.series_of_table(
        "record",
        ConsentRecord.objects.all,
        stored_at="stored_at",
        is_ready=lambda until: not ConsentRecord.objects.filter(hash="").exists(),
    )
)
sealing.register(sealing.series_of_table("notice", Notice.objects.all, stored_at="created_at"))
