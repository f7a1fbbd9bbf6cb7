"""A mail server on this machine that takes, refuses and hangs up as a test says (RFC 5321)."""

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
    """One copy that the server has, whatever it said of it."""

    sender: str
    reader: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)


class MailServer:
    """What the server was given, and what it answers from now on."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        # What it answers at MAIL, RCPT and DATA instead of 250; by readers, what at RCPT.
        self.answers: dict[str, str] = {}
        self.answers_to: dict[str, str] = {}
        # Called with each message that has arrived and is not answered yet.
        self.on_content: Callable[[Received], None] = lambda _received: None
        self.port = _free_port()
        self.sessions = 0

    @property
    def url(self) -> str:
        """What EMAIL_URL says to use it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def copies(self) -> Counter[str]:
        """How many copies each reader has."""
        return Counter(received.reader for received in list(self.received))

    # The names of the hooks are aiosmtpd's.

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
    """Run one in a thread."""
    server = MailServer()
    with running(server):
        yield server


@contextmanager
def running(server: MailServer) -> Iterator[None]:
    """Run it in a thread; again on the same port, where it was down meanwhile."""
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
