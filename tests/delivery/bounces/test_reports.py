"""A report of a permanent failure blocks an address; no other message does (RFC 3464)."""

import io
import sys
import time
import uuid

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from delivery import outbox
from delivery.bounces import reports
from delivery.models import Mail
from tests.delivery.conftest import READER
from tests.run_once import needs_no_database

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

# Exchange folds the header with the Message-ID. Some servers return no part of the mail at all, only
# a reference to it.
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


def take(content: bytes, monkeypatch) -> str:
    """The output of `manage.py take_bounce` for a message on its standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    output = io.StringIO()
    call_command("take_bounce", stdout=output)
    return output.getvalue()


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
def test_an_address_that_does_not_exist_gets_no_more_mail(
    sent: Mail, text: str, returned: str, monkeypatch
) -> None:
    """Red when: a place where mail servers put the Message-ID is not read."""
    output = take(bounce(sent, text=text, returned=returned), monkeypatch)

    sent.refresh_from_db()
    assert output == f"The mail {sent.pk} bounced: its address gets no more mail.\n"
    assert (sent.state, sent.last_error) == (Mail.State.FAILED, "Mail to this address bounced.")
    assert outbox.is_suppressed(READER, at=timezone.now())


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("delayed", "4.4.1"),
        ("delivered", "2.0.0"),
        ("relayed", "2.0.0"),
        ("delayed", "5.1.1"),
        ("failed", ""),
        ("failed", "15.1.1"),
    ],
)
def test_a_report_of_anything_but_a_permanent_failure_is_ignored(
    sent: Mail, action: str, status: str, monkeypatch
) -> None:
    """Red when: a delay or a receipt blocks an address, or ends a mail."""
    output = take(bounce(sent, action=action, status=status), monkeypatch)

    assert output == "Ignored: not a report of a permanent failure (RFC 3464).\n"
    assert not outbox.is_suppressed(READER, at=timezone.now())
    assert Mail.objects.get().state == Mail.State.DELIVERED


def test_an_address_in_a_report_is_not_blocked(sent: Mail, monkeypatch) -> None:
    """Red when: the reader is looked up by address: then anyone could have any address blocked."""
    output = take(bounce(sent, host="elsewhere.example"), monkeypatch)

    assert output == "Ignored: a failure report, but not of a mail that this site sent.\n"
    assert not outbox.is_suppressed(READER, at=timezone.now())


def test_a_report_of_a_mail_that_is_no_longer_stored_is_ignored(sent: Mail, monkeypatch) -> None:
    deleted = Mail(id=uuid.uuid4())

    assert "no longer stored" in take(bounce(deleted), monkeypatch)


def test_a_reply_of_a_person_is_ignored(sent: Mail, monkeypatch) -> None:
    """Red when: every message with our Message-ID counts."""
    answer = f"From: anna@example.com\nIn-Reply-To: <{sent.pk}@127.0.0.1>\n\nStatus: 5.1.1\n"

    assert take(answer.encode(), monkeypatch).startswith("Ignored")


def test_fields_outside_a_delivery_status_part_are_ignored(sent: Mail, monkeypatch) -> None:
    """Red when: every part is read as if it were a `message/delivery-status`."""
    mixed = (
        f'In-Reply-To: <{sent.pk}@127.0.0.1>\nContent-Type: multipart/mixed; boundary="b"\n\n'
        "--b\nAction: failed\nStatus: 5.1.1\n\nHi\n--b--\n"
    )

    assert take(mixed.encode(), monkeypatch).startswith("Ignored")


def test_the_message_id_of_the_report_itself_is_ignored(sent: Mail, monkeypatch) -> None:
    own = bounce(sent, host="elsewhere.example").replace(
        b"<20261122101500.4F3A@mx.example.net>", f"<{sent.pk}@127.0.0.1>".encode()
    )

    assert take(own, monkeypatch).startswith("Ignored")


def test_the_same_bounce_may_come_twice(sent: Mail, monkeypatch) -> None:
    for _copy in range(2):
        assert "bounced" in take(bounce(sent), monkeypatch)


def test_a_bounce_ends_a_mail_of_a_kind_that_is_no_longer_declared(sent: Mail, monkeypatch) -> None:
    """Red when: the command fails with a traceback after a release was rolled back."""
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
def test_garbage_is_never_a_bounce_and_never_an_error(content: bytes) -> None:
    """Red when: reading a message raises any exception but NotABounce."""
    with pytest.raises(reports.NotABounce):
        reports.read(content)


def test_only_the_beginning_of_a_very_long_message_is_read(sent: Mail) -> None:
    """Red when: anyone can make the command parse gigabytes."""
    padding = b"x" * reports.MAX_BYTES
    content = bounce(sent).replace(b"This is a MIME-encapsulated message.", padding)

    with pytest.raises(reports.NotABounce):
        reports.read(content)


@needs_no_database
@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: message/rfc822\n\n" * 3000,
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
            for number in range(800)
        )
        + b"x\n" * reports.MAX_BYTES,
        b"Content-Type: multipart/report; " + b"a=b; " * reports.MAX_BYTES,
        b"Content-Type: multipart/report;\n" + b" a=b;\n" * reports.MAX_BYTES,
        b"a:\n" * reports.MAX_BYTES,
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\rContent-Type: multipart/mixed; boundary=c; "
        b'a="' + b"; " * 60_000,
        b"".join(
            b'Content-Type: multipart/mixed; boundary=b%d; a="%s\n\n--b%d\n'
            % (number, b"; " * 15_000, number)
            for number in range(7)
        ),
    ],
    ids=[
        "messages in messages",
        "parts in parts",
        "parameters",
        "folded",
        "headers",
        "bare CR",
        "long in parts",
    ],
)
def test_a_message_made_to_hurt_costs_less_than_a_second(content: bytes) -> None:
    """Red when: the parser reads any depth: a RecursionError, or a minute."""
    began = time.process_time()
    with pytest.raises(reports.NotABounce):
        reports.read(content)

    assert time.process_time() - began < 1


def test_without_a_database_the_mail_server_is_asked_to_try_again(sent: Mail, monkeypatch) -> None:
    """Red when: the bounce is lost, or returned, while PostgreSQL is gone (sysexits.h, 75)."""

    def gone(_content: bytes) -> Mail:
        raise OperationalError

    monkeypatch.setattr(reports, "read", gone)
    with pytest.raises(SystemExit) as end:
        take(bounce(sent), monkeypatch)

    assert end.value.code == 75
