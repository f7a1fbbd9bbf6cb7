"""Sends the mails that wait in the queue, and tries again what fails.

An app declares the kinds of mail that it sends in its `mails.py`, by `register`.

A row holds the kind of a mail and the id of its subject. Its address and its words are looked up
when it is sent: so no address is stored twice, no row holds a token, and a mail that is no longer
needed is not sent.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from delivery import addresses, smtp
from delivery.deliveries import kind_and_code
from delivery.letters import Letter
from delivery.models import Mail, SuppressedAddress
from evidence.keyed_hashes import all_keyed_hashes, keyed_hash

logger = logging.getLogger(__name__)

_SUPPRESSED = "mail:suppressed"
# The name space of the numbers of mails that are queued once (RFC 9562, 5.5).
_ONCE = uuid.UUID("6f1b2f6e-0c1d-4a53-9a0e-5d2f1a7c3b90")

# Stored in English; the admin translates them.
BOUNCED = gettext_noop("Mail to this address bounced.")
POSSIBLY_SENT_TWICE = gettext_noop(
    "The mail server confirmed neither of two copies, so the mail may have arrived twice."
)


# When a mail of somebody whose data is restricted is looked at again.
ASK_AGAIN_AFTER = timedelta(hours=1)


class Restricted(Exception):
    """The data of the reader may not be used now: the mail waits, and loses no attempt."""


@dataclass(frozen=True)
class Kind:
    """One kind of mail: both functions take the id of its subject (`Mail.about`)."""

    # The letter at a moment; None if it is no longer needed. Writing it may create a token, and
    # raises Restricted where the mail has to wait.
    write: Callable[[str, datetime], Letter | None]
    # The address of the reader; None if it is no longer stored.
    reader: Callable[[str], str | None]


_kinds: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Declare a kind of mail."""
    _kinds[name] = kind


def kinds() -> list[str]:
    """The names of all kinds that are declared."""
    return sorted(_kinds)


def put(*, kind: str, about: object, at: datetime, send_at: datetime | None = None) -> Mail:
    """Queue a mail, to be sent at once or later. Call it in the transaction of its cause."""
    return Mail.objects.create(
        kind=kind, about=str(about), created_at=at, next_attempt_at=send_at or at
    )


def put_once(*, kind: str, about: object, at: datetime) -> bool:
    """Queue a mail, unless one of this kind about the same was queued before. Says whether it did.

    Also of two processes at the same moment only one does: the number of the row is made of both.
    """
    fields = {"kind": kind, "about": str(about), "created_at": at, "next_attempt_at": at}
    return Mail.objects.get_or_create(pk=_only_number(kind, about), defaults=fields)[1]


def is_put(*, kind: str, about: object) -> bool:
    """Whether `put_once` has queued it."""
    return Mail.objects.filter(pk=_only_number(kind, about)).exists()


def _only_number(kind: str, about: object) -> uuid.UUID:
    return uuid.uuid5(_ONCE, f"{kind} {about}")


def send_next(at: datetime) -> bool:
    """Send one due mail. Returns whether there was one. A job of the worker."""
    mail = Mail.objects.claim_next(at=at)
    if mail is None:
        return False
    try:
        letter = _kinds[mail.kind].write(mail.about, at)
    except Restricted:
        mail.postpone(until=at + ASK_AGAIN_AFTER)
        return True
    except (OperationalError, InterfaceError):
        raise  # the database is gone: when the lease ends, the mail is due again
    except Exception as error:  # as from a kind or a column of another release
        logger.exception("%s could not be written.", mail)
        mail.retry_later(at=at, error=kind_and_code(error))
        return True
    if letter is None:
        _give_up_unneeded(mail, at=at)
    elif is_suppressed(letter.to, at=at):
        mail.finish(Mail.State.FAILED, at=at, error=BOUNCED)
    elif mail.possible_copies >= Mail.MAX_COPIES:
        mail.finish(Mail.State.FAILED, at=at, error=POSSIBLY_SENT_TWICE)
    else:
        _send(mail, letter, at=at)
    return True


