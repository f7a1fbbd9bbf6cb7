"""Declares records, notices, snapshots of the registry and pictures as series of evidence."""

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery

from consent.looks import pictures as looks
from consent.models import CodeManifest, ConsentRecord, Notice, Picture, RegistrySnapshot
from consent.records.record_hash import hash_of
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


def manifests() -> Iterator[CheckedRow]:
    """Every manifest of the code of the question, with its hash computed anew."""
    for row in CodeManifest.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        mismatch = hash_mismatch(row.code_hash, digest, row.content) or hash_mismatch(
            row.hash, looks.hash_of_manifest, row
        )
        yield CheckedRow(row._meta.db_table, row.pk, f"kept {utc_text(row.created_at)}", mismatch)


def pictures() -> Iterator[CheckedRow]:
    """Every picture of the question: its file, and what the row says of it."""
    for row in Picture.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        mismatch = hash_mismatch(
            row.image_hash, looks.hash_of_image, bytes(row.image)
        ) or hash_mismatch(row.hash, looks.hash_of_picture, row)
        yield CheckedRow(row._meta.db_table, row.pk, f"taken {utc_text(row.taken_at)}", mismatch)


audit.register(EvidenceSeries("records of choices about cookies", records))
audit.register(EvidenceSeries("snapshots of the registry", snapshots))
audit.register(EvidenceSeries("notices", notices))
audit.register(EvidenceSeries("code of the question", manifests))
audit.register(EvidenceSeries("pictures of the question", pictures))

sealing.register(
    sealing.series_of_table(
        "record",
        ConsentRecord.objects.all,
        stored_at="stored_at",
        is_ready=lambda until: not ConsentRecord.objects.filter(hash="").exists(),
    )
)
sealing.register(sealing.series_of_table("notice", Notice.objects.all, stored_at="created_at"))
sealing.register(
    sealing.series_of_table("question-code", CodeManifest.objects.all, stored_at="created_at")
)
sealing.register(sealing.series_of_table("picture", Picture.objects.all, stored_at="taken_at"))
