"""Requests as no browser sends them, and what is wrong with an answer to one."""

import random
import re
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.pages import MACHINES, PAGES

METHODS = (
    *("GET",) * 6, "HEAD", *("POST",) * 6, "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    "PROPFIND", "get", "G" * 200,
)  # fmt: skip
# Without /readyz: 503 is what it is for.
PATHS = (
    *PAGES, *(path for path in MACHINES if path != "/readyz"), "/admin/", "/admin/login/", "/admin/trial/signup/", "/static/css/site.css",
    "/darmowy-okres-probny/potwierdz/x/", "/en/free-trial/confirm/x/", "/en/free-trial/consents/x/",
    "/en/free-trial/new-link/x/", "/nowhere/", "*", "", "http://evil.example/", "//evil.example/",
)  # fmt: skip
TAILS = (
    "%0d%0aX-Injected:%20yes", "//evil.example/", "/\\evil.example/", "%2f%2fevil.example", "../../etc/passwd",
    "%2e%2e%2f%2e%2e%2f", "..;/", "%00", "%ff%fe", "ż", "%C5%BC", "a" * 3000, "%", "%zz", ";x=1", "'\"<script>",
    "{{7*7}}", "0" * 400,
)  # fmt: skip
QUERIES = (
    "next=//evil.example/", "next=https://evil.example", "currency=EUR", "currency=%00", "ask=open", "gclid=" + "x" * 2000,
    "a&" * 900, "%ff=%fe", "x[]=1&x[]=2", "=", "utm_source=%0d%0aX-Injected:yes", "__proto__=1",
)  # fmt: skip
HEADERS = (
    "X-Forwarded-For: 1.2.3.4, evil", "X-Forwarded-For: " + "9" * 500, "X-Forwarded-Host: evil.example",
    "X-Forwarded-Proto: javascript", "X-Request-ID: x\tX-Injected", "Forwarded: for=_x;host=evil.example",
    "X-Original-URL: /admin/", "X-HTTP-Method-Override: DELETE", "Sec-GPC: 1", "Sec-GPC: 2, 1",
    "Cookie: l7_choice=granted.x.y.z; _ga=1", "Cookie: l7_choice=" + "A" * 4000, "Cookie: ; ;=; =x",
    "Cookie: sessionid=../../x; csrftoken=x", "Cookie: \xff\xfe=\xfd", "Origin: null", "Origin: https://evil.example",
    "Referer: https://evil.example/\tX", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin",
    "Accept-Encoding: br;q=x, *;q=0", "Accept-Language: " + "pl," * 500, "Range: bytes=9-1", "If-None-Match: *",
    "If-Modified-Since: never", "Content-Type: multipart/form-data; boundary=", "Content-Type: application/json",
    "Content-Type: application/x-www-form-urlencoded; charset=utf-7", "Content-Type: text/html; charset=nothing",
    "Content-Encoding: gzip", "Authorization: Basic \xff", "Upgrade: websocket", "Content-Length: -1",
    "Content-Length: 9, 9", "Content-Length: 99999999999", "Transfer-Encoding: chunked", "Transfer-Encoding: x",
    "X-Injected : yes", " folded: line", "X" * 3000 + ": x", "no colon", "Expect: nothing",
)  # fmt: skip
HOSTS = ("127.0.0.1", "localhost", "evil.example", "", "127.0.0.1:99999", "a@b", "[::1]", "x" * 300)
BODIES = (
    *(b"",) * 8, b"choice=accept", b"choice=reject&notice=0&place=banner", b"choice=save&group=\xff&next=//evil.example/",
    b"choice=" + b"a" * 5000, b"&" * 5000, b"=" * 50, b'{"choice": "accept"}', b"--\r\nContent-Disposition: x\r\n\r\n",
    b"5\r\nabcde\r\n0\r\n\r\n", b"zz\r\n", b"\x00\xff" * 500, b"full_name=%00&email=a%40b&phone=%2B48&stamp=x",
    b"username=x&password=y", b"List-Unsubscribe=One-Click",
)  # fmt: skip


def make(chance: random.Random, host: str) -> bytes:
    """One request, mostly with this host; the same chance makes the same."""
    path = chance.choice(PATHS)
    if chance.random() < 0.5:
        path += chance.choice(TAILS)
    if chance.random() < 0.4:
        path += "?" + chance.choice(QUERIES)
    body = chance.choice(BODIES)
    lines = [f"{chance.choice(METHODS)} {path} HTTP/1.1"]
    if chance.random() < 0.95:
        lines.append(f"Host: {host if chance.random() < 0.8 else chance.choice(HOSTS)}")
    lines.append("Connection: close")
    if body or chance.random() < 0.5:
        lines.append(f"Content-Length: {len(body)}")
    if chance.random() < 0.5:
        lines.append("Content-Type: application/x-www-form-urlencoded")
    lines += chance.choices(HEADERS, k=chance.choice([0, 0, 1, 2, 3]))
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + body


def faults_of(answer: bytes) -> list[str]:
    """What no answer may have. An empty answer is a closed connection, which is allowed."""
    head, _end, body = answer.partition(b"\r\n\r\n")
    status_line, *headers = head.decode("latin-1").split("\r\n")
    faults = []
    # 501 is the answer to an unknown transfer coding (RFC 9112, 6.1).
    if answer and not re.match(r"HTTP/1\.[01] ([1-4]\d\d|501) ", status_line):
        faults.append(f"status: {status_line[:80]!r}")
    if b"Traceback" in body or b"File &quot;" in body:
        faults.append("a traceback")
    for header in headers:
        name, _colon, value = header.partition(":")
        if name.lower() == "x-injected":
            faults.append("a header that the request wrote")
        if name.lower() == "location" and not _is_our_own(value.strip()):
            faults.append(f"a redirect to {value.strip()[:80]!r}")
    return faults


def _is_our_own(address: str) -> bool:
    """Whether a browser that follows the address stays on this site."""
    if address.startswith("https://voipstudio.pl/"):
        return True
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def send_all(
    count: int, *, seed: int, host: str, open_connection: Callable[[int], socket.socket]
) -> tuple[list[str], Counter[str]]:
    """Send so many requests, 16 at a time. The faults with their requests; the statuses.

    `open_connection` gets the number of the request.
    """

    def send(number: int) -> tuple[list[str], str]:
        request = make(random.Random(f"{seed} {number}"), host)
        answer = _exchange(request, open_connection(number))
        return [f"{fault} to {request[:300]!r}" for fault in faults_of(answer)], (
            answer[9:12].decode("latin-1") or "closed"
        )

    faults, statuses = [], Counter[str]()
    with ThreadPoolExecutor(max_workers=16) as clients:
        for found, status in clients.map(send, range(count)):
            faults += found
            statuses[status] += 1
    return faults, statuses


def _exchange(request: bytes, connection: socket.socket) -> bytes:
    answer = b""
    with connection:
        connection.settimeout(60)
        try:
            connection.sendall(request)
            if not isinstance(connection, ssl.SSLSocket):  # TLS cannot be closed by halves
                connection.shutdown(socket.SHUT_WR)  # what the head promises does not come
            while part := connection.recv(65536):
                answer += part
        except (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError):
            pass  # refused before all of it was sent; what was answered counts
    return answer
