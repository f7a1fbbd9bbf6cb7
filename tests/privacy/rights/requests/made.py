"""Requests of people for tests, and the mails that they cause."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User

from delivery.letters import Letter
from delivery.models import Mail
from privacy.models import DataRequest
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions, digest, mails

WARSAW = ZoneInfo("Europe/Warsaw")
START = datetime(2026, 5, 4, 10, 0, tzinfo=WARSAW)
ANNA = Person("anna@example.com")
_WRITERS = {actions.RECEIVED: mails.received, actions.STEP: mails.step, digest.DIGEST: digest.write}


def make_request(
    kind: str = "access", *, person: Person = ANNA, at: datetime = START, **options: Any
) -> DataRequest:
    """A request from the site, in Polish, with an identity that nobody has verified."""
    request = actions.receive(person, kind=kind, language="pl", at=at, **options)
    request.refresh_from_db()
    return request


def make_complaint_by_letter(*, at: datetime = START, **options: Any) -> DataRequest:
    """A complaint of somebody without an e-mail address, which nobody has acknowledged."""
    somebody = options.pop("person", Person(""))
    return make_request("complaint", person=somebody, at=at, source="letter", **options)


def colleague(name: str = "ola") -> User:
    return User.objects.get_or_create(username=name, defaults={"is_staff": True})[0]


def letters(at: datetime = START) -> list[Letter]:
    """The letters of all mails in the queue, in the order of their steps."""
    queue = sorted(Mail.objects.all(), key=lambda mail: (mail.created_at, _step_number(mail)))
    written = (_WRITERS[mail.kind](mail.about, at) for mail in queue)
    return [letter for letter in written if letter]


def _step_number(mail: Mail) -> int:
    _request_id, _space, step_id = mail.about.partition(" ")
    return int(step_id or 0)


def kinds(request: DataRequest) -> list[str]:
    """The steps of a request."""
    return [step.kind for step in request.steps.all()]
