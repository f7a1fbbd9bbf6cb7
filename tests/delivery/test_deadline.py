"""A peer that sends a byte now and then holds no worker: the whole attempt has a deadline."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from django.core.mail.utils import DNS_NAME

from delivery import deadline, outbox
from delivery.deliveries import LEASE
from delivery.models import Mail
from tests.dripping_server import dripping_server
from tests.factories import make_trial
from tests.mail_server import mail_server
from tests.running_site import ROOT
from trial.models import HandOver
from trial.phone_system import hand_over

# A record of a TLS handshake that announces 16 KB.
TLS_RECORD = b"\x16\x03\x03\x40\x00"
# Far more than the deadline in these tests, far less than the server goes on.
SOON_SECONDS = 10


@pytest.fixture
def short(monkeypatch) -> None:
    monkeypatch.setattr(deadline, "ATTEMPT_SECONDS", 0.3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scheme", "at_once", "in_drops"),
    [
        ("http", b"", b"H"),
        ("http", b"HTTP/1.1 204 No Content\r\n", b"X-A: b\r\n"),
        ("http", b"HTTP/1.1 204 No Content\r\nX-A: ", b"b"),
        ("https", TLS_RECORD, b"\x02"),
    ],
    ids=["status", "headers", "one header", "TLS"],
)
def test_a_hand_over_to_a_dripping_receiver_ends_and_is_retried(
    settings, at, short, scheme: str, at_once: bytes, in_drops: bytes
) -> None:
    """Red when: only each read has a timeout; or headers that were cut off count as an answer."""
    with dripping_server(at_once, in_drops) as server:
        settings.PROVISIONING_URL = f"{scheme}://127.0.0.1:{server.port}/"
        settings.PROVISIONING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        make_trial(at=at)
        began = time.monotonic()
        assert hand_over.deliver_next(at) is True
        assert time.monotonic() - began < SOON_SECONDS

    row = HandOver.objects.get()
    assert (row.state, row.last_error) == (HandOver.State.WAITING, "TimeoutError")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("uses_ssl", "at_once", "in_drops"),
    [(False, b"", b"2"), (False, b"220 mx\r\n", b"250-A\r\n"), (True, TLS_RECORD, b"\x02")],
    ids=["greeting", "answer", "TLS"],
)
def test_a_mail_to_a_dripping_server_ends_and_is_retried(
    settings, put, at, short, uses_ssl: bool, at_once: bytes, in_drops: bytes
) -> None:
    """Red when: only each read has a timeout: one such server would hold all mail."""
    mail = put()
    with dripping_server(at_once, in_drops) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_SSL = uses_ssl
        began = time.monotonic()
        assert outbox.send_next(at) is True
        assert time.monotonic() - began < SOON_SECONDS

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (Mail.State.WAITING, "TimeoutError")
    assert mail.possible_copies == 0


@pytest.mark.django_db
def test_no_connection_is_opened_after_the_deadline(settings, put, at, monkeypatch) -> None:
    """Red when: a host with many addresses gets the timeout of a connection for each."""
    monkeypatch.setattr(deadline, "ATTEMPT_SECONDS", 0.0)
    mail = put()
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        outbox.send_next(at)

    mail.refresh_from_db()
    assert (mail.state, mail.last_error, server.sessions) == ("waiting", "TimeoutError", 0)


@pytest.fixture(params=["the host", "our own name"])
def silent_name_server(request, monkeypatch) -> Iterator[None]:
    """Look-ups that wait until the end of the test, as those of a name server that is gone."""
    end = threading.Event()

    def wait(*_arguments) -> None:
        end.wait(SOON_SECONDS)
        raise socket.gaierror

    if request.param == "the host":
        monkeypatch.setattr(socket, "getaddrinfo", wait)
    else:
        monkeypatch.setattr(socket, "getfqdn", wait)
        monkeypatch.delattr(DNS_NAME, "_fqdn", raising=False)
    yield
    end.set()


@pytest.mark.django_db
def test_a_mail_does_not_wait_for_a_silent_name_server(
    settings, put, at, short, silent_name_server
) -> None:
    """Red when: a look-up has the limits of the system, which can be minutes."""
    mail = put()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example", 25

    began = time.monotonic()
    outbox.send_next(at)

    assert time.monotonic() - began < SOON_SECONDS
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (Mail.State.WAITING, "TimeoutError")


@pytest.mark.django_db
@pytest.mark.parametrize("silent_name_server", ["the host"], indirect=True)
def test_a_hand_over_does_not_wait_for_a_silent_name_server(
    settings, at, short, silent_name_server
) -> None:
    settings.PROVISIONING_URL = "https://phone.example/"
    settings.PROVISIONING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    make_trial(at=at)

    began = time.monotonic()
    hand_over.deliver_next(at)

    assert time.monotonic() - began < SOON_SECONDS
    assert HandOver.objects.get().last_error == "TimeoutError"


def test_an_attempt_ends_before_its_lease_and_before_the_worker_is_killed() -> None:
    """Kubernetes gives a process 30 seconds to stop, compose.yaml gives the worker more."""
    assert deadline.ATTEMPT_SECONDS < 30 < LEASE.total_seconds()
    assert "stop_grace_period: 1m" in (ROOT / "compose.yaml").read_text()
