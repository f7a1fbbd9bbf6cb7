"""Whether the wordings of consents to marketing are still what people ticked."""

from collections.abc import Iterator

from privacy.evidence import ROWS_AT_ONCE, Exhibit, Series, flaw_of, moment
from trial import wordings
from trial.models import ConsentWording


def texts() -> Iterator[Exhibit]:
    """Every wording that was ever in use."""
    for row in ConsentWording.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        flaw = flaw_of(row.hash, wordings.digest, row.channel, row.texts)
        name = f"{row.channel}, in use since {moment(row.created_at)}"
        yield Exhibit(row._meta.db_table, row.pk, name, flaw)


SERIES = (Series("wordings of consents to marketing", texts),)
