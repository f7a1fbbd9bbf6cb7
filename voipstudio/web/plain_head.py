"""Reads the head of a plain GET, the only request that is answered from memory.

It reads what browsers and the proxy send for a page. To every other head it says None: gunicorn's
parser knows all that RFC 9112 allows and forbids, but takes five times as long. What is read here,
gunicorn reads alike.
"""

import re
from io import BytesIO
from typing import Any

MOST_BYTES = 8000
MOST_FIELDS = 50

# No percent sign, so that nothing is to be decoded; no line that continues the one before.
_HEAD = re.compile(
    rb"GET (/(?!/)[A-Za-z0-9/._~-]*)(?:\?([!\"$-~]*))? HTTP/1\.1\r\n"
    rb"((?:[A-Za-z0-9-]+:[ -~]*\r\n)+)\r\n"
)
# They change how long the request is, or how it is answered.
_NOT_PLAIN = frozenset(
    {"HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE", "HTTP_EXPECT", "HTTP_TRANSFER_ENCODING"}
)


def environ_of(
    head: bytes | bytearray, *, client: tuple[Any, ...], server: tuple[Any, ...]
) -> dict[str, Any] | None:
    """The WSGI environment (PEP 3333) of a request from `client` to the socket `server`.

    None where the head is not a plain one, or where bytes follow it.
    """
    match = _HEAD.fullmatch(head) if len(head) <= MOST_BYTES else None
    if match is None:
        return None
    path, query, fields = match.groups()
    lines = fields.decode("ascii").split("\r\n")[:-1]
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers["HTTP_" + name.upper().replace("-", "_")] = value.strip(" ")
    is_repeated = len(headers) < len(lines)
    if is_repeated or len(lines) > MOST_FIELDS or not _NOT_PLAIN.isdisjoint(headers):
        return None
    return headers | {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("ascii"),
        "QUERY_STRING": (query or b"").decode("ascii"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }


def closes_connection(environ: dict[str, Any]) -> bool:
    """Whether the client ends the connection after the answer (RFC 9112, 9.6)."""
    return str(environ.get("HTTP_CONNECTION", "")).lower() == "close"
