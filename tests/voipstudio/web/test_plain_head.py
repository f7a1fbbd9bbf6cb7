"""A plain head is read as gunicorn reads it; every other head is left to gunicorn."""

import random
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http import get_parser, wsgi
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile_requests import make
from voipstudio.web.plain_head import MOST_BYTES, MOST_FIELDS, closes_connection, environ_of

CLIENT, SERVER = ("83.0.0.1", 4711), ("127.0.0.1", 8000)
# As deploy/gunicorn.conf.py: nobody is trusted, and none of the switches that permit strange forms.
CONFIGURATION = Config()
CONFIGURATION.set("forwarded_allow_ips", "")

names = st.text("abcXYZ019-", min_size=1, max_size=12) | st.sampled_from(
    ["Host", "Cookie", "Connection", "X-Forwarded-Proto", "Accept-Encoding", "If-None-Match"]
)
values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
targets = st.text("/abcZ09._~-?=&#%;[]@:!\"$'()*+,", max_size=30).map("/".__add__)
versions = st.sampled_from(["HTTP/1.1"] * 4 + ["HTTP/1.0", "HTTP/2.0"])
methods = st.sampled_from(["GET"] * 6 + ["HEAD", "POST", "get"])


def read(head: bytes | str) -> dict[str, Any] | None:
    head = head.encode() if isinstance(head, str) else head
    return environ_of(head, client=CLIENT, server=SERVER)


def read_by_gunicorn(head: bytes) -> tuple[dict[str, Any], bool]:
    """The environment, and whether the connection ends. Raises what gunicorn raises."""
    sock = SimpleNamespace(recv=lambda _size: b"")
    parser = get_parser(CONFIGURATION, sock, CLIENT)
    parser.unreader.unread(head)
    request = next(parser)
    environ = wsgi.create(request, sock, CLIENT, SERVER, CONFIGURATION)[1]
    return environ, request.should_close()


def assert_read_alike(head: bytes) -> bool:
    """Whether the head is a plain one. Then both say the same of it."""
    environ = read(head)
    if environ is None:
        return False
    expected, closes = read_by_gunicorn(head)
    assert environ.pop("wsgi.input").read() == expected["wsgi.input"].read() == b""
    assert environ.items() <= expected.items()
    assert closes_connection(environ) == closes
    headers = {name for name in expected if name.startswith("HTTP_")}
    assert headers <= environ.keys()
    return True


@given(methods, targets, versions, st.lists(st.tuples(names, values), max_size=6))
def test_whatever_is_read_here_gunicorn_reads_alike(
    method: str, target: str, version: str, fields: list[tuple[str, str]]
) -> None:
    """Red when: a path with a percent sign, a repeated field or a fragment is taken for plain."""
    lines = [f"{method} {target} {version}", *(f"{name}:{value}" for name, value in fields)]

    assert_read_alike("\r\n".join([*lines, "", ""]).encode())


def test_hostile_requests_are_read_alike_or_left_to_gunicorn() -> None:
    chance = random.Random(15)

    plain = [assert_read_alike(make(chance, "voipstudio.pl")) for _ in range(5000)]

    assert 20 < sum(plain) < 1000


FIREFOX = (
    "GET /polityka-prywatnosci/?ask=open HTTP/1.1\r\nHost: voipstudio.pl\r\nUser-Agent: Mozilla/5.0 (X11)\r\n"
    "Accept: text/html,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nCookie: a=1; b=2\r\n"
    "Connection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\nSec-GPC: 1\r\n\r\n"
)


def test_the_head_of_a_browser_is_plain() -> None:
    environ = read(FIREFOX)

    assert environ is not None
    assert assert_read_alike(FIREFOX.encode())
    assert environ["PATH_INFO"] == "/polityka-prywatnosci/"
    assert environ["QUERY_STRING"] == "ask=open"
    assert environ["HTTP_ACCEPT_ENCODING"] == "gzip, deflate, br, zstd"
    assert environ["REMOTE_ADDR"] == "83.0.0.1"


def test_the_end_of_a_connection_is_read_in_any_case_of_letters() -> None:
    assert closes_connection(read("GET / HTTP/1.1\r\nConnection:  Close \r\n\r\n") or {})
    assert not closes_connection(read("GET / HTTP/1.1\r\nHost: a\r\n\r\n") or {})


NOT_PLAIN = {
    "another method": "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    "an older version": "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
    "no header": "GET / HTTP/1.1\r\n\r\n",
    "an encoded path": "GET /%2e HTTP/1.1\r\nHost: a\r\n\r\n",
    "a fragment": "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n",
    "a fragment after a query": "GET /?a#b HTTP/1.1\r\nHost: a\r\n\r\n",
    "another host in the path": "GET //evil.example/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "an absolute address": "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "a name with an underscore": "GET / HTTP/1.1\r\nX_Forwarded_For: a\r\n\r\n",
    "a space before the colon": "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "a folded line": "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
    "a line end without a return": "GET / HTTP/1.1\nHost: a\r\n\r\n",
    "a repeated field": "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
    "a letter beyond ASCII": "GET / HTTP/1.1\r\nHost: ż\r\n\r\n",
    "a control character": "GET / HTTP/1.1\r\nHost: a\x00\r\n\r\n",
    "a tab": "GET / HTTP/1.1\r\nHost:\ta\r\n\r\n",
    "a length": "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "a type": "GET / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n\r\n",
    "a transfer coding": "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    "an expectation": "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
    "bytes after it": "GET / HTTP/1.1\r\nHost: a\r\n\r\nG",
    "a second request": "GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 2,
    "no end": "GET / HTTP/1.1\r\nHost: a\r\n",
    "many fields": "GET / HTTP/1.1\r\n" + "".join(f"A{n}: a\r\n" for n in range(51)) + "\r\n",
    "many bytes": "GET / HTTP/1.1\r\nCookie: " + "a" * MOST_BYTES + "\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("head", NOT_PLAIN.values(), ids=NOT_PLAIN.keys())
def test_every_other_head_is_left_to_gunicorn(head: str) -> None:
    assert read(head) is None


def test_the_most_that_is_plain() -> None:
    fields = "".join(f"A{number}: a\r\n" for number in range(MOST_FIELDS))

    assert read(f"GET / HTTP/1.1\r\n{fields}\r\n") is not None
    start, end = "GET / HTTP/1.1\r\nCookie: ", "\r\n\r\n"
    assert read(start + "a" * (MOST_BYTES - len(start + end)) + end) is not None
