"""Rules that hold on every public page, in both languages."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import cache
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from consent.models import CookieDetails
from tests.factories import make_client, publish_registry
from tests.pages import ADDRESSES, PAGES, PAIRS, STARTED, VERSION, Page, language_of
from tests.run_once import looks_at_pages

pytestmark = [pytest.mark.django_db, looks_at_pages]

MISSING = ("/nothing-here/", "/en/nothing-here/")
EVERYWHERE = pytest.mark.parametrize("address", [*PAGES, *MISSING])
ON_PAGES = pytest.mark.parametrize("address", PAGES)


VISITORS: dict[str, Callable[[], Client]] = {
    "unasked": Client,
    "refused": lambda: make_client(refused=True),
    "analytics": lambda: make_client("analytics"),
    "granted": lambda: make_client("analytics", "marketing"),
    "signal": lambda: make_client(**{"Sec-GPC": "1"}),
}
WITH_AND_WITHOUT_TAGS = pytest.mark.parametrize("visitor", ["unasked", "granted"])


@cache
def response_to(visitor: str, address: str) -> HttpResponse:
    """Each page is rendered once for each kind of visitor; all rules below read the same answer."""
    with override_settings(GOOGLE_TAG_ID="G-TEST"):
        return VISITORS[visitor]().get(address)


@cache
def document_of(visitor: str, address: str) -> Page:
    return Page(response_to(visitor, address).content)


@pytest.fixture
def document(address: str) -> Page:
    """The page of a visitor who has not been asked yet."""
    return document_of("unasked", address)


@ON_PAGES
def test_a_page_sets_no_cookie_before_a_choice(address: str) -> None:
    """I1 (nothing stored). Red when: a view, middleware or template sets a cookie."""
    response = response_to("unasked", address)

    assert response.status_code == 200
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert response["Content-Type"] == "text/html; charset=utf-8"


@EVERYWHERE
@pytest.mark.parametrize("visitor", ["refused", "signal"])
def test_a_page_sets_no_cookie_after_a_refusal(address: str, visitor: str) -> None:
    assert not response_to(visitor, address).cookies


@ON_PAGES
def test_a_page_names_its_own_address_and_the_same_page_in_the_other_language(
    document: Page, address: str
) -> None:
    """Red when: canonical or hreflang come from the Host header, or the pair is one-sided."""
    origin = settings.SITE_ORIGIN
    (pair,) = [pair for pair in PAIRS if address in pair]

    assert document.one("link", rel="canonical")["href"] == origin + address
    alternates = {
        e["hreflang"]: e["href"] for e in document.all("link", rel="alternate") if e.get("hreflang")
    }
    assert alternates == {
        "pl": origin + pair[0],
        "en": origin + pair[1],
        "x-default": origin + pair[0],
    }
    switches = {e["hreflang"]: e["href"] for e in document.all("a") if e.get("hreflang")}
    other = "en" if language_of(address) == "pl" else "pl"
    assert switches == {other: pair[0] if other == "pl" else pair[1]}


@EVERYWHERE
def test_a_page_has_its_language_a_title_and_a_description(document: Page, address: str) -> None:
    assert document.one("html")["lang"] == language_of(address)
    assert document.one("title").text.endswith(" – VoIPstudio")
    assert len(document.one("meta", name="description")["content"]) >= 30
    assert document.one("meta", name="viewport")["content"] == "width=device-width, initial-scale=1"


def test_no_two_pages_of_a_language_have_the_same_title() -> None:
    """A version has the title of its policy. Red when: a template lacks the title block."""
    titles = Counter(
        document_of("unasked", address).one("title").text
        for pair in PAIRS
        if pair != VERSION
        for address in pair
    )

    assert [title for title, count in titles.items() if count > 1] == []
    assert len(titles) >= 20


@EVERYWHERE
def test_a_page_has_one_heading_of_the_first_level_and_skips_none(document: Page) -> None:
    """WCAG 1.3.1. The heading of the banner comes before those of the page."""
    levels = [
        int(e.tag[1])
        for e in document.all("h1", "h2", "h3", "h4", "h5", "h6")
        if not any(parent.get("class") == "ask" for parent in e.parents)
    ]

    assert levels.count(1) == 1
    assert levels[0] == 1
    steps = [after - before for before, after in pairwise(levels)]
    assert max(steps, default=0) <= 1


@EVERYWHERE
@WITH_AND_WITHOUT_TAGS
def test_a_page_has_no_script_or_style_of_its_own(address: str, visitor: str) -> None:
    """I3 (no inline script or style). Red when: a template has one, or an event handler."""
    page = document_of(visitor, address)

    assert [e for e in page.scripts if "src" not in e.attributes] == []
    assert [e.text for e in page.scripts if e.text] == []
    assert page.all("style") == []
    assert page.with_attribute("style") == []
    assert [name for e in page.elements for name in e.attributes if name.startswith("on")] == []
    assert [e for e in page.elements if e.get("href").startswith("javascript:")] == []


@EVERYWHERE
@WITH_AND_WITHOUT_TAGS
def test_a_page_loads_nothing_from_another_host(address: str, visitor: str) -> None:
    """After a grant our own module loads Google's. Red when: a font or image of another host is
    linked."""
    page = document_of(visitor, address)

    loaded = list(page.loaded_addresses)
    assert len(loaded) >= 4
    assert [url for url in loaded if urlsplit(url).netloc or not url.startswith("/")] == []
    assert page.all("iframe", "embed", "object", "base", "img") == []
    assert [e for e in page.all("link") if e["rel"] in {"preconnect", "dns-prefetch"}] == []


@EVERYWHERE
def test_the_ids_of_a_page_are_unique_and_every_reference_exists(document: Page) -> None:
    """WCAG 4.1.1. Red when: a component is included twice with the same id."""
    ids = Counter(e["id"] for e in document.with_attribute("id"))

    assert [name for name, count in ids.items() if count > 1] == []
    for attribute in ("aria-labelledby", "aria-describedby", "for", "aria-controls"):
        for element in document.with_attribute(attribute):
            assert set(element[attribute].split()) <= {*ids}, element[attribute]


@EVERYWHERE
def test_the_tags_of_a_page_are_balanced(document: Page) -> None:
    assert document.unbalanced == []


@EVERYWHERE
def test_every_footer_links_to_the_settings_and_the_policy(document: Page, address: str) -> None:
    """I5 (easy to withdraw). Red when: the link is removed from the footer."""
    footer = [e["href"] for e in document.all("a") if e.is_inside("footer")]

    prefix = "/en/" if language_of(address) == "en" else "/"
    assert f"{prefix}cookies/" in footer
    assert (f"{prefix}privacy-policy/" if prefix == "/en/" else "/polityka-prywatnosci/") in footer


@EVERYWHERE
def test_the_banner_comes_right_after_the_skip_link_on_every_page(
    address: str, document: Page
) -> None:
    """Red when: a template does not extend base.html, or moves the banner."""
    if address in ADDRESSES["cookies"]:  # asks by its own form: tests/consent/test_cookie_page.py
        return
    (banner,) = document.with_attribute("data-ask")

    body = document.elements.index(document.one("body"))
    assert document.elements[body + 1].classes == ["skip"]
    assert document.elements[body + 2] is banner
    assert banner["aria-labelledby"] == "ask-title"
    form = document.elements[body + 3]
    assert (form.tag, form["method"]) == ("form", "post")


@EVERYWHERE
@pytest.mark.parametrize("visitor", ["refused", "analytics", "signal"])
def test_a_visitor_with_a_choice_sees_no_banner(visitor: str, address: str) -> None:
    assert document_of(visitor, address).with_attribute("data-ask") == []


def test_without_optional_cookies_there_is_no_banner() -> None:
    """Red when: the banner is shown for an empty list of groups."""
    CookieDetails.objects.exclude(cookie__cookiegroup__varname="necessary").update(is_active=False)
    publish_registry()
    client = Client()

    for address in [*PAGES, *MISSING]:
        assert Page(client.get(address).content).with_attribute("data-ask") == [], address


@ON_PAGES
def test_every_page_ends_with_the_call_to_the_trial(address: str, document: Page) -> None:
    """Except the page after starting a trial."""
    if address in STARTED:
        assert document.with_class("trial-call") == []
        return
    (call,) = document.with_class("trial-call")

    assert "30" in call.text
    assert call.is_inside("main")


@EVERYWHERE
def test_forms_have_only_the_expected_fields_and_no_ticked_box(
    address: str, document: Page
) -> None:
    """GDPR recital 32: no pre-ticked box. The offer: no payment card."""
    boxes = document.all("input", type="checkbox")
    names = {"notice", "next", "place", "group"}
    if address in ADDRESSES["free_trial"]:
        names |= {"stamp", "full_name", "email", "company", "phone", "website"}
        names |= {"marketing_email", "marketing_phone"}

    if address in ADDRESSES["receipt"]:
        names |= {"number"}
    if address in ADDRESSES["your_data"]:
        names |= {"email", "number"}
    if address in ADDRESSES["your_data_complaint"]:
        names |= {"email", "website"}

    assert boxes
    assert [box for box in boxes if "checked" in box.attributes] == []
    # The file of a receipt has no name: no form sends it.
    unnamed = [e["id"] for e in document.all("input") if "name" not in e.attributes]
    assert unnamed == (["file"] if address in ADDRESSES["check_receipt"] else [])
    assert {e["name"] for e in document.with_attribute("name") if e.tag == "input"} == names


@ON_PAGES
def test_a_moment_has_no_fraction_of_a_second(address: str) -> None:
    """HTML allows three digits at most (2.3.5.7). Red when: a template writes microseconds."""
    for element in document_of("unasked", address).all("time"):
        datetime.strptime(element["datetime"], "%Y-%m-%dT%H:%M:%S%z")
