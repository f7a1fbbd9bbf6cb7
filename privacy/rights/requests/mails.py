"""The mails of a request: that it was received, each step that its person has to know, and what
the data protection officer is reminded of."""

from dataclasses import replace
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from content.company import COMPANY
from delivery import outbox
from delivery.letters import Letter, letter
from delivery.outbox import Kind
from privacy.models import DataRequest, RequestStep
from privacy.rights.requests import actions, digest
from privacy.rights.requests.data_request import Right

_TEMPLATES = {
    RequestStep.Kind.EXTENDED: "privacy/mail/extended.txt",
    RequestStep.Kind.PAUSED: "privacy/mail/paused.txt",
    RequestStep.Kind.ANSWERED: "privacy/mail/answered.txt",
}
# The law asks for more words where not all is done as asked: GDPR Art. 12(4).
_AS_ASKED = {DataRequest.Outcome.DONE, DataRequest.Outcome.TAKEN_BACK}


def received(about: str, at: datetime) -> Letter | None:
    """The acknowledgement. It does not repeat what was typed: anyone can type any address."""
    request = DataRequest.objects.filter(pk=about).exclude(email="").first()
    if request is None:
        return None
    with translation.override(request.language):
        is_complaint = request.kind == Right.COMPLAINT
        subject = _("We have your complaint") if is_complaint else _("We have your request")
        return _letter(request, subject, "privacy/mail/received.txt", is_complaint=is_complaint)


def step(about: str, at: datetime) -> Letter | None:
    """An extension, a doubt about the identity, or the answer: in the words of staff."""
    _request_id, step_id = about.split()
    row = RequestStep.objects.select_related("request").filter(pk=step_id).first()
    return None if row is None or not row.request.email else letter_of(row)


def letter_of(row: RequestStep) -> Letter:
    """The letter of a step. The step may be one that is not stored yet: then it is the preview."""
    request = row.request
    with translation.override(request.language):
        is_complaint = request.kind == Right.COMPLAINT
        subjects = {
            RequestStep.Kind.EXTENDED: _("We need more time for your request"),
            RequestStep.Kind.PAUSED: _("Please show us that it is you"),
            RequestStep.Kind.ANSWERED: (
                _("The outcome of your complaint")
                if is_complaint
                else _("Our answer to your request")
            ),
        }
        kind = RequestStep.Kind(row.kind)
        context = {
            "words": row.text,
            "is_complaint": is_complaint,
            "is_as_asked": request.outcome in _AS_ASKED,
        }
        return _letter(request, subjects[kind], _TEMPLATES[kind], **context)


def _letter(request: DataRequest, subject: str, template: str, **context: object) -> Letter:
    subject = f"{subject} ({request.reference})"
    written = letter(request.email, subject, template, {"request": request, **context})
    # The address at which the policy says that requests are read.
    return replace(written, headers={"Reply-To": str(COMPANY["gdpr_email"])})


def _reader(about: str) -> str | None:
    rows = DataRequest.objects.filter(pk=about.split()[0]).exclude(email="")
    return rows.values_list("email", flat=True).first()


def register() -> None:
    outbox.register(actions.RECEIVED, Kind(received, _reader))
    outbox.register(actions.STEP, Kind(step, _reader))
    outbox.register(digest.DIGEST, Kind(digest.write, digest.reader))
