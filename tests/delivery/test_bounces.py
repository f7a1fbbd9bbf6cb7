"""A mail that came back for good ends the mails to its address; nothing else does (RFC 3464)."""

import io
import sys
import uuid

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from delivery import bounces, outbox
from delivery.models import Mail
from tests.delivery.conftest import READER

pytestmark = pytest.mark.django_db

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: bounces@voipstudio.pl
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-Id: <20261122101500.4F3A@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4F3A.1/mx.example.net"

This is a MIME-encapsulated message.

--4F3A.1/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<anna@example.com>: host mx.example.com said: 550 5.1.1 User unknown

--4F3A.1/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Sun, 22 Nov 2026 10:15:00 +0100 (CET)

Final-Recipient: rfc822; anna@example.com
Original-Recipient: rfc822;anna@example.com
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--4F3A.1/mx.example.net
Content-Description: Undelivered Message
Content-Type: {returned}

From: VoIPstudio <marketing@voipstudio.pl>
To: anna@example.com
Message-ID: <{id}>
Subject: x

Hi
--4F3A.1/mx.example.net--
"""

# Exchange wraps the Message-ID and returns headers alone; some say no more than what it refers to.
EXCHANGE = """\
From: <postmaster@corp.example>
To: <bounces@voipstudio.pl>
Subject: Undeliverable: Confirm and start your trial
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"
MIME-Version: 1.0
In-Reply-To:
 <{id}>

--b1
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PGI+RGVsaXZlcnkgaGFzIGZhaWxlZDwvYj4=

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns;corp.example

Final-Recipient: rfc822;anna@example.com
action: Failed
status: 5.1.10 (RESOLVER.ADR.RecipientNotFound)

--b1--
"""


def bounce(
    mail: Mail,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = "message/rfc822",
    text: str = POSTFIX,
    host: str = "127.0.0.1",
) -> bytes:
    fields = {"action": action, "status": status, "returned": returned, "id": f"{mail.pk}@{host}"}
    return text.format(**fields).encode()


@pytest.fixture
def sent(put, at) -> Mail:
    mail = put()
    outbox.send_next(at)
    mail.refresh_from_db()
    return mail


def take(content: bytes, monkeypatch) -> str:
    """What `manage.py take_bounce` says of a message on its standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    said = io.StringIO()
    call_command("take_bounce", stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(
    ("text", "returned"),
    [
        (POSTFIX, "message/rfc822"),
        (POSTFIX, "text/rfc822-headers"),
        (POSTFIX.replace("\n", "\r\n"), "message/rfc822"),
        (EXCHANGE, ""),
    ],
    ids=["whole mail", "headers", "CRLF", "In-Reply-To"],
)
def test_an_address_that_does_not_exist_gets_no_more(
    sent: Mail, text: str, returned: str, monkeypatch
) -> None:
    """Red when: the Message-ID is not found where a mail server puts it."""
    said = take(bounce(sent, text=text, returned=returned), monkeypatch)

    sent.refresh_from_db()
    assert said == f"The mail {sent.pk} came back: its address gets no more.\n"
    assert (sent.state, sent.last_error) == (Mail.State.FAILED, "the address bounced")
    assert outbox.is_suppressed(READER, at=timezone.now())


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("delayed", "4.4.1"),
        ("delivered", "2.0.0"),
        ("relayed", "2.0.0"),
        ("failed", "4.2.2"),
        ("delayed", "5.1.1"),
        ("failed", ""),
        ("failed", "15.1.1"),
    ],
)
def test_what_is_no_permanent_failure_is_left_alone(
    sent: Mail, action: str, status: str, monkeypatch
) -> None:
    """Red when: a delay, a receipt or a full mailbox gives an address up."""
    said = take(bounce(sent, action=action, status=status), monkeypatch)

    assert said == "Left alone: no report of a permanent failure (RFC 3464).\n"
    assert not outbox.is_suppressed(READER, at=timezone.now())
    assert Mail.objects.get().state == Mail.State.DELIVERED


