"""Reports of failures as qmail writes them: plain text (https://cr.yp.to/proto/qsbmf.txt)."""

import email
import email.policy
from email.message import Message
from typing import NamedTuple

from delivery import status_codes

_BEGINNING = "Hi. This is the"
# A paragraph that begins with a hyphen stands before the copy of the mail.
_BREAK = "\n\n-"
# For a recipient about whom the other server gave no code.
_NO_REASON = "5.0.0"


class QmailReport(NamedTuple):
    """The code for each recipient, and the mail that came back. qmail reports no mere delay."""

    codes: list[str]
    returned: Message


def read(report: Message) -> QmailReport | None:
    """What a report of qmail says; None for any other message."""
    payload = report.get_payload(decode=True)
    if report.get_content_type() != "text/plain" or not isinstance(payload, bytes):
        return None
    text = payload.decode("ascii", "replace").replace("\r\n", "\n")
    if not text.startswith(_BEGINNING):
        return None
    notice, _break, rest = text.partition(_BREAK)
    # A paragraph about a recipient begins with the address, as in <anna@example.com>:
    recipients = (part for part in notice.split("\n\n") if part.lstrip("\n").startswith("<"))
    codes = [status_codes.first_in(part) or _NO_REASON for part in recipients]
    copy = rest.partition("\n\n")[2].lstrip("\n")
    return QmailReport(codes, email.message_from_string(copy, policy=email.policy.compat32))
