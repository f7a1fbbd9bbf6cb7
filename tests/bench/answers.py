"""One answer of a server, read from the socket: what it says, and how many bytes it is."""

import http.client
import io
import re
import socket
from dataclasses import dataclass
from email.message import Message

import brotli

_READ_BYTES = 256 * 1024
_LENGTH = re.compile(rb"\r\nContent-Length: *([0-9]+)\r\n", re.IGNORECASE)
_END_OF_CHUNKS = b"\r\n0\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """An answer with its body as it was sent. `size` counts the bytes of head and body."""

    status: int
    headers: Message
    body: bytes
    size: int

    @property
    def text(self) -> str:
        """The head, and the body without its compression."""
        is_brotli = self.headers["Content-Encoding"] == "br"
        body = brotli.decompress(self.body) if is_brotli else self.body
        return f"{self.headers}{body.decode()}"

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that it sets, as a browser sends them back."""
        pairs = (value.partition(";")[0] for value in self.headers.get_all("Set-Cookie") or [])
        return {name: value for name, _, value in (pair.partition("=") for pair in pairs) if value}


class _Read:
    """Bytes that were read, as http.client takes them."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self.raw)


def read_bytes(connection: socket.socket) -> bytes:
    """Head and body of one answer. Raises ConnectionError where the server ends before."""
    raw = b""
    while not _is_whole(raw):
        piece = connection.recv(_READ_BYTES)
        if not piece:
            raise ConnectionError(f"The server closed the connection after {len(raw)} bytes.")
        raw += piece
    return raw


def _is_whole(raw: bytes) -> bool:
    head, end, body = raw.partition(b"\r\n\r\n")
    if not end:
        return False
    length = _LENGTH.search(head + b"\r\n")
    if length:
        return len(body) >= int(length[1])
    return raw.endswith(_END_OF_CHUNKS) or head.split(b" ", 2)[1] in {b"204", b"304"}


def parse(raw: bytes) -> Answer:
    response = http.client.HTTPResponse(_Read(raw))
    response.begin()
    return Answer(response.status, response.headers, response.read(), len(raw))
