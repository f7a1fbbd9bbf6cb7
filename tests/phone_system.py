"""A phone system on this machine that takes trials as the Standard Webhooks specification says.

It checks the signature over the bytes, the time stamp and the id. A test decides its answers.
https://www.standardwebhooks.com
"""

import base64
import hashlib
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_SECONDS = 5 * 60
BREAK_OFF = "break off"
HANG = "hang"


class NotSigned(Exception):
    """The sender of the message does not have the secret, or the message is old."""


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> str:
    """The id of a genuine message, its headers in lower case. Written from the specification, not from the code that signs."""
    message_id, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(now - int(stamp)) > TOLERANCE_SECONDS:
        raise NotSigned("the time stamp is too old or too new")
    key = base64.b64decode(secret.split("_", 1)[1], validate=True)
    expected = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    for part in headers["webhook-signature"].split(" "):
        version, _comma, signature = part.partition(",")
        if version == "v1" and hmac.compare_digest(base64.b64decode(signature), expected):
            return message_id
    raise NotSigned("no signature matches")


class PhoneSystem:
    """The accounts that the phone system has created, and its answer to the next requests."""

    def __init__(self) -> None:
        self.secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        # A status, or BREAK_OFF or HANG for no answer.
        self.answer: int | str = 204
        self.clock: Callable[[], float] = time.time
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        # By the id of the message: a repeated message creates no second account.
        self.accounts: dict[str, dict[str, Any]] = {}
        # The numbers of erased trials, by the id of the message.
        self.erased: dict[str, str] = {}
        self.refusals: list[str] = []
        self.url = ""
        self.is_over = threading.Event()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int | str:
        """The answer to a request."""
        self.requests.append((path, headers, body))
        if self.answer != 204:
            return self.answer
        try:
            message_id = verify(self.secret, headers, body, now=self.clock())
        except (NotSigned, KeyError, ValueError) as error:
            self.refusals.append(str(error))
            return 401
        message = json.loads(body)
        if message["type"] == "trial.erased":
            self.erase(message_id, message["data"]["trial_id"])
        else:
            self.accounts.setdefault(message_id, message["data"])
        return self.answer

    def erase(self, message_id: str, trial_id: str) -> None:
        """Delete the account of a trial, if there is one."""
        self.erased[message_id] = trial_id
        for key, account in [*self.accounts.items()]:
            if account["trial_id"] == trial_id:
                del self.accounts[key]


@contextmanager
def phone_system() -> Iterator[PhoneSystem]:
    """A new phone system that runs in threads."""
    system = PhoneSystem()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = system.take(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            if answer == HANG:
                system.is_over.wait()
            if isinstance(answer, str):
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer)
            if answer == 302:
                self.send_header("Location", f"{system.url}elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - a redirect that is followed becomes one

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    system.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield system
    finally:
        system.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
