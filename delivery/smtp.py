"""Gives one message to a mail server (RFC 5321) by `smtplib`, whose exceptions name the step.

Before the content goes out the server cannot have a copy, so a copy is counted right before that.
"""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from email.errors import MessageError
from email.utils import parseaddr
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.utils import DNS_NAME

from delivery import addresses, status_codes
from delivery.deadline import Deadline

BACKEND = "django.core.mail.backends.smtp.EmailBackend"

# Reply codes for a mailbox that does not exist; used if there is no enhanced status (RFC 3463).
_MAILBOX_CODES = {550, 551, 553}
# Characters that would end the command, or the address in it: an injected second command.
_NOT_IN_AN_ENVELOPE = re.compile(r"[\x00-\x20\x7f<>]")
_ENHANCED_STATUS = re.compile(rb"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")


class Unsendable(Exception):
    """The message cannot be sent by SMTP. The text of this error contains no address."""


class Refused(Exception):
    """The server has refused the message, so it has no copy."""

    def __init__(self, step: str, code: int, text: bytes = b"") -> None:
        super().__init__()
        self.step, self.code = step, code
        match = _ENHANCED_STATUS.match(text)
        self.status = b".".join(match.groups()).decode() if match else ""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.step, "refused:", str(self.code), self.status]))

    @property
    def is_unknown_mailbox(self) -> bool:
        """Whether the mailbox does not exist.

        A refusal by policy (5.7) or for a wrong password says nothing about the mailbox, even with
        the code 550.
        """
        if self.step != "RCPT" or self.code < 500:
            return False
        if self.status:
            return status_codes.says_mailbox_is_unknown(self.status)
        return self.code in _MAILBOX_CODES

    @property
    def is_final(self) -> bool:
        """Whether the same message would be refused again.

        Other permanent codes at MAIL and RCPT are retried: they come from a setting that the
        operator can repair, and would otherwise cost every mail of a day.
        """
        return self.is_unknown_mailbox or (self.step == "DATA" and self.code >= 500)


def submit(message: EmailMessage, *, before_content: Callable[[], None]) -> None:
    """Send a message to its one reader. Calls `before_content` right before the content.

    Raises Unsendable before it connects; Refused; and OSError if the connection broke or took too
    long: then the server may have the message if `before_content` was called.
    """
    with Deadline() as deadline:
        try:
            _submit(message, before_content, deadline)
        except OSError:
            deadline.remaining()  # a TimeoutError says better why the connection ended
            raise


def _submit(message: EmailMessage, before_content: Callable[[], None], deadline: Deadline) -> None:
    sender = envelope_address(parseaddr(message.from_email)[1])
    [reader] = map(envelope_address, message.recipients())
    content = _content(message)
    is_smtp = settings.EMAIL_BACKEND == BACKEND
    connection: Any = _Backend(deadline) if is_smtp else get_connection()
    if is_smtp:
        # The name that EHLO sends, and that Django keeps: its look-up too can wait for a server.
        deadline.within(DNS_NAME.get_fqdn)
    try:
        connection.open()
        smtp = getattr(connection, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            _call_before_data(smtp, before_content)
            smtp.ehlo_or_helo_if_needed()
            # RFC 6152: content with 8-bit characters has to be announced.
            options = ["body=8bitmime"] if smtp.has_extn("8bitmime") else []
            smtp.sendmail(sender, reader, content, options)
        else:  # files in development, memory in the tests
            before_content()
            connection.send_messages([message])
    # `from None`: the text of these errors quotes the address, and must not reach a log.
    except smtplib.SMTPSenderRefused as error:
        raise Refused("MAIL", error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPRecipientsRefused as error:
        raise Refused("RCPT", *error.recipients[reader]) from None
    except smtplib.SMTPDataError as error:
        if not 400 <= error.smtp_code <= 599:
            raise  # not an SMTP error code: the server may have the message
        text = cast(bytes, error.smtp_error)
        raise Refused("DATA", error.smtp_code, text) from None
    finally:
        with suppress(OSError):  # the answer to the message has come already
            connection.close()


class _Smtp(smtplib.SMTP):
    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        self._deadline = deadline
        super().__init__(*args, **kwargs)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return self._deadline.connect((host, port), timeout)


class _SmtpOverTls(smtplib.SMTP_SSL):
    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        self._deadline = deadline
        super().__init__(*args, **kwargs)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        connected = self._deadline.connect((host, port), timeout)
        return self.context.wrap_socket(connected, server_hostname=host)


class _Backend(EmailBackend):
    """Django's backend, with a deadline for the whole connection."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    @property
    def connection_class(self) -> Any:
        return partial(_SmtpOverTls if self.use_ssl else _Smtp, deadline=self._deadline)


def _call_before_data(smtp: smtplib.SMTP, call: Callable[[], None]) -> None:
    """Make `sendmail` call this between RCPT and DATA, where smtplib offers no hook.

    If the connection breaks before, the server has no copy.
    """
    data = smtp.data

    def call_and_send(msg: Any) -> tuple[int, bytes]:
        call()
        return data(msg)

    smtp.data = call_and_send  # type: ignore[method-assign] # this connection alone


def envelope_address(address: str) -> str:
    """An address in ASCII, which every mail server takes. Raises Unsendable for others."""
    local, _at, domain = address.rpartition("@")
    if not local.isascii():
        raise Unsendable("the address needs SMTPUTF8")
    try:
        in_ascii = f"{local}@{addresses.domain_in_ascii(domain)}"
    except addresses.InvalidAddress:
        raise Unsendable("the address has no valid domain") from None
    if _NOT_IN_AN_ENVELOPE.search(in_ascii):
        raise Unsendable("not a valid address")
    return in_ascii


def _content(message: EmailMessage) -> bytes:
    try:
        return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg] # Django takes it
    except (ValueError, MessageError) as error:  # a line break in a header, and the like
        raise Unsendable(f"the message cannot be built: {type(error).__name__}") from None
