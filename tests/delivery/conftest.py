"""Mails of a made-up kind, and a real mail server for them."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import timezone

from delivery import outbox
from delivery.letters import Letter
from delivery.models import Mail
from delivery.outbox import Kind
from tests.mail_server import MailServer, mail_server

KIND = "test-letter"
READER = "anna@example.com"


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    """A real mail server, instead of the memory backend of pytest-django."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def write(monkeypatch):
    """A function that declares how letters of the kind KIND are written."""

    def declare(writer=None, **changed: object) -> None:
        letter = Letter(
            **{"to": READER, "subject": "Zażółć", "text": "Gęślą\n.\njaźń\n", "html": "<p>x</p>"}
            | changed
        )
        kind = Kind(writer or (lambda _about, _at: letter), reader=lambda _about: letter.to)
        monkeypatch.setitem(outbox._kinds, KIND, kind)

    declare()
    return declare


@pytest.fixture
def put(write, at):
    def put_one(**fields: object) -> Mail:
        return outbox.put(kind=KIND, about="x", at=at, **fields)

    return put_one


@pytest.fixture
def sent(put, at) -> Mail:
    """A mail that the mail server has taken."""
    mail = put()
    outbox.send_next(at)
    mail.refresh_from_db()
    return mail
