"""Withdraws the consent of this browser before its records are erased, so that its tags stop."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language

from consent.choice.choice import Choice, Grant, State
from consent.choice.cookie import keep_choice
from consent.choice.request import ConsentRequest
from consent.deletion import empty_storage
from consent.models import ConsentRecord
from consent.personal_data import records
from consent.records import record
from consent.records.made_choice import MadeChoice, policy_in_force
from privacy.rights.map.declarations import Person


def withdraw_first(
    request: ConsentRequest, response: HttpResponse, person: Person, at: datetime, **_about: Any
) -> None:
    """Withdraw the consent of this browser, if its record is among those to be erased."""
    grant = request.consent.grant
    if grant is None or not records(person).filter(pk=grant.record_id).exists():
        return
    # Once for each consent: an old copy of its cookie withdraws nothing more.
    if not ConsentRecord.objects.filter(supersedes=grant.record_id).exists():
        record.record(_withdrawal(request, grant, at=at), network_key=None)
    request.consent = Choice(State.REFUSED)
    keep_choice(response, None)
    empty_storage(response)


def _withdrawal(request: ConsentRequest, grant: Grant, *, at: datetime) -> MadeChoice:
    return MadeChoice(
        record_id=uuid.uuid4(),
        # Of the same moment, so that it is erased with the others.
        made_at=at.replace(microsecond=0),
        notice_id=request.registry.notice_id_of(grant.notice_key),
        language=get_language() or "",
        offered=tuple(sorted(grant.groups)),
        granted=(),
        method=ConsentRecord.Method.ERASURE,
        has_javascript=False,
        has_gpc_signal=request.has_gpc_signal,
        policy_version_id=policy_in_force(),
        supersedes_id=grant.record_id,
    )
