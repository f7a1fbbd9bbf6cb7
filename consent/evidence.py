"""Declares notices and snapshots of the registry as series of evidence, checked by their hashes."""

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery

from consent.models import Notice, RegistrySnapshot
from consent.registry import notice
from evidence import audit
from evidence.audit import ROWS_AT_ONCE, CheckedRow, EvidenceSeries, hash_mismatch, utc_text
from evidence.canonical_json import digest


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


audit.register(EvidenceSeries("snapshots of the registry", snapshots))
audit.register(EvidenceSeries("notices", notices))
