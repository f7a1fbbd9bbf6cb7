"""A page kept for one visitor is never another's, here and in the caches on the way."""

import re
from collections.abc import Hashable
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from consent.choice import choice
from content import store
from content.models import ContentRevision
from tests import pages
from tests.factories import make_client, make_form, make_grant
from tests.pages import PAGES, Page
from tests.run_once import looks_at_pages
from voipstudio.web.caching import short_way
from voipstudio.web.caching.pages import RecentlyUsed

pytestmark = [pytest.mark.django_db, looks_at_pages]

PUBLIC = "public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=60"


@pytest.fixture(autouse=True)
def google_ids(settings) -> None:
    settings.GOOGLE_TAG_ID = "G-TEST"
    settings.GOOGLE_ADS_ID = "AW-123"


def _german() -> Client:
    client = make_client("preferences")
    client.cookies["L7_geoip"] = "DE"
    return client


KINDS = {
    "none": Client,
    "refused": lambda: make_client(refused=True),
    "preferences": lambda: make_client("preferences"),
    "german": _german,
    "analytics": lambda: make_client("analytics"),
    "marketing": lambda: make_client("marketing"),
    "analytics+marketing": lambda: make_client("analytics", "marketing"),
    "all": lambda: make_client("preferences", "analytics", "marketing"),
    "signal": lambda: make_client(**{"Sec-GPC": "1"}),
    "signal-after-a-grant": lambda: make_client("analytics", **{"Sec-GPC": "1"}),
    "changed": lambda: _on_an_unknown_notice("analytics"),
}


def _on_an_unknown_notice(*groups: str) -> Client:
    client = Client()
    grant = make_grant(*groups, notice_key="0" * 16)
    client.cookies[django_settings.CHOICE_COOKIE_NAME] = choice.write_grant(grant)
    return client


ADDRESSES = ["/en/", "/en/pricing/", "/en/privacy-policy/", "/en/?ask=open", "/"]


def _made_alone(kind: str, address: str) -> bytes:
    """The page of a visitor for whom nothing is kept."""
    short_way.forget()
    return KINDS[kind]().get(address).content


def _through_one_cache(kinds: list[str], address: str) -> dict[str, bytes]:
    """The page of each of these visitors, one after the other, all through the same cache."""
    shared, pages = Client(), {}
    for kind in kinds:
        visitor = KINDS[kind]()
        visitor.handler = shared.handler
        pages[kind] = visitor.get(address).content
    return pages


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_kept_for_one_choice_is_never_shown_for_another(address: str) -> None:
    """Red when: the choice or the currency is left out of `page_key`."""
    made_for_each = {kind: _made_alone(kind, address) for kind in KINDS}

    for order in ([*KINDS], [*reversed(KINDS)]):
        short_way.forget()
        assert _through_one_cache(order, address) == made_for_each


def test_the_pages_of_these_visitors_differ() -> None:
    """Otherwise the test above would compare equal pages."""
    assert len(set(_through_one_cache([*KINDS], "/en/pricing/").values())) >= 8


def test_a_page_kept_for_a_granting_visitor_has_no_tag_for_the_next_one() -> None:
    granting, next_one = KINDS["all"](), Client()
    next_one.handler = granting.handler
    assert b"data-google-tag" in granting.get("/en/").content

    response = next_one.get("/en/")

    assert b"data-google-tag" not in response.content
    assert "google" not in response["Content-Security-Policy"]
    assert Page(response.content).with_attribute("data-ask")


def test_a_kept_page_has_the_same_headers_as_a_new_one() -> None:
    """Red when: the page is kept with the headers of the first visitor."""
    client = Client()
    first = client.get("/en/pricing/")
    short_way.forget()  # so that the kept page goes through the middleware again

    second = client.get("/en/pricing/")

    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)


def test_an_opened_question_is_another_page() -> None:
    """Red when: `ask` is left out of `_key`."""
    client = Client()
    closed = client.get("/en/").content
    opened = client.get("/en/?ask=open").content

    assert closed != opened
    assert client.get("/en/").content == closed


def test_parameters_that_change_nothing_share_a_page(monkeypatch) -> None:
    """The parameters of ads must not fill the memory. Red when: the query is in `_key`."""
    client = Client()
    expected = client.get("/en/").content
    monkeypatch.setattr("django.template.base.Template.render", None)

    assert client.get("/en/?gclid=a&utm_source=b").content == expected


def test_a_new_revision_is_shown_at_once_after_the_poll() -> None:
    """Red when: the serial is left out of `_key`."""
    client = Client()
    client.get("/en/")
    ContentRevision.objects.bump()
    before = store.current().serial

    store.poll(timezone.now())

    assert store.current().serial != before
    assert client.get("/en/").status_code == 200


