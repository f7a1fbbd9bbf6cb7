"""The poller watches a connection that it has answered, until the client sends the next request."""

import socket
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from selectors import DefaultSelector
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from voipstudio.web.buffering_worker import BufferingWorker, Connection

MORE_THAN_THE_KERNEL_TAKES = 50 * 1024 * 1024


@pytest.fixture
def client_and_worker() -> Iterator[tuple[socket.socket, BufferingWorker, Connection]]:
    """A worker that has answered nothing yet, its one connection, and the client at the other end."""
    client, ours = socket.socketpair()
    worker: Any = BufferingWorker.__new__(BufferingWorker)
    worker.waiting, worker.keepalived_conns, worker.nr_conns = set(), deque(), 1
    worker.poller = DefaultSelector()
    worker.tpool = SimpleNamespace(submit=lambda *args, **options: Future())
    ours.setblocking(False)
    client.settimeout(10)
    connection = Connection(Config(), ours, ("127.0.0.1", 1), ("127.0.0.1", 2))
    with closing(client), closing(ours), closing(worker.poller):
        yield client, worker, connection


def is_polled(worker: BufferingWorker, connection: Connection) -> bool:
    return connection.sock in worker.poller.get_map()


def test_it_waits_for_the_next_request_for_the_time_of_an_idle_one(client_and_worker) -> None:
    """Red when: nothing polls it, or it has the deadline of a request."""
    client, worker, connection = client_and_worker
    connection.timeout = time.monotonic() + 1000

    worker._send(connection, b"head", b"body", is_kept=True)

    assert client.recv(100) == b"headbody"
    assert list(worker.keepalived_conns) == [connection]
    assert is_polled(worker, connection)
    assert connection.timeout <= time.monotonic() + Config().keepalive


def test_it_is_polled_once_for_many_answers(client_and_worker) -> None:
    """Red when: it is registered again, which the selector refuses."""
    client, worker, connection = client_and_worker

    for _ in range(3):
        worker._send(connection, b"a", b"b", is_kept=True)
        client.send(b"G")
        worker.on_client_socket_readable(connection, connection.sock)

    assert is_polled(worker, connection)


def test_a_client_that_speaks_again_begins_a_new_request(client_and_worker) -> None:
    """Red when: the connection still counts as idle, or the request before is taken for its beginning."""
    client, worker, connection = client_and_worker
    connection.arrived = bytearray(b"GET /before")
    worker._send(connection, b"head", b"body", is_kept=True)

    client.send(b"GET /ne")
    worker.on_client_socket_readable(connection, connection.sock)
    client.send(b"xt")
    worker.on_client_socket_readable(connection, connection.sock)

    assert connection.arrived == b"GET /next"
    assert not worker.keepalived_conns
    assert worker.waiting == {connection}


def test_it_is_closed_where_the_answer_says_so(client_and_worker) -> None:
    """Red when: `_send` keeps every connection."""
    client, worker, connection = client_and_worker

    worker._send(connection, b"head", b"body", is_kept=False)

    assert (client.recv(100), client.recv(100)) == (b"headbody", b"")
    assert worker.nr_conns == 0


def test_nobody_polls_it_while_a_thread_sends_the_rest(client_and_worker) -> None:
    """Red when: what the client sends meanwhile is read as if the answer were over."""
    _client, worker, connection = client_and_worker
    worker._poll(connection)

    worker._send(connection, b"head", bytes(MORE_THAN_THE_KERNEL_TAKES), is_kept=True)

    assert not is_polled(worker, connection)
    assert not worker.keepalived_conns
