"""The short way answers as the long way does, and only where it may (I2, I3, I7, I13, I18)."""

from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from consent.choice import choice
from consent.choice.choice import CHOICE_LIFETIME, Grant
from content import store
from content.models import ContentRevision
from tests.factories import make_client
from tests.pages import ADDRESSES, PAGES
from tests.run_once import looks_at_pages
from tests.voipstudio.web.caching.test_pages import KINDS
from voipstudio.web.caching import short_way
from voipstudio.web.caching.short_way import ShortWayMiddleware

pytestmark = [pytest.mark.django_db, looks_at_pages]

# The page of the form says when it was shown, so that it is never kept.
STABLE = [path for path in PAGES if path not in ADDRESSES["free_trial"]]
# What differs by choice differs on these; the visitors who are most see every page.
DIFFERING = [
    path for name in ("home", "pricing", "privacy_policy", "cookies") for path in ADDRESSES[name]
]
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture(autouse=True)
def google_ids(settings) -> None:
    settings.GOOGLE_TAG_ID = "G-TEST"
    settings.GOOGLE_ADS_ID = "AW-123"


def seen(response: Any) -> tuple[Any, ...]:
    return (
        response.status_code,
        response.content,
        sorted(response.headers.items()),
        response.cookies.output(),
    )


def without_etag(response: Any) -> tuple[Any, ...]:
    status, content, headers, cookies = seen(response)
    return status, content, [pair for pair in headers if pair[0] != "ETag"], cookies


@pytest.mark.parametrize("kind", KINDS)
def test_it_answers_every_page_with_the_bytes_and_headers_of_the_long_way(
    kind: str, monkeypatch, long_way
) -> None:
    """Red when: a header of the long way is not kept, or one of the key's parts is left out."""
    visitor, paths = KINDS[kind](), STABLE if kind in {"none", "refused", "all"} else DIFFERING
    with monkeypatch.context() as patch:
        patch.setattr(short_way, "_key", lambda request: None)
        expected = {path: without_etag(_first_view(visitor, path)) for path in paths}
    # Before this visitor, every other one fills the memory.
    for other in KINDS:
        for path in ("/en/", "/en/pricing/", "/en/privacy-policy/"):
            KINDS[other]().get(path, headers=BROWSER)
    long_way.clear()

    for path in paths:
        first, second = _first_view(visitor, path), _first_view(visitor, path)
        assert without_etag(first) == without_etag(second) == expected[path], path
        assert first.headers.get("ETag") == second.headers.get("ETag")

    assert len(STABLE) >= 20
    # Who granted preferences gets the country's cookie each time; a grant's cookie page is its own.
    is_short = kind in {"none", "refused", "signal", "german"}
    assert not is_short or len(long_way) <= len(paths) + 2


def _first_view(visitor: Client, path: str) -> Any:
    """One view, with the cookies that the visitor has at first."""
    cookies = SimpleCookie(visitor.cookies)
    response = visitor.get(path, headers=BROWSER)
    visitor.cookies = cookies
    return response


def test_a_kept_page_takes_the_short_way(long_way) -> None:
    """The other tests would pass without any short way."""
    for _ in range(3):
        for client in (Client(), make_client(refused=True), make_client("analytics")):
            client.get("/en/")

    assert long_way == ["/en/"] * 3


def test_head_is_answered_with_the_headers_of_get(long_way) -> None:
    client = Client()
    page, head = client.get("/en/"), client.head("/en/")

    assert dict(head.headers) == dict(page.headers)
    assert long_way == ["/en/"]
    short_way.forget()
    assert dict(client.head("/en/").headers) == dict(page.headers)


# --- Where the long way must be taken


def _with_cookie(client: Client, name: str, value: str = "1") -> Client:
    client.cookies[name] = value
    return client


EXPIRING = {
    "refused": lambda: _with_cookie(make_client(refused=True), "_ga"),
    "no choice": lambda: _with_cookie(Client(), "_ga_ABC"),
    "another group": lambda: _with_cookie(make_client("marketing"), "_ga"),
    "signal": lambda: _with_cookie(make_client("analytics", **{"Sec-GPC": "1"}), "_ga"),
}


