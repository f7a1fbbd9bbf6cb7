"""Mails on their way. An app declares the kinds that it sends in its `mails.py`, by `register`.

A row says only of which kind a mail is and what it is about; who gets it and what it says is asked
when it is sent. So nobody's address is kept twice, a token lives in no row, and a mail that has
become pointless meanwhile is not sent.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, InterfaceError, OperationalError

from delivery import addresses, smtp
from delivery.deliveries import describe, where
from delivery.models import Mail, SuppressedAddress

logger = logging.getLogger(__name__)

# How long no mail goes to an address that bounced: as long as anything optional is kept.
SUPPRESSION = timedelta(days=90)


@dataclass(frozen=True)
class Letter:
    """A mail as its reader gets it, in text and in HTML."""

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """What a mail of one kind is, by what it is about."""

    # The letter at a moment, or None where it is no longer needed. Writing it may make a token.
    write: Callable[[str, datetime], Letter | None]
    # The address that it goes to, or None where nobody knows any more.
    reader: Callable[[str], str | None]


_kinds: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Declare a kind of mail."""
    _kinds[name] = kind


def put(*, kind: str, about: object, at: datetime, send_at: datetime | None = None) -> Mail:
    """Have a mail sent, at once or later. Call it in the transaction of what causes it."""
    return Mail.objects.create(
        kind=kind, about=str(about), created_at=at, next_attempt_at=send_at or at
    )


def send_next(at: datetime) -> bool:
    """Send one due mail, and say whether there was one. A job of the worker."""
    mail = Mail.objects.claim_next(at=at)
    if mail is None:
        return False
    try:
        letter = _kinds[mail.kind].write(mail.about, at)
    except (OperationalError, InterfaceError):
        raise  # the database is gone: the lease ends, and the mail is due again
    except Exception as error:  # a kind or a column that another release knows
        logger.error("%s could not be written: %s\n%s", mail, describe(error), where(error))
        mail.retry_later(at=at, error=describe(error))
        return True
    if letter is None:
        mail.finish(Mail.State.CANCELED, at=at)
    elif is_suppressed(letter.to, at=at):
        mail.finish(Mail.State.FAILED, at=at, error="the address bounced")
    elif mail.possible_copies >= Mail.MAX_COPIES:
        mail.finish(Mail.State.FAILED, at=at, error="sent twice perhaps; nobody knows")
    else:
        _send(mail, letter, at=at)
    return True


def suppress(address: str, *, at: datetime) -> None:
    """Send nothing more to an address that does not exist."""
    SuppressedAddress.objects.update_or_create(
        key=addresses.suppression_key(address), defaults={"expires_at": at + SUPPRESSION}
    )


def is_suppressed(address: str, *, at: datetime) -> bool:
    key = addresses.suppression_key(address)
    return SuppressedAddress.objects.filter(key=key, expires_at__gt=at).exists()


def lift(address: str) -> bool:
    """Send to an address again, as somebody knows better. Returns whether it was suppressed."""
    key = addresses.suppression_key(address)
    return bool(SuppressedAddress.objects.filter(key=key).delete()[0])


def address_of(mail: Mail) -> str | None:
    """Whom a mail is for; None where nobody knows any more."""
    kind = _kinds.get(mail.kind)
    return kind.reader(mail.about) if kind else None


def take_bounce(mail: Mail, *, at: datetime) -> bool:
    """A mail came back for good: its reader, where still known, gets no more. Returns whether."""
    address = address_of(mail)
    if address:
        suppress(address, at=at)
    mail.finish(Mail.State.FAILED, at=at, error="the address bounced")
    return bool(address)


def _send(mail: Mail, letter: Letter, *, at: datetime) -> None:
    """Give the letter to the mail server. What it may have taken counts as a copy before it has."""
    try:
        smtp.submit(_message(mail, letter), before_content=lambda: _count_copy(mail))
    except _TakenOver:
        return
    except smtp.Unsendable as error:
        mail.finish(Mail.State.FAILED, at=at, error=str(error))
    except smtp.Refused as refusal:
        _take_refusal(mail, letter, refusal, at=at)
    except DatabaseError:
        raise
    except Exception as error:  # down, unreachable, hung up; a password that it does not take
        if not isinstance(error, OSError):
            logger.error("%s could not be sent: %s\n%s", mail, describe(error), where(error))
        mail.retry_later(at=at, error=describe(error, getattr(error, "smtp_code", "")))
    else:
        mail.finish(Mail.State.DELIVERED, at=at)


class _TakenOver(Exception):
    """This worker was so slow that another one has the mail now."""


def _count_copy(mail: Mail) -> None:
    if not mail.write(possible_copies=mail.possible_copies + 1):
        raise _TakenOver


def _take_refusal(mail: Mail, letter: Letter, refusal: smtp.Refused, *, at: datetime) -> None:
    if refusal.step == "DATA" and not mail.write(possible_copies=mail.possible_copies - 1):
        return
    if refusal.is_of_address:
        suppress(letter.to, at=at)
    if refusal.is_final:
        mail.finish(Mail.State.FAILED, at=at, error=str(refusal))
    else:
        mail.retry_later(at=at, error=str(refusal))


def _message(mail: Mail, letter: Letter) -> EmailMultiAlternatives:
    """The same Message-ID for every copy, so that mail programs can show one."""
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": f"<{mail.pk}@{settings.SITE_HOST}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answer, please
            **letter.headers,
        },
    )
    message.attach_alternative(letter.html, "text/html")
    return message
