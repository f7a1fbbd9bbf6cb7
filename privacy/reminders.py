"""What staff must look at again: the admin says it on its first page, and above each list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from privacy.models import (
    Breach,
    DataRequest,
    ErasureCase,
    LegalHold,
    PolicyVersion,
    PurgeRun,
    Recipient,
)
from privacy.policies import actions
from privacy.rights.breaches import reminders as breaches
from privacy.rights.cases import erasure_cases, legal_holds
from privacy.rights.recipients import recipients
from privacy.rights.requests import digest
from privacy.rights.retention import purge_runs


@dataclass(frozen=True)
class Reminder:
    """One sentence, and the page that it is about."""

    text: str
    link: str = ""


# Each list with the sentences about it: those who may see the list read them.
_BY_LIST: dict[type[Model], Callable[..., Iterator[str]]] = {
    Breach: breaches.reminders,
    PurgeRun: purge_runs.reminders,
    ErasureCase: erasure_cases.reminders,
    LegalHold: legal_holds.reminders,
    Recipient: recipients.reminders,
    DataRequest: digest.reminders,
}


def for_staff(user: Any, *, at: datetime) -> list[Reminder]:
    """The reminders that concern a member of staff, each with a link. Policies come first."""
    policies = _of_policies(at=at) if _may_view(user, PolicyVersion) else []
    lists = [
        Reminder(text, _list_link(model))
        for model, reminders in _BY_LIST.items()
        if _may_view(user, model)
        for text in reminders(at=at)
    ]
    return [*policies, *lists]


def above_list(model: type[Model], *, at: datetime) -> list[Reminder]:
    """The reminders about a list, for the page of that list: without a link to itself."""
    return [Reminder(text) for text in _BY_LIST[model](at=at)]


def _of_policies(*, at: datetime) -> list[Reminder]:
    text = _(
        "Version %(number)d of the document “%(title)s” is in force, but no person has approved "
        "it. Somebody who may publish policies reads it in both languages, and approves it on its "
        "page."
    )
    return [
        Reminder(
            text % {"number": version.number, "title": version.get_policy_display()},
            reverse("admin:privacy_policyversion_change", args=[version.pk]),
        )
        for version in actions.awaiting_approval(at=at)
    ]


def _may_view(user: Any, model: type[Model]) -> bool:
    permission = get_permission_codename("view", model._meta)
    return bool(user.has_perm(f"{model._meta.app_label}.{permission}"))


def _list_link(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
