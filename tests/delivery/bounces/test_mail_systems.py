"""Reports as the common mail systems write them: only an unknown mailbox blocks its address."""

import pytest
from django.utils import timezone

from delivery import outbox, status_codes
from delivery.bounces import reports
from delivery.models import Mail
from tests.delivery.conftest import READER
from tests.run_once import needs_no_database

# The block about the recipient. Other parts differ, too, but say the same.
POSTFIX = """\
Final-Recipient: rfc822; anna@example.com
Original-Recipient: rfc822;anna@example.com
Action: failed
Status: {code}
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 {code} {text}"""
EXIM = """\
Action: failed
Final-Recipient: rfc822;anna@example.com
Status: 5.0.0
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 {code} {text}"""
EXIM_WITHOUT_CODE = EXIM.replace("550 {code}", "550")
EXCHANGE_ONLINE = """\
Final-Recipient: rfc822;anna@example.com
Action: failed
Status: {code}
Diagnostic-Code: smtp;550 {code} {text}
Remote-MTA: dns;AM0PR05CA0001.mail.protection.outlook.com"""
# A server of another make refused: Exchange gives a code of its own, and that of the server later.
EXCHANGE_OF_OTHERS = """\
Final-Recipient: rfc822;anna@example.com
Action: failed
Status: 5.0.350
Diagnostic-Code: smtp;550 5.0.350 Remote server returned an error -> 550 {code} {text}"""
GMAIL = """\
Final-Recipient: rfc822; anna@example.com
Action: failed
Status: {code}
Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.27, the server for the domain.)
Diagnostic-Code: smtp; 550-{code} {text}
 550-{code} For more information, go to
 550 {code} https://support.google.com/mail/?p=x 4f - gsmtp
Last-Attempt-Date: Sun, 22 Nov 2026 01:15:00 -0800 (PST)"""
SENDMAIL = """\
Final-Recipient: RFC822; anna@example.com
Action: failed
Status: {code}
Remote-MTA: DNS; mx.example.com
Diagnostic-Code: SMTP; 550 {code} <anna@example.com>... {text}
Last-Attempt-Date: Sun, 22 Nov 2026 10:15:00 +0100"""
AMAVIS = """\
Original-Recipient: rfc822;anna@example.com
Final-Recipient: rfc822;anna@example.com
Action: failed
Status: {code}
Diagnostic-Code: smtp; 554 {code} {text}
Last-Attempt-Date: Sun, 22 Nov 2026 10:15:00 +0100 (CET)
Final-Log-ID: 01234-05/x1y2z3"""
DELAYED = """\
Final-Recipient: rfc822; anna@example.com
Action: delayed
Status: {code}
Diagnostic-Code: smtp; 451 {code} {text}
Will-Retry-Until: Fri, 27 Nov 2026 10:15:00 +0100 (CET)"""

REPORT = """\
From: Mail Delivery System <mailer-daemon@mx.example.net>
To: bounces@voipstudio.pl
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

{recipient}

--b
Content-Type: message/rfc822

Message-ID: <{id}@127.0.0.1>
Subject: x

Hi
--b--
"""


