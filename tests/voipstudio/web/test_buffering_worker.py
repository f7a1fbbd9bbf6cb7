"""gunicorn alone: a client that is slow, silent or hostile costs nobody else a page (I21)."""

import http.client
import re
import select
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.run_once import has_own_database
from tests.running_site import Site, environment, make_database, serving, wait_until
from voipstudio.web.buffering_worker import MOST_BODY_BYTES, MOST_HEAD_BYTES, BufferingWorker

pytestmark = has_own_database

HASTY = ("--worker-class", "tests.hasty_server.HastyServer")
# More than the threads of a worker, and than its threads and the queue before them.
MANY = 200
GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
GET_POLICY = b"GET /polityka-prywatnosci/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
GET_HOME = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /en/cookies/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM_HEAD = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One worker with the deadlines of production."""
    env = environment(tmp_path_factory.mktemp("site"))
    make_database(env)
    with serving(env) as site:
        site.get("/")  # the first page loads the content
        yield site


@pytest.fixture(scope="module")
def hasty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One worker that waits a second for a request."""
    env = environment(tmp_path_factory.mktemp("hasty"))
    make_database(env)
    with serving(env, options=HASTY) as site:
        yield site


def connect(site: Site, first: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=20)
    connection.sendall(first)
    return connection


def answer_to(site: Site, *pieces: bytes) -> bytes:
    """All that the site sends before it closes the connection."""
    with closing(connect(site)) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return rest_of(connection)


def rest_of(connection: socket.socket) -> bytes:
    answer = b""
    while piece := connection.recv(65536):
        answer += piece
    return answer


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        GET + b"X-Drip: ",
        POST + b"Content-Length: 1000\r\n\r\nchoice=",
        POST + b"Content-Length: " + b"0" * 22 + b"500\r\n\r\nchoice=",
        # Its answer says that the connection ends, and the client does not end it.
        GET + b"Connection: close\r\n\r\n",
    ],
    ids=["silent", "half-a-head", "half-a-body", "zeros-before-the-length", "never-closes"],
)
def test_a_page_comes_at_once_although_many_clients_hold_connections(
    site: Site, beginning: bytes
) -> None:
    """Red when: `accept` gives a connection a thread, or `_close` waits for the client."""
    with ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(closing(connect(site, beginning)))
        started = time.monotonic()
        assert site.get("/")[0] == 200
        assert time.monotonic() - started < 5


def test_clients_that_do_not_read_hold_no_thread(site: Site) -> None:
    """Each asks for many pages at once and reads none. Red when: `_hand_over` does not look whether
    the answers of before have been taken, and `sendall` waits for the client."""
    with ExitStack() as stack:
        for _ in range(16):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.connect(("127.0.0.1", site.port))
            stack.enter_context(closing(client))
            client.setblocking(False)
            client.send((GET_POLICY + b"\r\n") * 50)
        assert [site.get("/")[0] for _ in range(8)] == [200] * 8


@pytest.mark.parametrize(
    "beginning", [GET, POST + b"Content-Length: 1000\r\n\r\nchoice="], ids=["head", "body"]
)
def test_half_a_request_is_answered_408_at_its_deadline(hasty_site: Site, beginning: bytes) -> None:
    answer = answer_to(hasty_site, beginning)

    assert answer.startswith(b"HTTP/1.1 408 ")
    names = {line.partition(b":")[0] for line in answer.split(b"\r\n")[1:]}
    assert names >= {b"Content-Security-Policy", b"Referrer-Policy", b"X-Frame-Options"}
    assert b"send it again" in answer


def test_a_client_that_drips_meets_the_deadline_too(hasty_site: Site) -> None:
    """Red when: the deadline counts from the last byte."""
    with closing(connect(hasty_site, GET + b"X-Drip: ")) as connection:
        connection.settimeout(0.05)
        answer, deadline = b"", time.monotonic() + 10
        while not answer and time.monotonic() < deadline:
            connection.sendall(b"a")
            try:
                answer = connection.recv(1000)
            except TimeoutError:
                continue

    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_silent_connection_is_closed_without_an_answer(hasty_site: Site) -> None:
    assert answer_to(hasty_site) == b""


