"""Verbs of a request: receive, type in, acknowledge, verify, extend, pause, resume, note, answer.

Each adds a step, and queues the mail that tells the person, in one transaction. `reason_against`
says which steps a request cannot take now.
"""

from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery import outbox
from privacy.models import DataRequest, RequestStep
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Person
from privacy.rights.requests.data_request import Right

RECEIVED = "data-received"
STEP = "data-step"

NOON = time(12)

Kind = RequestStep.Kind
# GDPR Art. 12(6) speaks of the requests under Art. 15 to 21.
NEVER_PAUSED = {Right.AUTOMATED, Right.COMPLAINT}


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
    is_mailed = bool(person.email) and sends_mail
    is_acknowledged = is_mailed or source == DataRequest.Source.SITE
    with transaction.atomic():
        request = DataRequest.objects.create(
            **fields_of(person),
            kind=kind,
            language=language,
            text=text,
            source=source,
            opened_at=received_at or at,
            is_verified=is_verified,
            acknowledged_at=at if is_acknowledged else None,
        )
        _log(request, Kind.RECEIVED, at=at, user=user)
        if is_mailed:
            outbox.put(kind=RECEIVED, about=request.pk, at=at)
        if is_acknowledged:
            _log(request, Kind.ACKNOWLEDGED, at=at, user=user)
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


def type_in(
    person: Person,
    *,
    kind: str,
    source: str,
    language: str,
    text: str,
    received_on: date,
    verified_by: str,
    sends_mail: bool,
    user: User,
    at: datetime,
) -> DataRequest:
    """Store what came by letter, e-mail or telephone. The clock runs from the day of receipt.

    `verified_by` says how staff know who the person is; empty where they do not. The same form sent
    twice is one request.
    """
    typed: dict[str, Any] = {"kind": kind, "source": source, "language": language, "text": text}
    received_at = _moment_of(received_on, at=at)
    with transaction.atomic():
        same = DataRequest.objects.open().filter(**fields_of(person), **typed)
        if before := next((row for row in same if row.received_on == received_on), None):
            return before
        request = receive(
            person, **typed, received_at=received_at, sends_mail=sends_mail, user=user, at=at
        )
        if verified_by:
            verify(request, text=verified_by, user=user, at=at)
            request.refresh_from_db()
    return request


def reason_against(step: Kind, row: DataRequest, *, at: datetime) -> str:
    """Why staff cannot take a step now, in words for them; empty where they can."""
    if step == Kind.NOTE:
        return ""
    if not row.is_open:
        return _("The request is closed. You can still add a note.")
    rules = {
        Kind.ACKNOWLEDGED: _against_acknowledging,
        Kind.VERIFIED: _against_verifying,
        Kind.EXTENDED: _against_extending,
        Kind.PAUSED: _against_pausing,
        Kind.RESUMED: _against_resuming,
    }
    return rules[step](row, at) if step in rules else ""


def _against_acknowledging(row: DataRequest, at: datetime) -> str:
    return _("The person was told already that we have it.") if row.acknowledged_at else ""


def _against_verifying(row: DataRequest, at: datetime) -> str:
    return _("The identity is verified already.") if row.is_verified else ""


def _against_extending(row: DataRequest, at: datetime) -> str:
    if row.extended_at:
        return _("The time was extended before, and the law allows it once.")
    if row.is_overdue(at=at):
        return _("The month is over: the person had to be told of an extension within it.")
    return ""


def _against_pausing(row: DataRequest, at: datetime) -> str:
    if row.kind in NEVER_PAUSED:
        return _("The law stops the clock for requests under GDPR Art. 15 to 21 only.")
    if row.is_verified:
        return _("The identity is verified, so there is no doubt to wait for.")
    if row.paused_on:
        return _("The clock is stopped already.")
    if row.is_overdue(at=at):
        return _("The answer is overdue: a pause comes too late. Answer now.")
    return ""


def _against_resuming(row: DataRequest, at: datetime) -> str:
    return "" if row.paused_on else _("The clock is running.")


def acknowledge(
    request: DataRequest, *, at: datetime, user: User | None = None, sends_mail: bool = False
) -> None:
    """Note that the person was told that we have the request, or tell them by mail now."""
    with transaction.atomic():
        row = _locked(request, Kind.ACKNOWLEDGED, at=at)
        row.acknowledged_at = at
        row.save()
        _log(row, Kind.ACKNOWLEDGED, at=at, user=user)
        if sends_mail and row.email:
            outbox.put(kind=RECEIVED, about=row.pk, at=at)


