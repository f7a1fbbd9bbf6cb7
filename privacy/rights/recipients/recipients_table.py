"""The table that a policy prints for `{{ recipients }}`: who gets data, why, where, and how safe.

It is made of the rows that staff keep. Pages print its newest state, so every change of a row, of
the registry of cookies and of a setting keeps a new one (GDPR Art. 13(1)(e) and (f)).
"""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from evidence.snapshots import Snapshot
from privacy.rights.map.kept_table import KeptTable, Rows
from privacy.rights.recipients.countries import country_name
from privacy.rights.recipients.recipients import Recipient


class RecipientsSnapshot(Snapshot):
    """The rows of the table in each language, from a moment on. Append-only."""

    class Meta(Snapshot.Meta):
        verbose_name = _("table of recipients")
        verbose_name_plural = _("tables of recipients")


def recipients_table(at: datetime | None) -> SafeString:
    """The table of today, or as it was just before the moment when a version was superseded."""
    rows = TABLE.latest_rows() if at is None else TABLE.rows_before(at)
    return render_to_string("privacy/_recipients.html", {"recipients": rows})


def _rows() -> Rows:
    """The recipients in use, in the active language."""
    return [
        {
            "name": recipient.name,
            "purpose": recipient.text("purpose"),
            "data": recipient.text("data"),
            "role": str(recipient.get_role_display()),
            "country": country_name(recipient.country),
            "is_inside_the_eea": recipient.is_inside_the_eea,
            "safeguard": recipient.text("safeguard"),
            "safeguard_url": recipient.text("safeguard_url"),
            "is_confirmed": recipient.is_confirmed,
        }
        for recipient in Recipient.objects.in_use()
    ]


TABLE = KeptTable("recipients", RecipientsSnapshot, _rows, reads=(Recipient,))