def report(mail: Mail, *blocks: str, code: str, text: str) -> bytes:
    recipient = "\n\n".join(blocks).format(code=code, text=text)
    return REPORT.format(recipient=recipient, id=mail.pk).encode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("block", "code", "text"),
    [
        (POSTFIX, "5.1.1", "User unknown in virtual mailbox table"),
        (POSTFIX, "5.1.10", "Domain example.com does not accept mail (nullMX)"),
        (EXIM, "5.1.1", "<anna@example.com>: Recipient address rejected: User unknown"),
        (EXCHANGE_ONLINE, "5.1.10", "RESOLVER.ADR.RecipientNotFound; not found by SMTP address"),
        (EXCHANGE_ONLINE, "5.1.1", "RESOLVER.ADR.ExRecipNotFound; not found"),
        (GMAIL, "5.1.1", "The email account that you tried to reach does not exist."),
        (GMAIL, "5.2.1", "The email account that you tried to reach is disabled."),
        (SENDMAIL, "5.1.1", "User unknown"),
        (SENDMAIL, "5.1.2", "Host unknown (Name server: example.com: host not found)"),
        (SENDMAIL, "5.1.6", "User has moved"),
        (AMAVIS, "5.1.1", "Recipient unknown"),
        (AMAVIS, "5.1.3", "Bad recipient address syntax"),
    ],
)
def test_an_unknown_mailbox_blocks_its_address(sent, block: str, code: str, text: str) -> None:
    """Red when: the code is read from the wrong line of a mail system, or is not in the list."""
    reports.take(reports.read(report(sent, block, code=code, text=text)), at=timezone.now())

    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == (Mail.State.FAILED, "Mail to this address bounced.")
    assert outbox.is_suppressed(READER, at=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("block", "code", "text"),
    [
        (POSTFIX, "5.7.1", "Service unavailable; Client host blocked using zen.spamhaus.org"),
        (POSTFIX, "5.2.2", "Mailbox is full"),
        (POSTFIX, "5.4.6", "mail for example.com loops back to myself"),
        (POSTFIX, "5.1.8", "Sender address rejected: Domain not found"),
        (POSTFIX, "5.1.7", "Sender address rejected: bad syntax"),
        (POSTFIX, "5.1.0", "Address rejected"),
        (EXIM, "5.7.1", "This message was blocked: spam score 12.1.1"),
        (EXCHANGE_ONLINE, "5.7.606", "Access denied, banned sending IP [192.0.2.1]"),
        (EXCHANGE_ONLINE, "5.4.1", "Recipient address rejected: Access denied"),
        (EXCHANGE_ONLINE, "5.7.133", "RESOLVER.RST.SenderNotAuthenticatedForGroup"),
        (GMAIL, "5.7.26", "This mail has been blocked because the sender is unauthenticated."),
        (GMAIL, "5.7.0", "Mail relay denied"),
        (SENDMAIL, "5.3.4", "Message is too large"),
        (SENDMAIL, "5.6.0", "Data format error"),
        (AMAVIS, "5.7.0", "Reject, id=01234-05 - SPAM"),
        (AMAVIS, "5.7.1", "Message contains a banned part"),
    ],
)
def test_any_other_permanent_failure_ends_the_mail_and_keeps_the_address(
    sent, block: str, code: str, text: str
) -> None:
    """A day on a blocklist must not silence everybody. Red when: every 5.x.x blocks."""
    reports.take(reports.read(report(sent, block, code=code, text=text)), at=timezone.now())

    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == (Mail.State.FAILED, f"came back: {code}")
    assert not outbox.is_suppressed(READER, at=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("block", "code", "text", "error"),
    [
        (EXIM_WITHOUT_CODE, "", "Rejected for policy reasons", "5.0.0"),
        (EXCHANGE_OF_OTHERS, "5.7.1", "Blocked", "5.0.350"),
    ],
)
def test_a_failure_without_a_reason_keeps_the_address(
    sent, block: str, code: str, text: str, error: str
) -> None:
    """A bare 550 can be about the content as well."""
    reports.take(reports.read(report(sent, block, code=code, text=text)), at=timezone.now())

    sent.refresh_from_db()
    assert sent.last_error == f"came back: {error}"
    assert not outbox.is_suppressed(READER, at=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("blocks", [(POSTFIX, AMAVIS), (AMAVIS, POSTFIX)], ids=["last", "first"])
def test_a_mailbox_that_one_of_two_forwards_knows_is_not_blocked(sent, blocks) -> None:
    """Red when: the first or the last block about a recipient decides alone."""
    one, other = (
        block.replace("{code}", "5.2.2") if block is AMAVIS else block for block in blocks
    )
    reports.take(reports.read(report(sent, one, other, code="5.1.1", text="x")), at=timezone.now())

    assert not outbox.is_suppressed(READER, at=timezone.now())


TEMPORARY = [
    ("4.2.2", "Mailbox is full"),
    ("4.1.1", "Recipient unknown for now"),
    ("4.4.7", "Expired"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "text"), TEMPORARY)
def test_a_delay_is_no_bounce(sent, code: str, text: str) -> None:
    """Red when: the action is not read."""
    with pytest.raises(reports.NotABounce):
        reports.read(report(sent, DELAYED, code=code, text=text))


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "text"), TEMPORARY)
@pytest.mark.parametrize("block", [POSTFIX, EXCHANGE_ONLINE, SENDMAIL])
def test_a_temporary_failure_that_a_server_gave_up_ends_the_mail_and_keeps_the_address(
    sent, block: str, code: str, text: str
) -> None:
    """RFC 3464, 2.3.3: failed is final. Red when: staff read that the mail was delivered."""
    reports.take(reports.read(report(sent, block, code=code, text=text)), at=timezone.now())

    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == (Mail.State.FAILED, f"came back: {code}")
    assert not outbox.is_suppressed(READER, at=timezone.now())


@needs_no_database
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("550 5.1.1 User unknown", "5.1.1"),
        ("smtp; 550-5.7.26 This mail", "5.7.26"),
        ("550 blocked: 192.5.1.1", ""),
        ("550 blocked: 5.1.1.9", ""),
        ("score 15.1.1", ""),
        ("5.1.1234", ""),
        ("550 User unknown", ""),
    ],
)
def test_a_code_is_read_where_no_other_number_is_one(text: str, code: str) -> None:
    """Red when: the address of a server is read as a code."""
    assert status_codes.first_in(text) == code
