"""A real mail server on this machine; a test decides its answers (RFC 5321)."""

import email
import email.policy
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HANG_UP = "hang up"


@dataclass(frozen=True)
class Received:
    """One copy of a mail that the server has, even if it did not confirm it."""

    sender: str
    reader: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)


class MailServer:
    """The mails that the server has received, and its answers to the next ones."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        # The answers to MAIL, RCPT and DATA instead of 250, by step; the answers to RCPT by address.
        self.answers: dict[str, str] = {}
        self.answers_to: dict[str, str] = {}
        # Called with each message after it has arrived and before the answer.
        self.on_content: Callable[[Received], None] = lambda _received: None
        self.port = _free_port()
        self.sessions = 0

    @property
    def url(self) -> str:
        """The value of EMAIL_URL for this server."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def copies(self) -> Counter[str]:
        """The number of copies by address."""
        return Counter(received.reader for received in list(self.received))

    # aiosmtpd finds these hooks by their names.

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        self.sessions += 1
        return answers

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return self._answer(server, "MAIL")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.answers_to:
            return self.answers_to[address]
        answer = self._answer(server, "RCPT")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self._answer(server, "DATA")
        if answer.startswith("2"):
            [reader] = envelope.rcpt_tos
            received = Received(envelope.mail_from or "", reader, bytes(envelope.content or b""))
            self.received.append(received)
            self.on_content(received)
        return answer

    def _answer(self, server: SMTP, step: str) -> str:
        answer = self.answers.get(step, "250 OK")
        if HANG_UP in answer and server.transport:
            server.transport.abort()
        return answer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A new mail server that runs in a thread."""
    server = MailServer()
    with running(server):
        yield server


@contextmanager
def running(server: MailServer) -> Iterator[None]:
    """Run the server in a thread. A server that was stopped starts again on the same port."""
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
