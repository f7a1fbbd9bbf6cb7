"""Mails that came back to BOUNCE_ADDRESS: which mail of ours it is, and what follows.

Reports are read as RFC 3464 defines them, and as qmail writes them.

The mail is found by our own Message-ID, never by an address in the notification: otherwise anyone
could write to us and have the address of another person blocked.
"""

import email
import email.policy
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from typing import NamedTuple

from django.conf import settings

from delivery import outbox, status_codes
from delivery.bounces import qmail
from delivery.models import Mail

# A notification may return the whole mail, and ours are smaller. The rest of a longer one is not
# parsed, so that no sender can fill the memory.
MAX_BYTES = 256 * 1024
# A report has fewer than ten. Each may lie in the one before it, where the parser takes a time that
# grows with the depth, and ends with a RecursionError.
MAX_CONTAINERS = 30
_CONTAINER = re.compile(rb"(?:multipart|message)/", flags=re.IGNORECASE)
# The parser looks for parameters here, in a time that grows with the square of the length. Real
# ones have some hundred bytes.
_LONG_HEADER = re.compile(
    rb"^Content-Type:(?:[^\n]|\n[ \t]){4096}", flags=re.MULTILINE | re.IGNORECASE
)
# Headers in which a mail server repeats our Message-ID.
_REFERENCES = ("Message-ID", "In-Reply-To", "References", "Original-Message-ID")
_RETURNED = {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}
# Class 5 is a permanent failure; 4 is one that was temporary until the server gave up. Subject 0
# says nothing of the reason (RFC 3463).
_FAILURES, _NO_REASON = ("4.", "5."), "5.0."


class NotABounce(Exception):
    """The message does not report that a mail of ours was given up. Its text says why."""


class Bounce(NamedTuple):
    """A mail that a server gave up, and the enhanced status code that says why."""

    mail: Mail
    code: str

    @property
    def is_of_address(self) -> bool:
        """Whether the mailbox is unknown. Most other reasons are gone another day."""
        return status_codes.says_mailbox_is_unknown(self.code)


def read(content: bytes) -> Bounce:
    """What a notification says about a mail of ours. Raises NotABounce."""
    # The parser takes a bare CR for the end of a line.
    content = content[:MAX_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if len(_CONTAINER.findall(content)) > MAX_CONTAINERS:
        raise NotABounce("nested deeper than any report")
    if _LONG_HEADER.search(content):
        raise NotABounce("a header longer than that of any report")
    report = email.message_from_bytes(content, policy=email.policy.compat32)
    plain = qmail.read(report)
    codes = plain.codes if plain else list(_failures(report))
    if not codes:
        raise NotABounce("not a report of a permanent failure (RFC 3464)")
    ids = set(_our_ids(report, *([plain.returned] if plain else _returned_headers(report))))
    if not ids:
        raise NotABounce("a failure report, but not of a mail that this site sent")
    mail = Mail.objects.filter(pk__in=ids).first()
    if mail is None:
        raise NotABounce("a failure report of a mail that is no longer stored")
    # A mail that was forwarded to several mailboxes can fail at each for another reason.
    others = (code for code in codes if not status_codes.says_mailbox_is_unknown(code))
    return Bounce(mail, next(others, codes[0]))


def take(bounce: Bounce, *, at: datetime) -> None:
    """Give up the mail. Block its address only if the mailbox is unknown."""
    if bounce.is_of_address:
        block_reader(bounce.mail, at=at)
    else:
        bounce.mail.finish(Mail.State.FAILED, at=at, error=f"came back: {bounce.code}")


def block_reader(mail: Mail, *, at: datetime) -> bool:
    """Give up a mail that came back, and block its address.

    Returns False if the address is no longer stored, so that nothing was blocked.
    """
    address = outbox.address_of(mail)
    if address:
        outbox.suppress(address, at=at)
    mail.finish(Mail.State.FAILED, at=at, error=outbox.BOUNCED)
    return bool(address)


def _failures(report: Message) -> Iterator[str]:
    """The code of each block about a recipient with `Action: failed`: the server gave up."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _parts(part):
            code = status_codes.first_in(_text(block, "Status"))
            if _text(block, "Action").lower() == "failed" and code.startswith(_FAILURES):
                yield _reason(block) if code.startswith(_NO_REASON) else code


def _reason(block: Message) -> str:
    """The code in the answer of the other server, which Exim repeats beside a status of 5.0.0."""
    answer = status_codes.first_in(str(block.get("Diagnostic-Code", "")))
    return answer or status_codes.first_in(_text(block, "Status"))


def _our_ids(report: Message, *returned: Message) -> Iterator[uuid.UUID]:
    """Our Message-IDs, from the returned mail or from the references of the report."""
    for headers in (report, *returned):
        for name in _REFERENCES:
            if headers is report and name == "Message-ID":
                continue  # this one identifies the report itself
            for value in headers.get_all(name, []):
                yield from _ids_in(str(value))


def _ids_in(value: str) -> Iterator[uuid.UUID]:
    host = re.escape(settings.SITE_HOST)
    for text in re.findall(rf"<([0-9a-f-]{{36}})@{host}>", value, flags=re.IGNORECASE):
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue


def _returned_headers(report: Message) -> Iterator[Message]:
    for part in report.walk():
        if part.get_content_type() not in _RETURNED:
            continue
        if inner := _parts(part):
            yield inner[0]
        else:
            payload = part.get_payload(decode=True)
            text = payload if isinstance(payload, bytes) else b""
            yield email.message_from_bytes(text, policy=email.policy.compat32)


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    if not isinstance(payload, list):
        return []
    return [part for part in payload if isinstance(part, Message)]


def _text(headers: Message, name: str) -> str:
    """The value of a header, without the comment that may follow it."""
    return str(headers.get(name, "")).partition("(")[0].strip()