def test_an_idle_connection_after_an_answer_can_be_used_again(hasty_site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", hasty_site.port, timeout=20)
    with closing(connection):
        connection.connect()
        first_socket = connection.sock
        for path in ("/healthz", "/", "/healthz"):
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            assert response.status == 200
            assert connection.sock is first_socket


def test_a_form_that_comes_in_pieces_is_read_whole(site: Site) -> None:
    """Red when: what arrived before the last piece is not handed over."""
    head, body = FORM_HEAD + b"\r\n", b"choice=reject&next=/"
    pieces = [POST[:20], POST[20:] + head[:60], head[60:] + body[:6], body[6:]]
    with closing(connect(site)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
            assert site.get("/healthz")[0] == 200  # the worker has read the piece meanwhile
        answer = rest_of(connection)

    assert answer.startswith(b"HTTP/1.1 303 ")
    assert b"l7_choice=" in answer


def test_a_kept_page_comes_although_all_threads_wait(site: Site) -> None:
    """I18. Red when: `_answers_at_once` answers nothing, so that a page needs a thread."""
    body = b"choice=reject&next=/"
    with ExitStack() as stack:
        lock = stack.enter_context(
            closing(sqlite3.connect(site.log.with_name("db.sqlite3"), isolation_level=None))
        )
        lock.execute("BEGIN IMMEDIATE")  # each choice waits for it, up to 5 s
        waiting = [
            stack.enter_context(closing(connect(site, POST + FORM_HEAD + b"\r\n" + body)))
            for _ in range(8)
        ]
        assert site.get("/")[0] == 200
        assert select.select(waiting, [], [], 0)[0] == []


def test_a_thread_and_the_poller_give_the_same_answer(site: Site) -> None:
    """Red when: the poller leaves out a header that gunicorn sends."""
    last = GET_HOME + b"Connection: close\r\n\r\n"
    by_poller = answer_to(site, last)
    by_thread = answer_to(site, GET + b"\r\n" + last)

    assert without_date(by_thread).endswith(without_date(by_poller))
    assert by_poller.count(b"\r\nConnection: close\r\n") == 1


def test_of_several_requests_at_once_a_thread_answers_the_first() -> None:
    """Red when: bytes may follow a plain head: the poller would answer each request inside the call
    for the one before, and Python ends a process whose calls are too deep."""
    worker = SimpleNamespace(kept_answer=lambda environ: pytest.fail("It was asked."))
    here = ("127.0.0.1", 1)
    conn: Any = SimpleNamespace(
        arrived=bytearray((GET_HOME + b"\r\n") * 2), client=here, server=here
    )

    assert BufferingWorker._answers_at_once(cast(Any, worker), conn) is False


def without_date(answer: bytes) -> bytes:
    return re.sub(rb"\r\nDate: [^\r]+", b"", answer)


def test_a_page_larger_than_the_buffer_arrives_whole(hasty_site: Site) -> None:
    """Red when: `_send` takes what the kernel took for all."""
    last = GET_POLICY + b"Connection: close\r\n\r\n"
    expected = answer_to(hasty_site, last)
    with closing(socket.socket()) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(("127.0.0.1", hasty_site.port))
        client.sendall(last)
        assert hasty_site.get("/healthz")[0] == 200  # it has sent what the kernel took
        arrived = rest_of(client)

    assert without_date(arrived) == without_date(expected)
    assert len(arrived) > 50_000


@pytest.mark.parametrize("get", [GET, GET_HOME], ids=["by a thread", "kept"])
def test_two_requests_at_once_get_two_answers(site: Site, get: bytes) -> None:
    """Red when: what came after the first request is lost."""
    last = get + b"Connection: close\r\n\r\n"
    answer = answer_to(site, get + b"\r\n" + get + b"\r\n" + last[:30], last[30:])

    assert answer.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (411, POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        (413, POST + b"Content-Length: %d\r\n\r\n" % (MOST_BODY_BYTES + 1)),
        (431, GET + b"Cookie: " + b"a" * MOST_HEAD_BYTES),
        (400, POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nabc"),
        (400, b"\r\n\r\n"),
    ],
)
def test_what_is_refused_is_refused_with_its_status(
    site: Site, status: int, request_: bytes
) -> None:
    assert answer_to(site, request_).startswith(b"HTTP/1.1 %d " % status)


def test_a_refused_client_reads_the_answer_although_it_still_sends(site: Site) -> None:
    """Red when: the connection is closed at once: the kernel resets it, and the answer is lost."""
    too_much = MOST_BODY_BYTES + 1
    answer = answer_to(
        site, POST + b"Content-Length: %d\r\n\r\n" % too_much, b"a" * (too_much // 2)
    )

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_program_that_asks_first_may_send_its_body(site: Site) -> None:
    """Red when: nobody answers `Expect`, so that the program waits until the deadline."""
    with closing(connect(site, POST + FORM_HEAD + b"Expect: 100-continue\r\n\r\n")) as client:
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"choice=reject&next=/")
        assert b"HTTP/1.1 303 " in rest_of(client)


def test_a_site_that_is_stopped_under_load_resets_no_connection(tmp_path: Path) -> None:
    """Each request is answered, or its connection refused. Red when: `_accept_the_last` is left out."""
    env = environment(tmp_path)
    make_database(env)
    with serving(env, workers=2) as site, ThreadPoolExecutor(16) as clients:
        is_over = threading.Event()
        results: list[str] = []

        def ask() -> None:
            while not is_over.is_set():
                results.append(result_of_a_request(site))
                if results[-1] == "refused":
                    return

        for _ in range(16):
            clients.submit(ask)
        wait_until(lambda: results.count("200") >= 200, seconds=30, why=site.log)
        site.process.send_signal(signal.SIGTERM)
        site.process.wait(timeout=30)
        is_over.set()

    assert {*results} == {"200", "refused"}


def result_of_a_request(site: Site) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.connect()
    except ConnectionRefusedError:
        return "refused"
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        response.read()
        return str(response.status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
