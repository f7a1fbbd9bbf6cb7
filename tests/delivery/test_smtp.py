"""The answers of a mail server, and the state of the mail after each."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as django_mail

from delivery import outbox
from delivery.deliveries import BACKOFF
from delivery.models import Mail, SuppressedAddress
from tests.delivery.conftest import READER
from tests.mail_server import HANG_UP, mail_server

pytestmark = pytest.mark.django_db

State = Mail.State


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_temporary_refusal_is_retried_at_growing_intervals(server, put, at, step: str) -> None:
    """Red when: `retry_later` always waits as long, or a refused copy is counted."""
    mail = put()
    server.answers[step] = "451 4.7.1 Greylisted, anna@example.com"
    waits = []
    while mail.state == State.WAITING:
        assert outbox.send_next(mail.next_attempt_at) is True
        before = mail.next_attempt_at
        mail.refresh_from_db()
        waits.append(mail.next_attempt_at - before)

    assert tuple(waits) == (*BACKOFF, timedelta(0))
    assert mail.state == State.FAILED
    assert mail.last_error == f"{step} refused: 451 4.7.1"
    assert mail.possible_copies == 0


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_mail_still_arrives_after_many_temporary_refusals(server, put, at, step: str) -> None:
    """Red when: `_take_refusal` does not lower `possible_copies`."""
    mail = put()
    server.answers[step] = "451 4.3.0 Try later"
    for _attempt in range(5):
        outbox.send_next(mail.next_attempt_at)
        mail.refresh_from_db()
    server.answers.clear()
    outbox.send_next(mail.next_attempt_at)

    assert server.copies == {READER: 1}


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_no_copy_is_counted_when_the_server_hangs_up_before_the_content(
    server, put, at, step: str
) -> None:
    """Red when: the copy is counted before MAIL: two broken connections would lose the mail."""
    mail = put()
    server.answers[step] = f"250 {HANG_UP}"
    for _attempt in range(4):
        outbox.send_next(mail.next_attempt_at)
        mail.refresh_from_db()
    assert (mail.state, mail.possible_copies) == (State.WAITING, 0)
    assert mail.last_error == "SMTPServerDisconnected"
    server.answers.clear()
    outbox.send_next(mail.next_attempt_at)

    assert server.copies == {READER: 1}


@pytest.mark.parametrize("answer", [f"250 {HANG_UP}", "200 Perhaps"])
def test_a_server_that_did_not_confirm_gets_a_second_copy_and_no_third(
    server, put, at, answer: str
) -> None:
    """Red when: `possible_copies` is not raised before the content, or not checked; or every
    SMTPDataError counts as a refusal."""
    mail = put()
    server.answers["DATA"] = answer
    for _attempt in range(4):
        outbox.send_next(mail.next_attempt_at)
        mail.refresh_from_db()

    assert server.copies == {READER: 2}
    error = outbox.POSSIBLY_SENT_TWICE
    assert (mail.state, mail.last_error) == (State.FAILED, error)
    first, second = server.received
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_a_connection_that_breaks_after_the_answer_changes_nothing(
    server, put, at, monkeypatch
) -> None:
    """Red when: an error at QUIT counts as a failed attempt."""

    def broken(smtp: smtplib.SMTP) -> None:
        smtp.close()
        raise smtplib.SMTPResponseException(500, b"Line too long.")

    mail = put()
    monkeypatch.setattr("smtplib.SMTP.quit", broken)
    outbox.send_next(at)

    mail.refresh_from_db()
    assert (mail.state, server.copies) == (State.DELIVERED, {READER: 1})


def test_staff_who_try_again_cause_no_third_copy(server, put, at) -> None:
    """Red when: `try_again` resets the copies."""
    mail = put()
    server.answers["DATA"] = f"250 {HANG_UP}"
    for _attempt in range(3):
        outbox.send_next(mail.next_attempt_at)
        mail.refresh_from_db()
    mail.try_again(at=at)
    assert outbox.send_next(at) is True

    assert server.copies == {READER: 2}


@pytest.mark.parametrize(
    "answer", ["550 No such user", "550 5.1.1 Unknown", "551 5.1.6 Moved", "550 5.2.1 Disabled"]
)
def test_an_address_that_does_not_exist_gets_no_more_mail(server, put, at, answer: str) -> None:
    """Red when: a permanent refusal at RCPT blocks no address, or the block is not checked."""
    first, second = put(), put()
    server.answers["RCPT"] = answer
    outbox.send_next(at)
    server.answers.clear()
    outbox.send_next(at)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.FAILED, State.FAILED)
    assert second.last_error == "Mail to this address bounced."
    assert server.received == []
    assert outbox.is_suppressed(READER.upper(), at=at)
    assert not outbox.is_suppressed(READER, at=at + timedelta(days=90))
    assert READER not in str(SuppressedAddress.objects.values())


@pytest.mark.parametrize(
    "answer",
    [
        "554 5.7.1 Relay access denied",
        "530 5.7.0 Authenticate",
        "550 5.7.1 On a list",
        "550 5.1.8 Sender's domain not found",
        "550 5.1.7 Sender's address has no valid syntax",
        "550 5.1.0 Rejected",
    ],
)
def test_a_refusal_of_us_as_sender_does_not_block_the_address(server, put, at, answer: str) -> None:
    """Red when: every 5xx at RCPT is final: a wrong password would lose every mail of a day."""
    mail = put()
    server.answers["RCPT"] = answer
    outbox.send_next(at)
    mail.refresh_from_db()
    assert mail.state == State.WAITING
    server.answers.clear()
    outbox.send_next(mail.next_attempt_at)

    assert server.copies == {READER: 1}


def test_a_permanent_refusal_of_the_content_fails_the_mail_but_blocks_no_address(
    server, put, at
) -> None:
    """Red when: a 5xx at DATA is retried for two days, or blocks the address."""
    mail = put()
    server.answers["DATA"] = "554 5.7.1 This looks like spam"
    outbox.send_next(at)

    mail.refresh_from_db()
    assert (mail.state, mail.possible_copies) == (State.FAILED, 0)
    assert mail.last_error == "DATA refused: 554 5.7.1"
    assert not outbox.is_suppressed(READER, at=at)


def test_a_mail_waits_while_the_mail_server_is_down(settings, put, at) -> None:
    """Red when: an error at connecting is not caught."""
    with mail_server() as stopped:
        pass
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", stopped.port
    mail = put()
    assert outbox.send_next(at) is True

    mail.refresh_from_db()
    assert (mail.state, mail.possible_copies) == (State.WAITING, 0)
    assert mail.last_error == "ConnectionRefusedError"
    assert mail.next_attempt_at == at + BACKOFF[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"EMAIL_USE_TLS": True},
        {"EMAIL_HOST_USER": "a", "EMAIL_HOST_PASSWORD": "hasło"},
        {"EMAIL_USE_TLS": True, "EMAIL_USE_SSL": True},
    ],
    ids=["no STARTTLS", "no AUTH", "both kinds of TLS"],
)
def test_wrong_settings_of_the_mail_server_lose_no_mail(
    server, put, at, settings, changed: dict[str, object]
) -> None:
    """Red when: only OSError is caught: ValueError and UnicodeError would end the worker."""
    for name, value in changed.items():
        setattr(settings, name, value)
    mail = put()
    assert outbox.send_next(at) is True

    mail.refresh_from_db()
    assert (mail.state, mail.possible_copies) == (State.WAITING, 0)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"to": "józef@example.com"}, "the address needs SMTPUTF8"),
        ({"to": "anna@example..com"}, "the address has no valid domain"),
        ({"to": "anna@example.com>\r\nRCPT TO:<eve@example.com"}, "not a valid address"),
        ({"subject": "Hi\r\nBcc: eve@example.com"}, "the message cannot be built: BadHeaderError"),
    ],
    ids=["not ASCII", "no domain", "two commands", "two headers"],
)
def test_a_mail_that_smtp_cannot_carry_fails_at_once_and_says_why(
    server, put, at, write, changed: dict[str, str], error: str
) -> None:
    """Red when: `Unsendable` is retried, or a line break in an address or a subject goes out."""
    write(**changed)
    mail = put()
    assert outbox.send_next(at) is True

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (State.FAILED, error)
    assert server.sessions == 0


def test_a_domain_with_polish_letters_is_written_in_ascii(server, put, at, write) -> None:
    """RFC 5891. Red when: the domain goes into the envelope as it was typed."""
    write(to="anna@żółw.pl")
    put()
    outbox.send_next(at)

    assert server.copies == {"anna@xn--w-uga1v8h.pl": 1}


def test_without_a_mail_server_mails_go_where_the_settings_say(put, at) -> None:
    """In development the backend writes files; here it is the memory."""
    mail = put()
    outbox.send_next(at)

    mail.refresh_from_db()
    assert [message.to for message in django_mail.outbox] == [[READER]]
    assert mail.state == State.DELIVERED
