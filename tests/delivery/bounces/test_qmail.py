"""Reports of qmail, which are plain text: they end a mail, and block only an unknown mailbox."""

import pytest
from django.utils import timezone

from delivery import outbox
from delivery.bounces import reports
from delivery.models import Mail
from tests.delivery.conftest import READER

pytestmark = pytest.mark.django_db

QMAIL = """\
From: MAILER-DAEMON@mx.example.net
To: bounces@voipstudio.pl
Subject: failure notice

Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

{recipient}

--- Below this line is a copy of the message.

Return-Path: <bounces@voipstudio.pl>
Received: (qmail 123 invoked from network); 22 Nov 2026 09:15:00 -0000
Message-ID: <{id}@127.0.0.1>
Subject: x

<anna@example.com>:
Hi
"""


@pytest.mark.parametrize(
    ("recipients", "error", "is_blocked"),
    [
        (["Sorry, no mailbox here by that name. (#5.1.1)"], "Mail to this address bounced.", True),
        (
            ["192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\n"
             "Giving up on 192.0.2.1."],
            "Mail to this address bounced.",
            True,
        ),
        (["Sorry, I couldn't find any host by that name. (#5.1.2)"],
         "Mail to this address bounced.", True),
        (["Remote host said: 554 5.7.1 Blocked using zen.spamhaus.org"], "came back: 5.7.1", False),
        (["Recipient's mailbox is full, message returned to sender. (#5.2.2)"],
         "came back: 5.2.2", False),
        (["I'm not going to try again; this message has been in the queue too long. (#4.4.1)"],
         "came back: 4.4.1", False),
        (["5.1.1.9 does not like recipient.\nRemote host said: 550 no"],
         "came back: 5.0.0", False),
        (["No mailbox. (#5.1.1)", "Mailbox is full. (#5.2.2)"], "came back: 5.2.2", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_report_of_qmail_is_read(
    sent, recipients: list[str], error: str, is_blocked: bool, line_end: str
) -> None:
    """Red when: only reports by RFC 3464 are read; or a code is read from the copy of the mail."""
    recipient = "\n\n".join(f"<anna@example.com>:\n{text}" for text in recipients)
    text = QMAIL.format(recipient=recipient, id=sent.pk).replace("\n", line_end)
    reports.take(reports.read(text.encode()), at=timezone.now())

    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == (Mail.State.FAILED, error)
    assert outbox.is_suppressed(READER, at=timezone.now()) is is_blocked


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hi. This is the", "Hi! This was the"),  # a person quotes a report
        ("<anna@example.com>:\nNo", "anna@example.com:\nNo"),
        ("@127.0.0.1>", "@elsewhere.example>"),
        ("--- Below", "Below"),
    ],
)
def test_a_text_that_only_resembles_a_report_of_qmail_is_ignored(
    sent, before: str, after: str
) -> None:
    text = QMAIL.format(recipient="<anna@example.com>:\nNo mailbox. (#5.1.1)", id=sent.pk)
    assert before in text

    with pytest.raises(reports.NotABounce):
        reports.read(text.replace(before, after).encode())
