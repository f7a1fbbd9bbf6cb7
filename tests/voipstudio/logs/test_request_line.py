"""Each request has one line: its route and not its address, its number, how it ended (I21)."""

import json
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from content.store import ContentUnavailable
from tests.private_words import private_words
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

NUMBER = "0123456789abcdef" * 2


def requests_of(log_lines: list[str]) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in log_lines]
    return [line for line in lines if line["logger"] == "voipstudio.logs.request_line"]


def ask(log_lines: list[str], path: str, *, method: str = "GET", **headers: str) -> dict[str, Any]:
    log_lines.clear()
    client = Client(raise_request_exception=False)
    client.generic(method, path, headers=headers)
    [line] = requests_of(log_lines)
    return line


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/", "home", 200),
        ("/en/pricing/?gclid=secret", "pricing", 200),
        ("/darmowy-okres-probny/confirm/anna@example.com/", "none", 404),
        ("/en/free-trial/confirm/anna@example.com/", "trial_confirm", 404),
        ("/anna@example.com/", "none", 404),
        ("/en/polityka", "none", 404),
        ("/admin/login/", "admin:login", 200),
        ("/static/anna@example.com.css", "static", 404),
    ],
)
def test_a_line_names_the_route(log_lines, path: str, route: str, status: int) -> None:
    """Red when: the path is logged."""
    line = ask(log_lines, path)

    assert (line["route"], line["status"], line["method"]) == (route, status, "GET")
    assert line["event"] == "request"
    assert line["milliseconds"] >= 0
    assert private_words("\n".join(log_lines)) == []


def test_a_page_from_memory_has_its_route_too(log_lines) -> None:
    """Red when: `_KeptPage` does not keep it: such a request never reaches Django's resolver."""
    assert [ask(log_lines, "/cennik/")["route"] for _ in range(2)] == ["pricing", "pricing"]


def test_a_file_and_a_healthy_probe_have_no_line(log_lines) -> None:
    Client().get("/healthz")
    Client().get(staticfiles_storage.url("css/site.css")).close()

    assert requests_of(log_lines) == []


def test_a_probe_that_fails_has_a_line(log_lines, monkeypatch) -> None:
    def unavailable() -> None:
        raise ContentUnavailable

    monkeypatch.setattr("voipstudio.pages.health.store.current", unavailable)

    assert ask(log_lines, "/readyz")["status"] == 503


def test_an_unknown_host_costs_one_short_line(log_lines) -> None:
    """Red when: Django's own line with a traceback is written."""
    line = ask(log_lines, "/", Host="anna.example.com")

    assert (line["status"], len(log_lines)) == (400, 1)
    assert len(log_lines[0]) < 300


def test_a_strange_method_is_not_repeated(log_lines) -> None:
    assert ask(log_lines, "/", method="ANNA@EXAMPLE.COM")["method"] == "OTHER"
    assert ask(log_lines, "/", method="PROPFIND")["method"] == "OTHER"


def test_a_failing_page_has_its_error_and_the_same_number(log_lines, monkeypatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("anna@example.com")

    monkeypatch.setattr("voipstudio.pages.views.currency_of", broken)

    line = ask(log_lines, "/")

    [error] = [json.loads(text) for text in log_lines if '"django.request"' in text]
    assert (line["status"], line["level"]) == (500, "error")
    assert (error["error"], error["request_id"]) == ("RuntimeError", line["request_id"])
    assert error["at"][-1].endswith(" broken")


def test_the_number_of_a_trusted_proxy_is_kept(log_lines, settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert ask(log_lines, "/", **{"X-Request-ID": NUMBER})["request_id"] == NUMBER

    settings.TRUSTED_PROXIES = 0
    assert ask(log_lines, "/", **{"X-Request-ID": NUMBER})["request_id"] != NUMBER


@pytest.mark.parametrize("given", ["anna@example.com", "", "0" * 31, "g" * 32, f"{NUMBER}\n"])
def test_a_number_of_another_form_is_replaced(log_lines, settings, given: str) -> None:
    """Red when: what a visitor sends as a number is written into the log."""
    settings.TRUSTED_PROXIES = 1

    number = ask(log_lines, "/", **{"X-Request-ID": given})["request_id"]

    assert number != given
    assert len(number) == 32
    assert ask(log_lines, "/")["request_id"] != number