def verify(request: DataRequest, *, text: str, user: User, at: datetime) -> None:
    """Note how staff made sure who the person is (GDPR Art. 12(6)). A pause ends."""
    with transaction.atomic():
        row = _locked(request, Kind.VERIFIED, at=at)
        row.is_verified = True
        _end_pause(row, at=at)
        row.save()
        _log(row, Kind.VERIFIED, at=at, user=user, text=text)


def extend(request: DataRequest, *, reason: str, user: User, at: datetime) -> None:
    """Take two months more, once, and tell the person why within the first (GDPR Art. 12(3))."""
    with transaction.atomic():
        row = _locked(request, Kind.EXTENDED, at=at)
        row.extended_at = at
        _tell(row, Kind.EXTENDED, at=at, user=user, text=reason)


def pause(request: DataRequest, *, reason: str, user: User, at: datetime) -> None:
    """Stop the clock until the person has shown who they are (GDPR Art. 12(6)). `reason` is the
    ground for the doubt, which the person reads."""
    with transaction.atomic():
        row = _locked(request, Kind.PAUSED, at=at)
        row.paused_on = timezone.localdate(at)
        _tell(row, Kind.PAUSED, at=at, user=user, text=reason)


def resume(request: DataRequest, *, user: User, at: datetime) -> None:
    """Let the clock run again. The days of the pause are added."""
    with transaction.atomic():
        row = _locked(request, Kind.RESUMED, at=at)
        _end_pause(row, at=at)
        row.save()
        _log(row, Kind.RESUMED, at=at, user=user)


def note(request: DataRequest, *, text: str, user: User, at: datetime) -> None:
    """Add a note for colleagues, also to a request that is closed."""
    _log(request, Kind.NOTE, at=at, user=user, text=text)


def take_back(request: DataRequest, *, at: datetime) -> None:
    """Close a request that its person does not want any more, also one that was done at once."""
    with transaction.atomic():
        row = DataRequest.objects.select_for_update().get(pk=request.pk)
        _end_pause(row, at=at)
        row.closed_at, row.outcome = at, DataRequest.Outcome.TAKEN_BACK
        row.save()
        _log(row, Kind.CLOSED, at=at, user=None, text=row.get_outcome_display())


def log_export(request: DataRequest, *, text: str, user: User, at: datetime) -> None:
    """Note that staff took a file: of the case, or of the data of its person, as `text` says."""
    _log(request, Kind.EXPORTED, at=at, user=user, text=text)


def answer(request: DataRequest, *, text: str, outcome: str, user: User, at: datetime) -> None:
    """Close a request with its outcome, and send the answer where the person has an address."""
    with transaction.atomic():
        row = _locked(request, Kind.ANSWERED, at=at)
        _end_pause(row, at=at)
        row.closed_at, row.outcome = at, outcome
        _tell(row, Kind.ANSWERED, at=at, user=user, text=text)
        _log(row, Kind.CLOSED, at=at, user=user, text=row.get_outcome_display())


def _moment_of(day: date, *, at: datetime) -> datetime:
    """Noon of a past day, which no change of the hour moves to another day; today, this moment."""
    noon = datetime.combine(day, NOON, tzinfo=timezone.get_default_timezone())
    return min(noon, at)


def _locked(request: DataRequest, step: Kind, *, at: datetime) -> DataRequest:
    """The row, locked until the transaction ends. Raises NotPossible."""
    # Row lock: of two colleagues who act at the same time the second sees what the first did.
    row = DataRequest.objects.select_for_update().get(pk=request.pk)
    if reason := reason_against(step, row, at=at):
        raise NotPossible(reason)
    return row


def _end_pause(row: DataRequest, *, at: datetime) -> None:
    if row.paused_on:
        row.paused_days += (timezone.localdate(at) - row.paused_on).days
        row.paused_on = None


def _tell(row: DataRequest, kind: Kind, **values: Any) -> None:
    """Save the request with a step, and mail its words to the person.

    A person who is told anything knows that we have the request: it is acknowledged too.
    """
    row.acknowledged_at = row.acknowledged_at or values["at"]
    row.save()
    step = _log(row, kind, **values)
    if row.email:
        outbox.put(kind=STEP, about=f"{row.pk} {step.pk}", at=step.taken_at)


def _log(
    request: DataRequest, kind: Kind, *, at: datetime, user: User | None, text: str = ""
) -> RequestStep:
    return request.steps.create(kind=kind, taken_at=at, user=user, text=text)
