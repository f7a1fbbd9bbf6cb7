"""A report to Sentry has what a log line has, and nothing else (I21)."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest
import sentry_sdk
from django.test import Client

from tests.private_words import private_words
from tests.running_site import ROOT, environment
from voipstudio.logs import error_reports

PERSON = "anna.nowak@example.com"


class Receiver(HTTPServer):
    """Takes what the library of Sentry sends."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[str] = []

    def reports(self) -> list[dict[str, Any]]:
        """An envelope has a line for itself and one for its item; then the report follows."""
        return [json.loads(body.splitlines()[2]) for body in self.bodies]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Encoding"] == "br"
        self.server.bodies.append(brotli.decompress(body).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        error_reports.start(f"http://key@127.0.0.1:{server.server_port}/1")
        yield server
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)
        server.shutdown()
        thread.join()


@pytest.mark.django_db
def test_a_failing_page_is_reported_without_its_visitor(receiver, monkeypatch) -> None:
    """Red when: `_scrubbed` lets the library's own event through: it quotes the error and the path."""

    def broken(*_args: object) -> None:
        secret = PERSON  # a variable of a frame
        raise RuntimeError(secret)

    monkeypatch.setattr("voipstudio.pages.views.currency_of", broken)

    Client(raise_request_exception=False).get(
        f"/?email={PERSON}", headers={"User-Agent": PERSON, "X-Forwarded-For": "192.0.2.7"}
    )
    sentry_sdk.flush(timeout=10)

    page, request = receiver.reports()
    assert private_words("\n".join(receiver.bodies)) == []
    [error] = page["exception"]["values"]
    assert (error["type"], page["logger"], page["level"]) == (
        "RuntimeError",
        "django.request",
        "error",
    )
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    assert request["tags"]["status"] == "500"
    assert request["tags"]["request_id"] == page["tags"]["request_id"]
    assert {"request", "user", "breadcrumbs", "contexts", "server_name", "modules"} & {
        *page
    } == set()


def test_an_error_in_our_own_words_is_reported(receiver) -> None:
    logging.getLogger("delivery.worker").error("A job failed.")
    logging.getLogger("delivery.worker").warning("A job was late.")
    sentry_sdk.flush(timeout=10)

    [report] = receiver.reports()
    assert report["logentry"]["message"] == "A job failed."


def test_a_refused_request_is_not_reported(receiver) -> None:
    """Red when: anyone can fill the account of the operator by asking for unknown hosts."""
    Client(raise_request_exception=False).get("/", headers={"Host": PERSON.partition("@")[2]})
    sentry_sdk.flush(timeout=10)

    assert receiver.bodies == []


@pytest.mark.parametrize(("dsn", "is_loaded"), [("", "False"), ("http://k@127.0.0.1:9/1", "True")])
def test_the_library_is_loaded_only_where_reports_are_wanted(
    tmp_path: Path, dsn: str, is_loaded: str
) -> None:
    """Red when: `ready` does not look at SENTRY_DSN."""
    script = "import django, sys; django.setup(); print('sentry_sdk' in sys.modules)"
    env = environment(tmp_path, SENTRY_DSN=dsn, DJANGO_SETTINGS_MODULE="voipstudio.settings")
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout.strip() == is_loaded
