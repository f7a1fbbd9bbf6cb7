"""The WSGI application answers from memory what the middleware would, and nothing else."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from content import store
from tests.run_once import looks_at_pages
from voipstudio.web.caching.short_way import ShortWayApplication
from voipstudio.wsgi import application

pytestmark = [pytest.mark.django_db, looks_at_pages]


def ask(site: Any, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    started: list[Any] = []
    pieces = site(environ, lambda status, headers: started.extend((status, headers)))
    return started[0], started[1], b"".join(pieces)


def _environ(path: str = "/en/", **meta: str) -> dict[str, Any]:
    return RequestFactory().get(path).environ | {"HTTP_HOST": "testserver", **meta}


def _no_long_way(environ: dict[str, Any], start_response: Any) -> Any:
    raise AssertionError("It took the long way.")


def test_the_application_answers_as_the_middleware(log_lines) -> None:
    """Red when: a header or the line in the log is left out."""
    meta = {"HTTP_ACCEPT_ENCODING": "br"}
    first = ask(application, _environ(**meta))
    before = len(log_lines)

    second = ask(ShortWayApplication(_no_long_way), _environ(**meta))

    assert (second[0], sorted(second[1]), second[2]) == (first[0], sorted(first[1]), first[2])
    [line] = log_lines[before:]
    assert '"route": "home"' in line
    assert '"status": 200' in line


def test_the_head_of_a_kept_answer_is_its_headers() -> None:
    Client().get("/en/")
    answer = ShortWayApplication(_no_long_way).kept_answer(_environ())

    assert answer
    lines = [f"{name}: {value}" for name, value in answer.headers]
    assert answer.head.decode("latin-1").split("\r\n") == [*lines, "", ""]
    assert answer.head.count(b"\r\n\r\n") == 1


@pytest.mark.parametrize(
    "meta",
    [
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "HEAD"},
        {"HTTP_IF_NONE_MATCH": '"x"'},
        {"HTTP_COOKIE": "_ga=1"},
        {"HTTP_HOST": "evil.example"},
        {"PATH_INFO": "/admin/"},
        {"PATH_INFO": "/nothing/"},
        {"QUERY_STRING": "ask=open"},
        {"QUERY_STRING": "currency=EUR"},
    ],
    ids=lambda meta: next(iter(meta.values())),
)
def test_the_application_leaves_every_other_request_to_the_long_way(meta: dict[str, str]) -> None:
    Client().get("/en/")
    assert ShortWayApplication(_no_long_way).kept_answer(_environ())

    assert ShortWayApplication(_no_long_way).kept_answer(_environ(**meta)) is None


def test_the_application_leaves_the_request_to_the_long_way_as_it_came() -> None:
    """Red when: `environ` is not copied: Django writes the decoded path into it."""
    Client().get("/en/")
    path = "/en/\xc5\xbc/"  # "ż" as a server gives it: the bytes of UTF-8 as Latin-1 (PEP 3333)

    assert ask(application, _environ(PATH_INFO=path))[0] == "404 Not Found"


def test_a_process_that_has_kept_nothing_waits_for_nothing(monkeypatch) -> None:
    """The poller of the worker asks. Red when: the first request asks for content there."""
    monkeypatch.setattr(store, "current", lambda: pytest.fail("It asked for content."))

    assert ShortWayApplication(_no_long_way).kept_answer(_environ()) is None
