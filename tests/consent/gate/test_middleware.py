"""The gate as a whole: all middleware in order, up to the headers that a WSGI server sends."""

from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings

from consent.choice import choice
from tests.factories import kept_cookies, make_client, make_grant
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

COOKIE = settings.CHOICE_COOKIE_NAME


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keeps the database connection open: the handler would close it, with the test's transaction."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def sent(path: str, cookies: str, host: str = "127.0.0.1") -> list[tuple[str, str]]:
    """The headers that a server sends for a request, checked against PEP 3333."""
    environ: dict[str, Any] = {
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_COOKIE": cookies,
        "HTTP_HOST": host,
    }
    setup_testing_defaults(environ)
    answers: list[list[tuple[str, str]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        answers.append(headers)
        return lambda _data: None

    body = validator(WSGIHandler())(environ, start_response)
    list(body)
    body.close()
    for name, value in answers[0]:
        f"{name}: {value}".encode("latin-1")  # a server encodes each header so
        assert value.isprintable(), value  # it holds no line break
    return answers[0]


def set_cookie_lines(headers: list[tuple[str, str]]) -> list[str]:
    return [value.strip() for name, value in headers if name == "Set-Cookie"]


def test_the_middleware_that_spends_the_room_of_all_headers_is_outermost() -> None:
    """Red when: another middleware adds a header after the room was measured.

    Those outside it add no header to an answer that has a cookie.
    """
    assert settings.MIDDLEWARE[:4] == [
        "voipstudio.logs.request_line.RequestLineMiddleware",
        "voipstudio.web.head_requests.HeadMiddleware",
        "voipstudio.web.caching.short_way.ShortWayMiddleware",
        "consent.gate.expiry.ExpiryMiddleware",
    ]


def test_only_middleware_that_sets_no_cookie_is_outside_the_guard() -> None:
    """Red when: ConsentMiddleware, sessions or messages are moved out of the guard."""
    outside = settings.MIDDLEWARE[: settings.MIDDLEWARE.index("consent.gate.guard.GuardMiddleware")]

    assert set(outside) <= {
        "voipstudio.logs.request_line.RequestLineMiddleware",
        "voipstudio.web.caching.short_way.ShortWayMiddleware",
        "consent.gate.expiry.ExpiryMiddleware",
        "voipstudio.web.addresses.AddressMiddleware",
        "voipstudio.web.head_requests.HeadMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "voipstudio.web.security_headers.SecurityHeadersMiddleware",
        "voipstudio.web.caching.headers.CacheHeadersMiddleware",
    }


@override_settings(ROOT_URLCONF="tests.consent.gate.urls_with_cookies")
def test_a_view_sets_only_cookies_that_are_declared_and_granted(dropped_cookies) -> None:
    """Red when: GuardMiddleware is taken out of the settings."""
    address = "/set/?name=_ga&name=tracker&name=sessionid&by_hand=x%3D1"

    nothing = make_client().get(address)
    some = make_client("analytics").get(address)

    assert dict(nothing.cookies) == {}
    assert kept_cookies(some) == {"_ga": "1"}
    assert len(dropped_cookies) == 4 + 3
    dropped_cookies.clear()


@override_settings(ROOT_URLCONF="tests.consent.gate.urls_with_cookies")
def test_a_page_that_sets_a_cookie_is_private(dropped_cookies) -> None:
    response = make_client("analytics").get("/set/?name=_ga")

    assert response["Cache-Control"].startswith("private")
    assert dropped_cookies == []


@override_settings(ALLOWED_HOSTS=["www.voipstudio.pl"])
def test_every_expiring_line_reaches_the_browser() -> None:
    """Red when: the expiring cookies of one name share a key, so that only one is sent."""
    headers = sent("/en/", "_ga=1", host="www.voipstudio.pl")

    assert sorted(set_cookie_lines(headers)) == sorted(
        f"_ga=; {domain}Max-Age=0; Path={path}"
        for path in ("/", "/en", "/en/")
        for domain in ("", "Domain=www.voipstudio.pl; ", "Domain=voipstudio.pl; ")
    )


@pytest.mark.parametrize(
    "path",
    [
        "/ż/",
        "/a\nX-Evil: 1/",
        "/a; Domain=pl/",
        '/"/',
        "/\x00/",
        "/ \t/",
        "/\ud800/".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
    ids=ascii,
)
def test_no_address_writes_a_header_of_its_own(path: str) -> None:
    """Red when: `_paths` takes the decoded path of the request."""
    as_wsgi = path if "\xed" in path else path.encode().decode("latin-1")

    lines = set_cookie_lines(sent(as_wsgi, "_ga=1"))

    assert len(lines) == 3
    assert all(
        line.startswith("_ga=; Max-Age=0; Path=/") and line.count(";") == 2 for line in lines
    )


def test_a_page_view_is_never_a_choice() -> None:
    """Red when: a view, or a link followed, is taken for a grant."""
    client = make_client()

    for path in (
        "/",
        "/cennik/",
        "/polityka-prywatnosci/?choice=accept",
        "/cookies/?choice=accept",
    ):
        assert dict(client.get(path).cookies) == {}
        assert dict(client.head(path).cookies) == {}

    assert dict(client.cookies) == {}


def test_every_answer_of_a_granting_visitor_is_private() -> None:
    value = choice.write_grant(make_grant("analytics"))

    headers = dict(sent("/", f"{COOKIE}={value}"))

    assert headers["Cache-Control"].startswith("private")
    assert {"Cookie", "Sec-GPC"} <= set(headers["Vary"].split(", "))
