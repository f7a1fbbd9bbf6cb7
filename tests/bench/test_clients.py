"""Both clients, before a server that notes what arrives."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench import load, python_client
from tests.bench.servers import Server
from tests.bench.targets import Target
from tests.run_once import needs_no_database

pytestmark = needs_no_database

BODY = b"stored"
CLIENTS = [
    python_client.send,
    pytest.param(
        load._wrk, marks=pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed.")
    ),
]


@contextmanager
def noting_server() -> Iterator[tuple[Server, list[tuple[str, str, str]]]]:
    """A server, and the method, body and client of each request."""
    requests: list[tuple[str, str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            requests.append((self.command, body, self.headers["X-Forwarded-For"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY)

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Server("noting", server.server_port, ()), requests
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("send", CLIENTS)
def test_each_choice_comes_from_another_network(send) -> None:
    """Red when: a network makes more choices than it may, and the bench measures refused ones."""
    with noting_server() as (server, requests):
        target = Target("choice", server, "/", form="choice=reject", has_many_clients=True)
        size = target.check()
        counts = send(target, 1)
        assert counts.problem(size=size, rows=None) == ""
        assert counts.requests > 16
        assert {(method, body) for method, body, _ in requests} == {("POST", "choice=reject")}
        addresses = [client for *_, client in requests]
        assert len({*addresses}) == len(addresses) >= counts.requests


@pytest.mark.parametrize("send", CLIENTS)
def test_answers_of_another_size_are_noticed(send) -> None:
    """Red when: a client counts requests, and not what came."""
    with noting_server() as (server, _requests):
        target = Target("choice", server, "/", form="choice=reject", has_many_clients=True)
        counts = send(target, 1)
        assert "bytes on average, the right one 5000" in counts.problem(size=5000, rows=None)
