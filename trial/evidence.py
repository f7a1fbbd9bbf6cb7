"""The wordings of consents to marketing, as a series of evidence."""

from collections.abc import Iterator

from evidence import audit
from evidence.audit import ROWS_AT_ONCE, CheckedRow, EvidenceSeries, hash_mismatch, utc_text
from trial.models import ConsentWording
from trial.sign_up import wordings


def texts() -> Iterator[CheckedRow]:
    """Every wording, those no longer in use included."""
    for row in ConsentWording.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        mismatch = hash_mismatch(row.hash, wordings.digest, row.channel, row.texts)
        name = f"{row.channel}, in use since {utc_text(row.created_at)}"
        yield CheckedRow(row._meta.db_table, row.pk, name, mismatch)


audit.register(EvidenceSeries("wordings of consents to marketing", texts))
