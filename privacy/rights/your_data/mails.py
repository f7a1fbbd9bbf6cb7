"""The mails of the page with a person's data: its link, and the erasure that was asked for there.

Both are sent also while the data is restricted: they serve the rights of the person alone.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from content.paths import absolute
from delivery import outbox, tokens
from delivery.letters import Letter, letter
from delivery.outbox import Kind
from privacy.models import DataRequest
from privacy.rights.cases import erasure_cases
from privacy.rights.cases.case import cases_of
from privacy.rights.your_data import actions, data_link, held
from privacy.rights.your_data.data_link import DataLink


@transaction.atomic
def link(about: str, at: datetime) -> Letter | None:
    """The link, for an address that we do not know too: the mail alone says whether we do (I16)."""
    # Row lock: an erasure at the same time waits, and deletes the new token too.
    row = DataLink.objects.select_for_update().filter(pk=about).first()
    if row is None:
        return None
    with translation.override(row.language):
        context = {"is_known": held.is_anything_held(row.person)}
        return _letter(row, _("Your data at VoIPstudio"), "privacy/mail/link.txt", context, at=at)


@transaction.atomic
def erasure(about: str, at: datetime) -> Letter | None:
    """What will be erased when, with a link that undoes it. None where that is too late."""
    link_id, case_id = about.split()
    row = DataLink.objects.select_for_update().filter(pk=link_id).first()
    case = erasure_cases.pending().filter(pk=case_id, opened_at__gt=at - erasure_cases.TIME_TO_UNDO)
    if row is None or not (pending := case.first()):
        return None
    with translation.override(row.language):
        open_requests = cases_of(DataRequest)(row.person).exclude(DataRequest.CLOSED)
        context = {"final_at": pending.final_at, "has_open_request": open_requests.exists()}
        return _letter(
            row, _("We will erase your data"), "privacy/mail/erasure.txt", context, at=at
        )


def _letter(
    row: DataLink, subject: str, template: str, context: dict[str, Any], *, at: datetime
) -> Letter:
    token = tokens.make(purpose=data_link.LINK, subject=str(row.pk), at=at)
    address = absolute(reverse("your_data_link", kwargs={"token": token}))
    return letter(row.email, subject, template, {**context, "link": address})


def _reader(about: str) -> str | None:
    rows = DataLink.objects.filter(pk=about.split()[0])
    return rows.values_list("email", flat=True).first()


def register() -> None:
    outbox.register(data_link.LINK, Kind(link, _reader))
    outbox.register(actions.ERASURE, Kind(erasure, _reader))
