"""What staff must look at again: the admin says it on its first page, and above the list."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.models import Recipient
from privacy.rights.cases import erasure_cases, legal_holds
from privacy.rights.retention import purge_runs


def of_retention(at: datetime) -> Iterator[str]:
    if purge_runs.is_late(at=at):
        yield _(
            "Data that is past its period was not deleted in the last 26 hours. Tell your "
            "operator: the worker may have stopped."
        )


def of_erasures(at: datetime) -> Iterator[str]:
    if erasure_cases.problem(at=at):
        yield _("An erasure that should be final is not. Tell your operator: the log says why.")


def of_legal_holds(at: datetime) -> Iterator[str]:
    if number := legal_holds.to_review(at=at).count():
        yield ngettext(
            "%(number)d legal hold has come up for review: lift it, if it is not needed any more.",
            "%(number)d legal holds have come up for review: lift those that are not needed any "
            "more.",
            number,
        ) % {"number": number}


def of_recipients(at: datetime) -> Iterator[str]:
    for recipient in Recipient.objects.to_review(on=timezone.localdate(at)):
        if day := recipient.review_on:
            yield _(
                "The facts about the recipient “%(name)s” must be looked at again by %(day)s: "
                "country, safeguard and where to get it."
            ) % {"name": recipient, "day": date_format(day)}


_BY_PERMISSION: dict[str, Callable[[datetime], Iterator[str]]] = {
    "privacy.view_purgerun": of_retention,
    "privacy.view_erasurecase": of_erasures,
    "privacy.view_legalhold": of_legal_holds,
    "privacy.view_recipient": of_recipients,
}


def for_staff(user: Any, *, at: datetime) -> list[str]:
    """The reminders that concern a member of staff."""
    return [
        text
        for permission, reminders in _BY_PERMISSION.items()
        if user.has_perm(permission)
        for text in reminders(at)
    ]
