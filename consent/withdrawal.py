"""Who has the records of this browser erased here withdraws first: then no tag of it runs on."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language

from consent import record
from consent.choice import choice
from consent.choice.choice import CHOICE_LIFETIME, Choice, Grant, State
from consent.choice.request import ConsentRequest
from consent.made_choice import MadeChoice
from consent.models import ConsentRecord
from consent.personal_data import records
from content.store import ContentUnavailable
from privacy.models import PolicyCode
from privacy.policies.reading import published
from privacy.rights.map.declarations import Person
from privacy.rights.your_data import erasing


def keep_choice(response: HttpResponse, grant: Grant | None) -> None:
    """Let the browser keep a grant, or a refusal."""
    response.set_cookie(
        settings.CHOICE_COOKIE_NAME,
        choice.write_grant(grant) if grant else choice.write_refusal(),
        max_age=int(CHOICE_LIFETIME.total_seconds()),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


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
    # A withdrawn tag may have used localStorage or IndexedDB, which no cookie header empties:
    # https://www.w3.org/TR/clear-site-data/
    response["Clear-Site-Data"] = '"storage"'


def policy_in_force() -> int | None:
    """The id of the privacy policy that applies now; None where no content is there to tell."""
    try:
        version = published.current().in_force(PolicyCode.PRIVACY)
    except ContentUnavailable:
        return None  # only a refusal comes this far without content (I18)
    return version.id if version else None


def _withdrawal(request: ConsentRequest, grant: Grant, *, at: datetime) -> MadeChoice:
    return MadeChoice(
        record_id=uuid.uuid4(),
        # Of the same moment, so that it is erased with the others.
        made_at=at.replace(microsecond=0),
        notice_id=request.registry.notice_id_of(grant.notice_key),
        language=get_language() or "",
        offered=tuple(sorted(grant.groups)),
        granted=(),
        method="cookie-page",
        has_javascript=False,
        has_gpc_signal=request.has_gpc_signal,
        policy_version_id=policy_in_force(),
        supersedes_id=grant.record_id,
    )


erasing.asked_for.connect(withdraw_first)
