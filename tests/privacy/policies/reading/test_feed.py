"""The Atom feeds (RFC 4287), read by an XML parser."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from content import store
from privacy.models import PolicyVersion
from tests.pages import Page
from tests.privacy.policies.drafts import make_published

pytestmark = pytest.mark.django_db

ORIGIN = "https://voipstudio.example"
FEED = "/en/privacy-policy/versions/feed/"
VERSIONS = "/en/privacy-policy/versions/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def origin(settings) -> None:
    settings.SITE_ORIGIN = ORIGIN


def _read(client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not response.cookies
    return ElementTree.fromstring(response.content)


def _text(element: ElementTree.Element, name: str) -> str:
    (child,) = element.findall(f"a:{name}", ATOM)
    return child.text or ""


def _links(element: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall("a:link", ATOM)}


def test_the_feed_has_what_atom_asks_for_and_names_itself(client) -> None:
    """RFC 4287, 4.1.1. Red when: id, title, updated, author or the link to itself is left out."""
    feed = _read(client, FEED)

    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "en"
    assert _text(feed, "id") == "tag:voipstudio.pl,2026:privacy/en"
    assert _text(feed, "title") == "VoIPstudio – Privacy policy"
    assert feed.find("a:author/a:name", ATOM).text == "VoIPstudio"
    assert _links(feed) == {"self": ORIGIN + FEED, "alternate": ORIGIN + VERSIONS}
    first = PolicyVersion.objects.get(number=1)
    assert datetime.fromisoformat(_text(feed, "updated")) == first.published_at


def test_a_version_is_an_entry_as_soon_as_it_is_published(client) -> None:
    """Red when: the feed waits for the effective date, or has no summary of changes."""
    now = timezone.now()
    make_published(
        at=now,
        effective_at=now + timedelta(days=20),
        is_material=True,
        change_summary_pl="Mniej & mniej, zob. [0.1](#s0-1).",
        change_summary_en="Less & less, see [0.1](#s0-1).",
    )
    store.poll(now)

    feed = _read(client, FEED)
    newest, oldest = feed.findall("a:entry", ATOM)

    assert datetime.fromisoformat(_text(feed, "updated")) == now
    assert datetime.fromisoformat(_text(newest, "updated")) == now
    assert [_text(entry, "id") for entry in (newest, oldest)] == [
        "tag:voipstudio.pl,2026:privacy/en/2",
        "tag:voipstudio.pl,2026:privacy/en/1",
    ]
    assert _text(newest, "title") == "Privacy policy – Version 2"
    assert _links(newest) == {"alternate": f"{ORIGIN}{VERSIONS}2/"}
    html = newest.find("a:content", ATOM)
    assert html.attrib["type"] == "html"
    assert html.attrib["{http://www.w3.org/XML/1998/namespace}base"] == f"{ORIGIN}{VERSIONS}2/"
    page = Page(html.text)
    assert "Less & less, see 0.1." in [e.text for e in page.all("p")]
    assert "It is a material change." in html.text
    assert [*page.links] == [f"{VERSIONS}2/#s0-1", f"{VERSIONS}1/differences/2/"]
    assert page.unbalanced == []


@pytest.mark.parametrize("address", ["/en/terms/versions/feed/", "/regulamin/wersje/kanal/"])
def test_the_feed_of_a_document_without_versions_is_empty_and_valid(client, address: str) -> None:
    """Red when: `updated` is taken from a first entry that does not exist."""
    feed = _read(client, address)

    assert feed.findall("a:entry", ATOM) == []
    assert datetime.fromisoformat(_text(feed, "updated")).year == 1970
    assert _links(feed)["self"] == ORIGIN + address


def test_characters_that_xml_cannot_hold_are_left_out(client) -> None:
    """XML 1.0, 2.2. Red when: `_NO_XML` stays in the feed: no parser reads it then."""
    make_published(change_summary_en="One\x0btwo\ufffe", title_en="Privacy\x1b policy")
    store.poll(timezone.now())

    (entry, _oldest) = _read(client, FEED).findall("a:entry", ATOM)

    assert "Onetwo" in _text(entry, "content")


@pytest.mark.parametrize("rest", ["", "versions/", "versions/1/"])
def test_programs_find_the_feed_on_every_page_of_its_document(client, rest: str) -> None:
    """Red when: a template lacks the link."""
    for policy, feed in {
        "/en/privacy-policy/": FEED,
        "/polityka-prywatnosci/": "/polityka-prywatnosci/wersje/kanal/",
    }.items():
        address = policy + (rest.replace("versions", "wersje") if policy[1:3] != "en" else rest)
        page = Page(client.get(address).content)
        (link,) = page.all("link", rel="alternate", type="application/atom+xml")
        assert link["href"] == feed
        assert link["title"]
