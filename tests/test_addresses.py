"""Every public address answers, every link leads to a page, and every page can be reached."""

from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone, translation

from tests.pages import (
    ADDRESSES,
    MACHINES,
    ON_THIS_DEVICE,
    PAGES,
    PAIRS,
    UNLINKED,
    VERSION,
    Page,
)
from tests.run_once import looks_at_pages

pytestmark = [pytest.mark.django_db, looks_at_pages]


@pytest.mark.parametrize(("name", "pair"), ADDRESSES.items(), ids=[*ADDRESSES])
def test_a_page_has_its_address_in_each_language(name: str, pair: tuple[str, str]) -> None:
    """Red when: a slug or its translation changes, which would break links from outside."""
    addresses = []
    for language in ("pl", "en"):
        with translation.override(language):
            addresses.append(reverse(name))

    assert tuple(addresses) == pair


def test_these_tests_cover_every_public_address() -> None:
    """Red when: an address is added to urls.py, but not to tests/pages.py."""
    with translation.override("pl"):
        names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    machines = {"healthz", "readyz", "robots", "sitemap", "favicon", "gpc", "security_txt"}
    private = {
        "on_this_device",
        "policy_draft",
        "trial_confirm",
        "trial_new_link",
        "trial_consents",
    }
    private |= {
        f"your_data_{name}"
        for name in ("record", "link", "page", "file", "erase", "correct", "ask", "choose")
    }
    staff = {"design"}
    below_documents = {
        f"{document}_{kind}"
        for document in ("privacy_policy", "terms", "acceptable_use")
        for kind in ("versions", "version", "differences", "compare", "file", "feed")
    }
    assert len(below_documents) == 18
    below_documents |= {f"seal_{kind}" for kind in ("feed", "file", "proof")}
    assert names - machines - private - staff == {*ADDRESSES, *below_documents, "trial_started"}


@pytest.mark.parametrize(
    "address", ["/polityka-prywatnosci/", "/regulamin/", "/polityka-uzytkowania/"]
)
def test_the_address_of_a_policy_answers_before_it_is_published(client, address: str) -> None:
    """Other sites link to it. Red when: an unpublished policy answers 404."""
    assert client.get(address).status_code == 200
    assert client.get(address.rstrip("/")).status_code == 301


@pytest.mark.parametrize("address", ["/regulamin/", "/en/acceptable-use/"])
def test_a_policy_that_is_not_published_says_how_to_get_it_and_is_not_indexed(
    client, address: str
) -> None:
    page = Page(client.get(address).content)

    assert page.one("meta", name="robots")["content"] == "noindex"
    assert "mailto:marketing@voipstudio.pl" in [
        a["href"] for a in page.all("a") if a.is_inside("main")
    ]


@pytest.mark.parametrize("address", [*PAGES, *MACHINES, "/nothing-here/", "/cennik", "/en"])
def test_head_answers_as_get_does_without_the_body(address: str) -> None:
    """RFC 9110, 9.3.2. Red when: a view allows GET only, or sets a header for GET only."""
    with time_machine.travel(timezone.now(), tick=False):
        get, head = Client().get(address), Client().head(address)  # neither from the page cache

    assert head.status_code == get.status_code
    assert head.content == b""
    lengths = {"content-length": str(len(get.content))}
    headers = {name.lower(): value for name, value in get.items()}
    assert {name.lower(): value for name, value in head.items()} == headers | lengths
    assert {*head.cookies} == {*get.cookies}


def _crawl(client, start: str) -> dict[str, Page]:
    """Every page of this site that links lead to, by its address."""
    pages: dict[str, Page] = {}
    queue = [start]
    while queue:
        address = queue.pop()
        if address in pages:
            continue
        response = client.get(address)
        assert response.status_code == 200, (
            f"a page links to {address}, which answers {response.status_code}"
        )
        is_page = response["Content-Type"].startswith("text/html")
        pages[address] = Page(response.content if is_page else "")
        for link in pages[address].links:
            target = urldefrag(urljoin(address, link)).url
            if not urlsplit(target).scheme:
                queue.append(target)
    return pages


@pytest.mark.parametrize("start", ["/", "/en/"])
def test_links_lead_to_every_page_and_no_link_is_broken(client, start: str) -> None:
    """Red when: a template or a policy links to a removed address."""
    linked = {address.partition("?")[0] for address in _crawl(client, start)}

    assert linked - {*MACHINES} == {*PAGES, *ON_THIS_DEVICE} - UNLINKED
    assert len(linked & {*MACHINES}) == 6


def test_every_fragment_of_a_link_is_an_id_on_its_page(client) -> None:
    """Red when: a link names an id that no element has."""
    pages = _crawl(client, "/")
    count = 0
    for address, page in pages.items():
        for link in page.links:
            target, fragment = urldefrag(urljoin(address, link))
            if fragment and not urlsplit(target).scheme:
                count += 1
                ids = {element["id"] for element in pages[target].with_attribute("id")}
                assert fragment in ids, f"{address} links to {link}"

    assert count >= 200


def test_there_are_pages_to_sweep() -> None:
    assert len(PAGES) == len(set(PAGES)) == 2 * len(PAIRS) >= 30
    assert VERSION[0] in PAGES
