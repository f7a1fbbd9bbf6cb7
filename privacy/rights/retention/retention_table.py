"""The table that a policy prints for `{{ retention }}`: what is kept, why, and until when.

It is made of the declarations.
"""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from evidence.snapshots import Snapshot
from privacy.rights.map.activities import activities
from privacy.rights.map.kept_table import KeptTable, Rows


class RetentionSnapshot(Snapshot):
    """The rows of the table in each language, from a moment on. Append-only."""

    class Meta(Snapshot.Meta):
        verbose_name = _("table of retention periods")
        verbose_name_plural = _("tables of retention periods")


def retention_table(at: datetime | None) -> SafeString:
    """The table of today, or as it was just before the moment when a version was superseded."""
    rows = _rows() if at is None else TABLE.rows_before(at)
    return render_to_string("privacy/_retention.html", {"activities": rows})


def _rows() -> Rows:
    """The rows in the active language."""
    return [
        {
            "purpose": activity.purpose,
            "basis": f"{activity.basis.label} ({activity.basis.article})",
            "items": [{"name": item.name, "kept": [*item.kept]} for item in activity.items],
        }
        for activity in activities(for_visitors=True)
    ]


TABLE = KeptTable("retention", RetentionSnapshot, _rows)