def test_the_memory_for_pages_is_limited(monkeypatch) -> None:
    """Red when: nothing is ever dropped from `pages`."""
    monkeypatch.setattr("voipstudio.web.caching.pages.MAX_PAGES", 3)
    pages: RecentlyUsed[str] = RecentlyUsed()
    for key in range(10):
        pages.keep(key, "page")
        pages.take(0)

    assert list(pages.values) == [8, 9, 0]


@pytest.mark.parametrize("address", PAGES)
def test_a_shared_cache_may_keep_only_the_page_of_a_visitor_without_anything(address: str) -> None:
    """Red when: `_cache_control` does not look at the Cookie header or at Sec-GPC."""
    says_when_it_was_shown = address in pages.ADDRESSES["free_trial"]
    expected = "private, no-cache" if says_when_it_was_shown else PUBLIC
    assert Client().get(address)["Cache-Control"] == expected

    with_cookie = Client()
    with_cookie.cookies["anything"] = "1"
    for client in (
        with_cookie,
        make_client(refused=True),
        make_client("preferences"),
        make_client(**{"Sec-GPC": "1"}),
        make_client(**{"Sec-GPC": "0"}),
    ):
        cache_control = client.get(address)["Cache-Control"]
        assert cache_control.startswith("private"), cache_control


@pytest.mark.parametrize("address", PAGES)
def test_every_page_varies_by_cookie_and_signal(address: str) -> None:
    """Also by encoding, where it is kept. Red when: CacheHeadersMiddleware does not patch Vary."""
    vary = {name.strip().lower() for name in Client().get(address)["Vary"].split(",")}

    is_kept = address not in pages.ADDRESSES["free_trial"]
    assert vary == {"cookie", "sec-gpc"} | ({"accept-encoding"} if is_kept else set())


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("groups", [("analytics",), ("marketing",), ("analytics", "marketing")])
def test_no_cache_keeps_a_page_with_tags(address: str, groups: tuple[str, ...]) -> None:
    """Red when: `_NEVER` is `private, no-cache`."""
    response = make_client(*groups).get(address)

    assert b"data-google-tag" in response.content
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("/nothing-here/", "testserver", 404),
        ("/en/nothing-here/", "testserver", 404),
        ("/en/", "attacker.example", 400),
    ],
)
def test_no_shared_cache_keeps_an_error_page(address: str, host: str, status: int) -> None:
    response = Client().get(address, headers={"Host": host})

    assert (response.status_code, response["Cache-Control"]) == (status, "private, no-cache")


def test_no_cache_keeps_the_answer_to_a_form() -> None:
    client = Client()

    response = client.post(
        "/cookies/",
        make_form("reject"),
        content_type="application/x-www-form-urlencoded",
    )

    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_no_cache_keeps_the_answer_of_a_health_probe(address: str) -> None:
    """Red when: the answer has no Cache-Control, so that it is kept as pages are."""
    assert "no-store" in Client().get(address)["Cache-Control"]


def _spellings(address: str) -> set[str]:
    """Other addresses that could lead to the same page."""
    numbers = re.sub(r"/(\d+)/", r"/0\1/", address)
    others = {
        numbers,
        numbers.replace("/0", "/000"),
        address.upper(),
        address.title(),
        f"/{address}",
        address.replace("/", "//"),
        f"{address}/",
        f"{address}%0A",
        f"{address}%20",
        f"{address};x=1",
        f"{address.rstrip('/')};x=1/",
        f"{address}index.html",
        f"/pl{address}",
        f"/.{address}",
        f"{address}./",
        f"{address}%2F",
        re.sub(r"/1/", "/١/", address),
        re.sub(r"/1/", "/+1/", address),
    }
    return others - {address}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_address(client, address: str) -> None:
    """Other spellings would fill the cache of pages. Red when: a route matches two spellings."""
    for spelling in _spellings(address):
        # The path as a server gives it: two slashes at the start are no host there.
        path = unquote(spelling).encode().decode("latin-1")  # WSGI (PEP 3333)
        status = client.generic("GET", "/", PATH_INFO=path).status_code
        assert status in {301, 302, 404}, spelling


def test_a_parameter_that_no_page_reads_makes_no_page_of_its_own(client, monkeypatch) -> None:
    """Red when: the query is in the key of the cache."""
    keep, keys = RecentlyUsed.keep, set()

    def noted(kept: RecentlyUsed[Any], key: Hashable, value: Any) -> None:
        keep(kept, key, value)
        keys.add((type(value), key))

    monkeypatch.setattr(RecentlyUsed, "keep", noted)

    for query in ("", "?x=1", "?gclid=2", "?ask=no", "?ask=open&ask=no", "?%C5%BC"):
        assert client.get(f"/kontakt/{query}").status_code == 200

    assert len(keys) == 2  # the page, and the answer