@pytest.mark.parametrize("kind", EXPIRING)
def test_a_cookie_that_is_not_granted_expires_on_a_kept_page_too(kind: str) -> None:
    """I7. Red when: `_may_be_short` does not ask `brings_ungranted`."""
    for _ in range(2):
        EXPIRING[kind]().get("/en/")  # another visitor of the kind
        client = make_client(refused=True) if kind == "refused" else Client()
        client.get("/en/")
        response = EXPIRING[kind]().get("/en/")
        assert any(morsel["max-age"] == 0 for morsel in response.cookies.values())


def test_a_granted_cookie_of_google_does_not_lengthen_the_way(long_way) -> None:
    for name in ("_ga", "_ga_ABC"):
        for _ in range(2):
            _with_cookie(make_client("analytics"), name).get("/en/")

    assert long_way == ["/en/"]


def test_the_country_is_set_on_a_kept_page_too(settings) -> None:
    """Red when: `may_be_due` is not asked, or L7_geoip says it is not due."""
    settings.TRUSTED_PROXIES = 1
    for address in ("83.0.0.1", "81.2.69.142"):
        response = make_client("preferences").get("/en/", headers={"X-Forwarded-For": address})
        assert response.cookies["L7_geoip"].value


def test_a_country_that_nobody_wrote_is_replaced(settings) -> None:
    settings.TRUSTED_PROXIES = 1
    _with_cookie(make_client("preferences"), "L7_geoip", "PL").get("/en/")

    response = _with_cookie(make_client("preferences"), "L7_geoip", "<b>").get(
        "/en/", headers={"X-Forwarded-For": "83.0.0.1"}
    )

    assert response.cookies["L7_geoip"].value == "PL"


def test_an_ad_is_noted_on_a_kept_page_too(long_way) -> None:
    """Red when: Xl7ref says that it is not due for a query."""
    make_client("marketing").get("/en/")

    for _ in range(2):
        assert make_client("marketing").get("/en/?gclid=abc").cookies["Xl7ref"].value
    assert not make_client("analytics").get("/en/?gclid=abc").cookies
    assert long_way.count("/en/?gclid=abc") == 3  # of the last, the page had not been kept


def test_a_grant_that_lapses_ends_the_page_with_its_tag() -> None:
    """I11. Red when: the choice is resolved once per value of the cookie."""
    client = make_client("analytics")
    assert b"data-google-tag" in client.get("/en/").content
    with time_machine.travel(timezone.now() + CHOICE_LIFETIME + timedelta(days=1)):
        response = client.get("/en/")

    assert b"data-google-tag" not in response.content
    assert b"data-ask" in response.content


def test_changed_content_is_shown_after_the_poll(long_way) -> None:
    """Red when: the serial is not in the key."""
    client = Client()
    client.get("/en/")
    ContentRevision.objects.bump()
    client.get("/en/")
    assert len(long_way) == 1

    store.poll(timezone.now())
    client.get("/en/")

    assert len(long_way) == 2


@pytest.mark.parametrize("method", ["post", "put", "options"])
def test_another_method_takes_the_long_way(method: str) -> None:
    """Red when: `_may_be_short` does not look at the method."""
    client = Client()
    client.get("/en/")

    assert getattr(client, method)("/en/").status_code in {200, 405}
    assert getattr(client, method)("/en/").headers.get("ETag") is None


@pytest.fixture
def https(settings) -> None:
    settings.IS_HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.CANONICAL_HOST = settings.SECURE_SSL_HOST = "voipstudio.pl"
    settings.ALLOWED_HOSTS = ["voipstudio.pl", "www.voipstudio.pl"]
    settings.SITE_ORIGIN = "https://voipstudio.pl"


