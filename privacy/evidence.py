"""Checks of published versions, the steps that published or approved them, and policy tables."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from django.db.models import Exists, OuterRef

from evidence import audit
from evidence.audit import ROWS_AT_ONCE, CheckedRow, EvidenceSeries, hash_mismatch, utc_text
from evidence.canonical_json import digest
from evidence.seal import sealing
from evidence.snapshots import Snapshot
from privacy.models import PolicyStep, PolicyVersion, RecipientsSnapshot, RetentionSnapshot
from privacy.policies import version_file


def versions() -> Iterator[CheckedRow]:
    """Check each published version: its hash, and that no number before it is missing."""
    rows = PolicyVersion.objects.published().order_by("policy", "number").iterator(ROWS_AT_ONCE)
    for policy, versions_of_policy in groupby(rows, key=attrgetter("policy")):
        for number, row in enumerate(versions_of_policy, start=1):
            mismatch = hash_mismatch(row.hash, _hash_of, row)
            if row.number != number:
                mismatch = f"version {number} of this policy is expected here, and missing"
            name = f"{policy} {row.number}, published {utc_text(row.published_at)}"
            yield CheckedRow(row._meta.db_table, row.pk, name, mismatch)


def publications() -> Iterator[CheckedRow]:
    """Check each step that published or approved a version: the version is published still."""
    # Such a step stays where somebody deletes the last version: its number alone leaves no gap.
    version = PolicyVersion.objects.published().filter(pk=OuterRef("version_id"))
    kinds = [PolicyStep.Kind.PUBLISHED, PolicyStep.Kind.APPROVED]
    steps = PolicyStep.objects.filter(kind__in=kinds).order_by("pk")
    for step in steps.annotate(is_published=Exists(version)).iterator(ROWS_AT_ONCE):
        mismatch = "" if step.is_published else "the version is not published any more"
        name = f"version with id {step.version_id}, {step.kind} {utc_text(step.taken_at)}"
        yield CheckedRow(step._meta.db_table, step.pk, name, mismatch)


def retention_tables() -> Iterator[CheckedRow]:
    """Check the hash of each table of retention periods."""
    yield from _snapshots(RetentionSnapshot)


def recipients_tables() -> Iterator[CheckedRow]:
    """Check the hash of each table of recipients."""
    yield from _snapshots(RecipientsSnapshot)


def _snapshots(model: type[Snapshot]) -> Iterator[CheckedRow]:
    for row in model._default_manager.order_by("pk").iterator(ROWS_AT_ONCE):
        mismatch = hash_mismatch(row.hash, digest, row.content)
        yield CheckedRow(row._meta.db_table, row.pk, f"kept {utc_text(row.created_at)}", mismatch)


def _hash_of(version: PolicyVersion) -> str:
    return version_file.digest(version.file())


audit.register(EvidenceSeries("published versions of policies", versions))
audit.register(EvidenceSeries("steps that published or approved a version", publications))
audit.register(EvidenceSeries("tables of retention periods", retention_tables))
audit.register(EvidenceSeries("tables of recipients", recipients_tables))

sealing.register(
    sealing.series_of_table("policy", PolicyVersion.objects.published, stored_at="published_at")
)
for _code, _model in (("retention", RetentionSnapshot), ("recipients", RecipientsSnapshot)):
    sealing.register(
        sealing.series_of_table(_code, _model._default_manager.all, stored_at="created_at")
    )
