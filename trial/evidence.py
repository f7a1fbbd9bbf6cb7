"""Consents to marketing as evidence: their wordings, and their withdrawals in the seal."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from evidence import audit
from evidence.audit import ROWS_AT_ONCE, CheckedRow, EvidenceSeries, hash_mismatch, utc_text
from evidence.canonical_json import digest, utc
from evidence.seal import sealing
from evidence.seal.sealing import SealedSeries, StoredRow
from trial.models import ConsentWording, MarketingWithdrawal
from trial.sign_up import wordings


def texts() -> Iterator[CheckedRow]:
    """Every wording, those no longer in use included."""
    for row in ConsentWording.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        mismatch = hash_mismatch(row.hash, wordings.digest, row.channel, row.texts)
        name = f"{row.channel}, in use since {utc_text(row.created_at)}"
        yield CheckedRow(row._meta.db_table, row.pk, name, mismatch)


def stored_withdrawals(since: datetime | None, until: datetime) -> Iterator[StoredRow]:
    """Withdrawals, each under the random number of its consent."""
    rows = MarketingWithdrawal.objects.filter(withdrawn_at__lt=until)
    if since is not None:
        rows = rows.filter(withdrawn_at__gte=since)
    for row in rows.order_by("withdrawn_at", "pk").iterator():
        yield row.consent_id, hash_of_withdrawal(row), row.withdrawn_at


def withdrawals_of(consents: Collection[UUID]) -> QuerySet[MarketingWithdrawal]:
    return MarketingWithdrawal.objects.filter(consent__in=consents).order_by()


def hash_of_withdrawal(row: MarketingWithdrawal) -> str:
    """SHA-256 over everything that a withdrawal says."""
    content = {
        "consent": str(row.consent_id),
        "withdrawn_at": utc(row.withdrawn_at),
        "method": row.method,
    }
    return digest(content)


audit.register(EvidenceSeries("wordings of consents to marketing", texts))

sealing.register(
    sealing.series_of_table("wording", ConsentWording.objects.all, stored_at="created_at")
)
sealing.register(
    SealedSeries(
        "withdrawal",
        stored_withdrawals,
        withdrawals_of,
        lambda row: (row.consent_id, hash_of_withdrawal(row)),
    )
)
