"""One case as plain data: the request, its clocks, its steps and answers, for the files of the
company or of a supervisory authority."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from delivery.models import Mail
from evidence.admin import moment_text
from privacy.models import DataRequest, RequestStep
from privacy.rights.cases.case import names_of
from privacy.rights.requests import actions, clock_text


@dataclass(frozen=True)
class TakenStep:
    """A step, and what became of the mail or the letter to the person."""

    step: RequestStep
    how_told: str


def content(request: DataRequest, *, at: datetime) -> dict[str, Any]:
    """The case as plain data, ready for JSON, in the active language."""
    return {
        "made_at": _iso(at),
        "reference": request.reference,
        "right": {"code": request.kind, "name": request.get_kind_display()},
        "received": {
            "on": request.received_on.isoformat(),
            "how": request.get_source_display(),
            "language": request.language,
            "text": request.text,
        },
        "person": names_of(request.person),
        "is_identity_verified": request.is_verified,
        "clocks": [
            {
                "name": clock.name,
                "last_day": clock.last_day.isoformat() if clock.last_day else None,
                "text": clock.text,
            }
            for clock in clock_text.clocks(request, at=at)
        ],
        "answer_due_on": request.due_on.isoformat(),
        "acknowledged_at": _iso(request.acknowledged_at),
        "extended_at": _iso(request.extended_at),
        "paused_on": request.paused_on.isoformat() if request.paused_on else None,
        "days_paused": request.paused_days,
        "closed_at": _iso(request.closed_at),
        "outcome": {"code": request.outcome, "name": request.get_outcome_display()},
        "steps": [_step(step) for step in steps_of(request)],
    }


def facts(request: DataRequest) -> list[tuple[str, str]]:
    """What the request is, for people: name and value."""
    paused = [(_("Days paused"), str(request.paused_days))] if request.paused_days else []
    closed = [
        (_("Outcome"), request.get_outcome_display()),
        (_("Answered at"), moment_text(request.closed_at)),
    ]
    return [
        (_("Right"), capfirst(request.get_kind_display())),
        (
            _("Received"),
            f"{date_format(request.received_on)}, {request.get_source_display()}",
        ),
        (_("Person"), ", ".join(names_of(request.person)) or _("named in the text")),
        (_("Identity"), _("verified") if request.is_verified else _("not verified")),
        (_("Language"), request.get_language_display()),
        *paused,
        *([] if request.is_open else closed),
    ]


def steps_of(request: DataRequest) -> list[TakenStep]:
    """The steps in their order."""
    states = _states_of_mails(request)
    return [
        TakenStep(step, _("by letter") if step.is_by_letter else states.get(_about(step), ""))
        for step in request.steps.select_related("user", "request")
    ]


def _about(step: RequestStep) -> str:
    """What the mail of a step is about: actions.py queues the acknowledgement for the request."""
    is_acknowledgement = step.kind == RequestStep.Kind.ACKNOWLEDGED
    return f"{step.request_id}" if is_acknowledgement else f"{step.request_id} {step.pk}"


def _states_of_mails(request: DataRequest) -> Mapping[str, str]:
    """The state of the newest mail of each step, as staff may send one again."""
    kinds = (actions.RECEIVED, actions.STEP)
    mails = Mail.objects.about_any([request.pk]).filter(kind__in=kinds).order_by("created_at")
    text = _("e-mail: %(state)s")
    return {mail.about: text % {"state": mail.get_state_display()} for mail in mails}


def _step(taken: TakenStep) -> dict[str, Any]:
    step = taken.step
    return {
        "step": {"code": step.kind, "name": step.get_kind_display()},
        "at": _iso(step.taken_at),
        "by": str(step.user) if step.user else None,
        "words": step.text,
        "told": taken.how_told,
    }


def _iso(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None
