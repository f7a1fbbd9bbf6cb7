"""The record of processing activities (GDPR Art. 30), for staff: a page and a file."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.company import COMPANY
from evidence.csv_file import download
from privacy.policies.versions import PolicyVersion
from privacy.rights.map.activities import Activity, Item, activities
from privacy.rights.map.declarations import People
from privacy.rights.recipients.recipients import Disclosure, Recipient, disclosure

# GDPR Art. 30(1)(g): a general description of the technical and organizational measures.
SECURITY = (
    gettext_lazy(
        "All pages are sent over HTTPS. A page with personal data loads nothing from others."
    ),
    gettext_lazy(
        "Staff sign in with a password and a second step, and see what their role allows."
    ),
    gettext_lazy("The history of the admin names each change and each download."),
    gettext_lazy(
        "A link that confirms a sign-up works once, for 48 hours; its hash alone is stored."
    ),
    gettext_lazy("Addresses and numbers that are only recognised are stored as hashes with a key."),
    gettext_lazy("The database refuses to change proofs. No log line holds personal data."),
)


class ProcessingRecord(PolicyVersion):
    """A name for the admin: the record is made of the declarations, and has no rows of its own."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = gettext_lazy("record of processing activities")
        verbose_name_plural = gettext_lazy("record of processing activities")


@dataclass(frozen=True)
class Entry:
    """An activity, and who gets its data, in which countries (GDPR Art. 30(1)(d) and (e))."""

    activity: Activity
    disclosure: Disclosure


def whole_record() -> list[Entry]:
    """Every activity in the active language, with the rows of its recipients as they are now."""
    in_use = Recipient.objects.in_use_by_key()
    return [Entry(activity, disclosure(activity.recipients, in_use)) for activity in activities()]


def as_csv(*, at: datetime) -> tuple[StreamingHttpResponse, int]:
    """The record as a file in the active language, one row for each kind of data; their number."""
    head = [
        _("Purpose"),
        _("Lawful basis"),
        _("Whose data"),
        _("Data"),
        _("What it consists of"),
        _("Kept"),
        _("Recipients"),
        _("Transfers to third countries"),
        _("Controller"),
        _("Security measures"),
    ]
    rows = [_cells(entry, item) for entry in whole_record() for item in entry.activity.items]
    day = f"{timezone.localtime(at):%Y-%m-%d}"
    return download(f"record-of-processing-{day}.csv", head, rows), len(rows)


def _cells(entry: Entry, item: Item) -> list[str]:
    activity = entry.activity
    return [
        activity.purpose,
        f"{activity.basis.label} ({activity.basis.article})",
        _people(item.people),
        item.name,
        "; ".join(item.content),
        "; ".join(item.kept),
        "; ".join(entry.disclosure.recipients) or _("none"),
        "; ".join(entry.disclosure.transfers) or _("none"),
        _controller(),
        " ".join(map(str, SECURITY)),
    ]


def _controller() -> str:
    """The controller, its officer, and its representative where there is one (Art. 30(1)(a))."""
    officer = f"{_('Data protection officer')}: {COMPANY['dpo_name']}, {COMPANY['dpo_email']}"
    parts = [COMPANY["name"], COMPANY["registered_address"], COMPANY["gdpr_email"], officer]
    if representative := " ".join(settings.EU_REPRESENTATIVE.split()):
        parts.append(
            f"{_('Representative in the European Union (Art. 27 GDPR)')}: {representative}"
        )
    return "; ".join(map(str, parts))


def _people(people: tuple[People, ...]) -> str:
    return ", ".join(str(each.label) for each in people)