def test_another_host_or_scheme_is_led_to_the_site(https, settings) -> None:
    """Red when: `_is_at_site_address` leaves out the host, the scheme, or asks for no exact name."""
    settings.SECURE_PROXY_SSL_HEADER = None
    headers = {"Host": "voipstudio.pl"}
    for _ in range(2):
        assert Client().get("/en/", secure=True, headers=headers).status_code == 200

    for host, secure in (("www.voipstudio.pl", True), ("voipstudio.pl", False)):
        response = Client().get("/en/", secure=secure, headers={"Host": host})
        assert response.status_code in {301, 308}
        assert response["Location"] == "https://voipstudio.pl/en/"
    untrusted = headers | {"X-Forwarded-Proto": "https"}
    assert Client().get("/en/", headers=untrusted).status_code == 301
    assert Client().get("/en/", secure=True, headers={"Host": "evil.example"}).status_code == 400


def test_a_strange_request_is_refused_without_a_line_of_error(log_lines) -> None:
    """Red when: SuspiciousOperation is logged as a failure: strangers could fill the log."""
    client = Client()
    client.get("/en/")
    client.get("/en/", headers={"Host": "evil.example"})
    client.get("/en/", headers={"Host": "::::"})

    assert [line for line in log_lines if "short way failed" in line] == []


def test_where_the_short_way_fails_the_long_way_answers(monkeypatch, log_lines) -> None:
    """Red when: the error is not caught: the answer would lack all headers of the site (I3)."""

    def broken(*args: object, **options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("consent.gate.expiry.brings_ungranted", broken)

    response = Client().get("/en/")

    assert response.status_code == 200
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert len([line for line in log_lines if "The short way failed" in line]) == 1


def test_who_brings_any_cookie_or_signal_gets_no_page_for_shared_caches() -> None:
    """I13. Red when: `has_nothing_of_a_visitor` is not in the key: the page itself is the same."""
    somebody = [_with_cookie(Client(), "anything"), make_client(**{"Sec-GPC": "0"})]
    for client in (Client(), *somebody, Client()):
        is_public = client.get("/en/")["Cache-Control"].startswith("public")
        assert is_public is not (client in somebody)


# --- What must not be kept


def _middleware(response: HttpResponse, *, page_key: object) -> ShortWayMiddleware:
    def view(request: Any) -> HttpResponse:
        request.kept_page_key = page_key
        return response

    return ShortWayMiddleware(view)


def _kept_after(response: HttpResponse, *, page_key: Callable[[Any], object]) -> int:
    request: Any = RequestFactory().get("/en/")
    key = short_way._key(request)
    assert key
    _middleware(response, page_key=page_key(key))(request)
    return len(short_way._answers.values)


def test_an_answer_is_kept_only_for_the_question_that_its_page_was_made_for() -> None:
    """A grant can lapse, and content can change, between the two. Red when: keys are not compared."""
    assert _kept_after(HttpResponse("page"), page_key=lambda key: ("another", *key[0][1:])) == 0
    assert _kept_after(HttpResponse("page"), page_key=lambda key: key[0]) == 1


def test_an_answer_with_a_cookie_is_not_kept() -> None:
    """Red when: `response.cookies` is not looked at."""
    response = HttpResponse("page")
    response.set_cookie("_ga", "1")

    assert _kept_after(response, page_key=lambda key: key[0]) == 0


def test_nothing_of_one_person_is_kept() -> None:
    """Red when: PageCacheMiddleware keeps private pages, or answers of one visitor."""
    granting = make_client("analytics")
    grant = choice.read(granting.cookies[django_settings.CHOICE_COOKIE_NAME].value)
    assert isinstance(grant, Grant)
    for client in (Client(), granting):
        for path in ("/twoje-dane/", "/en/free-trial/", "/cookies/", "/admin/login/", "/healthz"):
            client.get(path)
    assert str(grant.record_id).encode() in granting.get("/cookies/").content

    assert {key[0][0] for key in short_way._answers.values} == {"/twoje-dane/", "/cookies/"}
    pages = b"".join(answer.body for answer in short_way._answers.values.values())
    assert str(grant.record_id).encode() not in pages