def suppress(address: str, *, at: datetime) -> None:
    """Block an address that does not exist: it gets no mail until the block expires."""
    SuppressedAddress.objects.update_or_create(
        key=keyed_hash(_SUPPRESSED, addresses.normalized(address)),
        defaults={"expires_at": at + timedelta(days=settings.SUPPRESSION_DAYS)},
    )


def is_suppressed(address: str, *, at: datetime) -> bool:
    return suppressed(address).filter(expires_at__gt=at).exists()


def lift_suppression(address: str) -> bool:
    """Lift the block of an address. Returns whether it was blocked."""
    return bool(suppressed(address).delete()[0])


def suppressed(address: str) -> QuerySet[SuppressedAddress]:
    """The block of an address, expired or not."""
    hashes = all_keyed_hashes(_SUPPRESSED, addresses.normalized(address))
    return SuppressedAddress.objects.filter(key__in=hashes)


def address_of(mail: Mail) -> str | None:
    """The address that a mail is for; None if it is no longer stored."""
    kind = _kinds.get(mail.kind)
    return kind.reader(mail.about) if kind else None


def _give_up_unneeded(mail: Mail, *, at: datetime) -> None:
    if address_of(mail) is None:
        # Its person is gone. It was queued while they were erased, and goes like their other mails.
        Mail.objects.filter(pk=mail.pk).delete()
    else:
        mail.finish(Mail.State.CANCELED, at=at)


def _send(mail: Mail, letter: Letter, *, at: datetime) -> None:
    """Give the letter to the mail server. The copy is counted before the content goes out.

    So a worker that dies after the content leaves a row that counts the copy (I17: never three).
    """
    try:
        smtp.submit(_message(mail, letter), before_content=lambda: _count_copy(mail))
    except _ClaimLost:
        return
    except smtp.Unsendable as error:
        mail.finish(Mail.State.FAILED, at=at, error=str(error))
    except smtp.Refused as refusal:
        _take_refusal(mail, letter, refusal, at=at)
    except DatabaseError:
        raise
    except Exception as error:  # the server is down or hung up; a setting is wrong
        if not isinstance(error, OSError):
            logger.exception("%s could not be sent.", mail)
        mail.retry_later(at=at, error=kind_and_code(error, getattr(error, "smtp_code", "")))
    else:
        mail.finish(Mail.State.DELIVERED, at=at)


class _ClaimLost(Exception):
    """Another worker has claimed the mail, because this one was slower than the lease."""


def _count_copy(mail: Mail) -> None:
    if not mail.write(possible_copies=mail.possible_copies + 1):
        raise _ClaimLost


def _take_refusal(mail: Mail, letter: Letter, refusal: smtp.Refused, *, at: datetime) -> None:
    # At MAIL and RCPT no copy was counted yet.
    if refusal.step == "DATA" and not mail.write(possible_copies=mail.possible_copies - 1):
        return
    if refusal.is_unknown_mailbox:
        suppress(letter.to, at=at)
    if refusal.is_final:
        mail.finish(Mail.State.FAILED, at=at, error=str(refusal))
    else:
        mail.retry_later(at=at, error=str(refusal))


def _message(mail: Mail, letter: Letter) -> EmailMultiAlternatives:
    """The message. Every copy has the same Message-ID, so that mail programs can show one."""
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        # The sender of the envelope, to which mail servers return bounces.
        from_email=settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL,
        # In ASCII here already: Django would write strasse.de for straße.de.
        to=[smtp.envelope_address(letter.to)],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": f"<{mail.pk}@{settings.SITE_HOST}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: asks for no out-of-office answer
            **letter.headers,
        },
    )
    message.attach_alternative(letter.html, "text/html")
    return message
