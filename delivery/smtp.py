"""One message handed to a mail server (RFC 5321) by `smtplib`, whose exceptions name the step.

Until the content goes out the server surely has nothing, so a copy is counted right before that.
"""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from email.errors import MessageError
from email.utils import parseaddr
from typing import Any, cast

from django.core.mail import EmailMessage, get_connection
from django.utils.encoding import punycode

# What only says that a mailbox is not there, where no enhanced status (RFC 3463) says it better.
_MAILBOX_CODES = {550, 551, 553}
# It would end the command, or the address in it.
_NOT_IN_AN_ENVELOPE = re.compile(r"[\x00-\x20\x7f<>]")
_ENHANCED_STATUS = re.compile(rb"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")


class Unsendable(Exception):
    """The message cannot be put into SMTP at all. Its text names no address."""


class Refused(Exception):
    """The server has said no, and surely has no copy."""

    def __init__(self, step: str, code: int, text: bytes = b"") -> None:
        super().__init__()
        self.step, self.code = step, code
        found = _ENHANCED_STATUS.match(text)
        self.status = b".".join(found.groups()).decode() if found else ""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.step, "refused:", str(self.code), self.status]))

    @property
    def is_of_address(self) -> bool:
        """There is no such mailbox. A policy (5.7) or a fault of ours is no reason to think so."""
        if self.step != "RCPT" or self.code < 500:
            return False
        if self.status:
            return self.status.startswith("5.1.") or self.status == "5.2.1"
        return self.code in _MAILBOX_CODES

    @property
    def is_final(self) -> bool:
        """The same message would be refused again. Who may send, and how, is for us to repair."""
        return self.is_of_address or (self.step == "DATA" and self.code >= 500)


def submit(message: EmailMessage, *, before_content: Callable[[], None]) -> None:
    """Hand a message with one reader over. Calls `before_content` before the server can have it.

    Raises Unsendable before anything was said, Refused, and OSError where the connection broke:
    then the server may have the message if `before_content` was called.
    """
    sender = envelope_address(parseaddr(message.from_email)[1])
    [reader] = map(envelope_address, message.recipients())
    content = _content(message)
    connection = get_connection()
    try:
        connection.open()
        smtp = getattr(connection, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            _call_before_data(smtp, before_content)
            smtp.ehlo_or_helo_if_needed()
            options = ["body=8bitmime"] if smtp.has_extn("8bitmime") else []
            smtp.sendmail(sender, reader, content, options)
        else:  # files in development, memory in the tests
            before_content()
            connection.send_messages([message])
    except smtplib.SMTPSenderRefused as error:
        raise Refused("MAIL", error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPRecipientsRefused as error:
        raise Refused("RCPT", *error.recipients[reader]) from None
    except smtplib.SMTPDataError as error:
        if not 400 <= error.smtp_code <= 599:
            raise  # not an answer of SMTP: nobody knows what the server did
        text = cast(bytes, error.smtp_error)
        raise Refused("DATA", error.smtp_code, text) from None
    finally:
        with suppress(OSError):  # what has become of the message is known by now
            connection.close()


def _call_before_data(smtp: smtplib.SMTP, call: Callable[[], None]) -> None:
    """Have `sendmail` call this after MAIL and RCPT: if those break, the server has no copy."""
    data = smtp.data

    def call_and_send(msg: Any) -> tuple[int, bytes]:
        call()
        return data(msg)

    smtp.data = call_and_send  # type: ignore[method-assign]


def envelope_address(address: str) -> str:
    """An address as every mail server takes it. Raises Unsendable for one that needs SMTPUTF8."""
    local, _at, domain = address.rpartition("@")
    if not local.isascii():
        raise Unsendable("the address needs SMTPUTF8")
    try:
        in_ascii = f"{local}@{punycode(domain)}"
    except UnicodeError:
        raise Unsendable("the address has no domain") from None
    if _NOT_IN_AN_ENVELOPE.search(in_ascii):
        raise Unsendable("the address is none")
    return in_ascii


def _content(message: EmailMessage) -> bytes:
    try:
        return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg] # Django takes it
    except (ValueError, MessageError) as error:  # a line break in a header, and the like
        raise Unsendable(f"no message can be made of it: {type(error).__name__}") from None