def test_an_address_in_a_report_gives_nobody_up(sent: Mail, monkeypatch) -> None:
    """Red when: the reader is found by an address: anybody could have any address given up."""
    said = take(bounce(sent, host="elsewhere.example"), monkeypatch)

    assert said == "Left alone: a failure, of no mail that was sent from here.\n"
    assert not outbox.is_suppressed(READER, at=timezone.now())


def test_a_mail_that_is_not_kept_any_more_is_left_alone(sent: Mail, monkeypatch) -> None:
    gone = Mail(id=uuid.uuid4())

    assert "not kept any more" in take(bounce(gone), monkeypatch)


def test_an_answer_of_a_person_is_left_alone(sent: Mail, monkeypatch) -> None:
    """Red when: whatever names our Message-ID counts."""
    answer = f"From: anna@example.com\nIn-Reply-To: <{sent.pk}@127.0.0.1>\n\nStatus: 5.1.1\n"

    assert take(answer.encode(), monkeypatch).startswith("Left alone")


def test_fields_outside_a_delivery_report_say_nothing(sent: Mail, monkeypatch) -> None:
    """Red when: every part is read as if it were a `message/delivery-status`."""
    mixed = (
        f'In-Reply-To: <{sent.pk}@127.0.0.1>\nContent-Type: multipart/mixed; boundary="b"\n\n'
        "--b\nAction: failed\nStatus: 5.1.1\n\nHi\n--b--\n"
    )

    assert take(mixed.encode(), monkeypatch).startswith("Left alone")


def test_the_report_s_own_message_id_is_none_of_ours(sent: Mail, monkeypatch) -> None:
    own = bounce(sent, host="elsewhere.example").replace(
        b"<20261122101500.4F3A@mx.example.net>", f"<{sent.pk}@127.0.0.1>".encode()
    )

    assert take(own, monkeypatch).startswith("Left alone")


def test_a_bounce_twice_is_as_good_as_once(sent: Mail, monkeypatch) -> None:
    for _copy in range(2):
        assert "came back" in take(bounce(sent), monkeypatch)


def test_a_bounce_of_a_kind_that_is_gone_still_ends_the_mail(sent: Mail, monkeypatch) -> None:
    """Red when: a rolled back release makes it a traceback."""
    monkeypatch.setattr(outbox, "_kinds", {})
    take(bounce(sent), monkeypatch)

    sent.refresh_from_db()
    assert sent.state == Mail.State.FAILED


SOME_ID = uuid.UUID(int=1)
WHOLE = bounce(Mail(id=SOME_ID))


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.binary(max_size=500),
        st.tuples(
            st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), st.binary(max_size=40)
        ).map(lambda cut: WHOLE[: cut[0]] + cut[2] + WHOLE[cut[1] :]),
    )
)
@example(b"")
@example(b"\x00" * 100)
@example(WHOLE.replace(b"message/delivery-status", b"message/delivery-status; charset=\xff"))
@example(
    WHOLE.replace(
        b"Content-Type: message/rfc822",
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
    )
)
@example(WHOLE.replace(b"Action: failed", b"Action: =?utf-8?q?failed?="))
@example(WHOLE.replace(b"Action: failed", b"Action: \xff\xfe"))
def test_garbage_is_never_more_than_no_bounce(content: bytes) -> None:
    """Red when: any exception but NoBounce comes out of reading a message."""
    with pytest.raises(bounces.NoBounce):
        bounces.returned_mail(content)


def test_of_a_message_without_end_the_beginning_is_read(sent: Mail) -> None:
    """Red when: somebody can have gigabytes parsed."""
    padding = b"x" * bounces.MAX_BYTES
    content = bounce(sent).replace(b"This is a MIME-encapsulated message.", padding)

    with pytest.raises(bounces.NoBounce):
        bounces.returned_mail(content)


def test_without_a_database_the_mail_server_comes_again(sent: Mail, monkeypatch) -> None:
    """Red when: the bounce is lost, or returned, while PostgreSQL is gone (sysexits.h, 75)."""

    def gone(_content: bytes) -> Mail:
        raise OperationalError

    monkeypatch.setattr(bounces, "returned_mail", gone)
    with pytest.raises(SystemExit) as end:
        take(bounce(sent), monkeypatch)

    assert end.value.code == 75
