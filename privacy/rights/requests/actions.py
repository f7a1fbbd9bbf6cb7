"""Verbs of a request: receive, acknowledge, verify, extend, pause, resume, note, answer.

Each adds a step, and queues the mail that tells the person, in one transaction.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery import outbox
from privacy.models import DataRequest, RequestStep
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Person

RECEIVED = "data-received"
STEP = "data-step"

Kind = RequestStep.Kind


class NotPossible(Exception):
    """The request is not in a state for this step. The text says to staff why."""


def receive(
    person: Person,
    *,
    kind: str,
    language: str,
    at: datetime,
    text: str = "",
    source: str = DataRequest.Source.SITE,
    received_at: datetime | None = None,
    is_verified: bool = False,
    user: User | None = None,
    sends_mail: bool = True,
) -> DataRequest:
    """Store a request, which runs from `received_at`, and acknowledge it by mail.

    Without an address, or without `sends_mail`, a complaint from the site counts as acknowledged by
    the page that shows its reference; one that came by letter waits for a letter of staff.
    """
    with transaction.atomic():
        request = DataRequest.objects.create(
            **fields_of(person),
            kind=kind,
            language=language,
            text=text,
            source=source,
            opened_at=received_at or at,
            is_verified=is_verified,
        )
        _log(request, Kind.RECEIVED, at=at, user=user)
        is_mailed = bool(person.email) and sends_mail
        if is_mailed:
            outbox.put(kind=RECEIVED, about=request.pk, at=at)
        if is_mailed or source == DataRequest.Source.SITE:
            acknowledge(request, at=at, user=user)
    return request


def receive_done(person: Person, *, kind: str, language: str, at: datetime) -> DataRequest:
    """Store a request that the person has carried out on the site, as the proof of its outcome."""
    return DataRequest.objects.create(
        **fields_of(person),
        kind=kind,
        language=language,
        opened_at=at,
        is_verified=True,
        acknowledged_at=at,
        closed_at=at,
        outcome=DataRequest.Outcome.DONE,
    )


def acknowledge(request: DataRequest, *, at: datetime, user: User | None = None) -> bool:
    """Note that the person was told that we have the request. False if that was noted before."""
    unacknowledged = DataRequest.objects.filter(pk=request.pk, acknowledged_at__isnull=True)
    with transaction.atomic():
        is_new = bool(unacknowledged.update(acknowledged_at=at))
        if is_new:
            _log(request, Kind.ACKNOWLEDGED, at=at, user=user)
    return is_new


def verify(request: DataRequest, *, text: str, user: User, at: datetime) -> None:
    """Note how staff made sure who the person is (GDPR Art. 12(6)). A pause ends."""
    with transaction.atomic():
        row = _locked(request)
        row.is_verified = True
        _end_pause(row, at=at)
        row.save()
        _log(row, Kind.VERIFIED, at=at, user=user, text=text)


def extend(request: DataRequest, *, reason: str, user: User, at: datetime) -> None:
    """Take two months more, once, and tell the person why within the first (GDPR Art. 12(3))."""
    with transaction.atomic():
        row = _locked(request)
        if row.extended_at:
            raise NotPossible(_("The time was extended before, and the law allows it once."))
        if row.is_overdue(at=at):
            raise NotPossible(
                _("The month is over: the person had to be told of an extension within it.")
            )
        row.extended_at = at
        row.save()
        _tell(row, Kind.EXTENDED, at=at, user=user, text=reason)


def pause(request: DataRequest, *, reason: str, user: User, at: datetime) -> None:
    """Stop the clock until the person has shown who they are (GDPR Art. 12(6)). `reason` is the
    ground for the doubt, which the person reads."""
    with transaction.atomic():
        row = _locked(request)
        if row.is_verified:
            raise NotPossible(_("The identity is verified, so there is no doubt to wait for."))
        if row.paused_on:
            raise NotPossible(_("The clock is stopped already."))
        if row.is_overdue(at=at):
            raise NotPossible(_("The answer is overdue: a pause comes too late. Answer now."))
        row.paused_on = timezone.localdate(at)
        row.save()
        _tell(row, Kind.PAUSED, at=at, user=user, text=reason)


def resume(request: DataRequest, *, user: User, at: datetime) -> None:
    """Let the clock run again. The days of the pause are added."""
    with transaction.atomic():
        row = _locked(request)
        if not row.paused_on:
            raise NotPossible(_("The clock is running."))
        _end_pause(row, at=at)
        row.save()
        _log(row, Kind.RESUMED, at=at, user=user)


def note(request: DataRequest, *, text: str, user: User, at: datetime) -> None:
    """Add a note for colleagues, also to a request that is closed."""
    _log(request, Kind.NOTE, at=at, user=user, text=text)


def take_back(request: DataRequest, *, at: datetime) -> None:
    """Close a request that its person does not want any more. Raises NotPossible."""
    with transaction.atomic():
        row = _locked(request)
        _end_pause(row, at=at)
        row.closed_at, row.outcome = at, DataRequest.Outcome.TAKEN_BACK
        row.save()
        _log(row, Kind.CLOSED, at=at, user=None, text=row.get_outcome_display())


def answer(request: DataRequest, *, text: str, outcome: str, user: User, at: datetime) -> None:
    """Close a request with its outcome, and send the answer where the person has an address."""
    with transaction.atomic():
        row = _locked(request)
        _end_pause(row, at=at)
        row.closed_at, row.outcome = at, outcome
        row.save()
        _tell(row, Kind.ANSWERED, at=at, user=user, text=text)
        _log(row, Kind.CLOSED, at=at, user=user, text=row.get_outcome_display())


def _locked(request: DataRequest) -> DataRequest:
    """The row, locked until the transaction ends. Raises NotPossible where it is closed."""
    # Row lock: of two colleagues who act at the same time the second sees what the first did.
    row = DataRequest.objects.select_for_update().get(pk=request.pk)
    if not row.is_open:
        raise NotPossible(_("The request is closed."))
    return row


def _end_pause(row: DataRequest, *, at: datetime) -> None:
    if row.paused_on:
        row.paused_days += (timezone.localdate(at) - row.paused_on).days
        row.paused_on = None


def _tell(row: DataRequest, kind: Kind, **values: Any) -> None:
    """Add a step, and mail its words to the person."""
    step = _log(row, kind, **values)
    if row.email:
        outbox.put(kind=STEP, about=f"{row.pk} {step.pk}", at=step.taken_at)


def _log(
    request: DataRequest, kind: Kind, *, at: datetime, user: User | None, text: str = ""
) -> RequestStep:
    return request.steps.create(kind=kind, taken_at=at, user=user, text=text)
