"""What staff must look at again: the admin says it on its first page, and above the list."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from privacy.rights.cases import erasure_cases, legal_holds
from privacy.rights.recipients import recipients
from privacy.rights.requests import digest
from privacy.rights.retention import purge_runs

_BY_PERMISSION: dict[str, Callable[..., Iterator[str]]] = {
    "privacy.view_purgerun": purge_runs.reminders,
    "privacy.view_erasurecase": erasure_cases.reminders,
    "privacy.view_legalhold": legal_holds.reminders,
    "privacy.view_recipient": recipients.reminders,
    "privacy.view_datarequest": digest.reminders,
}


def for_staff(user: Any, *, at: datetime) -> list[str]:
    """The reminders that concern a member of staff."""
    return [
        text
        for permission, reminders in _BY_PERMISSION.items()
        if user.has_perm(permission)
        for text in reminders(at=at)
    ]
