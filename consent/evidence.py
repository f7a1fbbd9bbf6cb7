"""Whether notices and snapshots of the registry are still what visitors were asked over."""

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery

from consent import notice
from consent.models import Notice, RegistrySnapshot
from privacy.evidence import ROWS_AT_ONCE, Exhibit, Series, flaw_of, moment


def snapshots() -> Iterator[Exhibit]:
    """Every state of the registry that was ever kept."""
    for row in RegistrySnapshot.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        flaw = flaw_of(row.hash, notice.digest, row.content)
        yield Exhibit(row._meta.db_table, row.pk, f"kept {moment(row.created_at)}", flaw)


def notices() -> Iterator[Exhibit]:
    """Every notice: its words, and by its hash the snapshot of the registry below them."""
    snapshot = RegistrySnapshot.objects.filter(pk=OuterRef("snapshot_id"))
    rows = Notice.objects.annotate(registry=Subquery(snapshot.values("hash"))).order_by("pk")
    for row in rows.iterator(ROWS_AT_ONCE):
        flaw = flaw_of(row.hash, notice.digest_of_notice, row.texts, row.registry)
        yield Exhibit(row._meta.db_table, row.pk, f"kept {moment(row.created_at)}", flaw)


SERIES = (Series("snapshots of the registry", snapshots), Series("notices", notices))
