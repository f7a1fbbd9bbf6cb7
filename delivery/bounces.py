"""Mails that came back: delivery status notifications (RFC 3464), read for one answer alone.

Whose mail came back is found by our own Message-ID, never by an address in the notification: so
nobody can have somebody else's address given up by writing to us.
"""

import email
import email.policy
import re
import uuid
from collections.abc import Iterator
from email.message import Message

from django.conf import settings

from delivery.models import Mail

# More than any notification needs; a mail server may return the whole mail.
MAX_BYTES = 1024 * 1024
# Where the Message-ID of ours stands in what a server returns or answers.
_REFERENCES = ("Message-ID", "In-Reply-To", "References", "Original-Message-ID")
_RETURNED = {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}
_STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")


class NoBounce(Exception):
    """The message is no report that a mail of ours came back for good. Its text says why."""


def returned_mail(content: bytes) -> Mail:
    """The mail that a notification says has failed for good. Raises NoBounce."""
    report = email.message_from_bytes(content[:MAX_BYTES], policy=email.policy.compat32)
    if not _has_failed_for_good(report):
        raise NoBounce("no report of a permanent failure (RFC 3464)")
    ids = set(_our_ids(report))
    if not ids:
        raise NoBounce("a failure, of no mail that was sent from here")
    mail = Mail.objects.filter(pk__in=ids).first()
    if mail is None:
        raise NoBounce("a failure, of a mail that is not kept any more")
    return mail


def _has_failed_for_good(report: Message) -> bool:
    """Whether any part about a recipient says `Action: failed` with a status of class 5."""
    return any(
        _text(block, "Action").lower() == "failed" and _STATUS.match(_text(block, "Status"))
        for part in report.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in _parts(part)
    )


def _our_ids(report: Message) -> Iterator[uuid.UUID]:
    """Our Message-IDs: in the mail that came back, or in what the report refers to."""
    for headers in (report, *_returned_headers(report)):
        for name in _REFERENCES:
            if headers is report and name == "Message-ID":
                continue  # the report's own
            for value in headers.get_all(name, []):
                yield from _ids_in(str(value))


def _ids_in(value: str) -> Iterator[uuid.UUID]:
    host = re.escape(settings.SITE_HOST)
    for found in re.findall(rf"<([0-9a-f-]{{36}})@{host}>", value, flags=re.IGNORECASE):
        try:
            yield uuid.UUID(found)
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
