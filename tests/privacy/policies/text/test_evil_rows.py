"""Rows that SQL wrote past every check are harmless on every page."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from delivery import heartbeat
from privacy.models import PurgeRun
from tests.pages import MACHINES, PAGES, Element, Page
from tests.privacy.policies.text.evil_rows import (
    ORDERED,
    evil_text,
    insert_evil_row,
    show_evil_rows,
)
from tests.run_once import looks_at_pages

pytestmark = pytest.mark.django_db

_VERSIONS = ("/polityka-prywatnosci/", "/en/privacy-policy/")
_ADDRESSES = ("href", "src", "action", "formaction", "cite", "data", "poster", "xlink:href")
_SCHEME = re.compile(r"[a-zA-Z][-+.a-zA-Z0-9]*:")


def _links(page: Page) -> set[str]:
    """The addresses below those of the privacy policy that a page links to."""
    paths = {
        element.get("href").partition("#")[0].removeprefix(settings.SITE_ORIGIN)
        for element in page.with_attribute("href")
    }
    return {path for path in paths if path.startswith(_VERSIONS)}


def _answers(client: Client, start: list[str]) -> dict[str, Page | str]:
    """Each answer about the policy that readers can reach from these, pages parsed."""
    result: dict[str, Page | str] = {}
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path in result:
            continue
        response = client.get(path)
        assert response.status_code == 200, path
        text = b"".join(response).decode()
        if response["Content-Type"].startswith("text/html"):
            result[path] = page = Page(text)
            waiting += _links(page) - set(result)
        else:
            result[path] = text
    return result


def _is_ours(script: Element) -> bool:
    is_file = script.get("src").startswith(settings.STATIC_URL) and not script.text
    return is_file or script.get("type") == "application/ld+json"


def dangers(page: Page, tags: set[str]) -> list[str]:
    """Everything in a page that could run code or load, and elements of other tags than these."""
    result = []
    for element in page.elements:
        if element.tag not in tags:
            result.append(f"<{element.tag}>")
        if element.tag == "script" and not _is_ours(element):
            result.append(f"<script {element.attributes}>")
        for name, value in element.attributes.items():
            if name.startswith("on") or name in {"style", "srcdoc", "ping"}:
                result.append(f"<{element.tag} {name}>")
            scheme = _SCHEME.match(re.sub(r"[\x00-\x20]", "", value))
            allowed = {"http:", "https:", "mailto:", "tel:"}
            if name in _ADDRESSES and scheme and scheme[0].lower() not in allowed:
                result.append(f"<{element.tag} {name}={value!r}>")
    return result


_known_tags: set[str] = set()


@pytest.fixture
def tags(client: Client) -> set[str]:
    """The tags of the pages of two versions with nothing evil in them. They are the same in each test."""
    if not _known_tags:
        insert_evil_row(50, text="## 0. x\n\n0.1 y", article_13="{}", hash="0" * 64)
        show_evil_rows()
        answers = _answers(client, list(_VERSIONS)).values()
        pages = [answer for answer in answers if isinstance(answer, Page)]
        _known_tags.update(element.tag for page in pages for element in page.elements)
        _known_tags.update(
            {"h3", "blockquote", "ol", "aside", "em", "hr", "br", "ins", "del", "code"}
        )
    return _known_tags


@pytest.mark.parametrize(
    "html",
    ["<script>x</script>", "<script src=//e></script>", "<p onclick=x>", "<a href=' java\tscript:x'>", "<p style=x>", "<img>"],
)  # fmt: skip
def test_the_search_finds_dangers(html: str) -> None:
    assert dangers(Page(html), {"script", "p", "a"}) != []


@looks_at_pages
def test_every_payload_is_harmless_on_every_page_of_the_policy(
    client: Client, tags: set[str]
) -> None:
    """In text, titles and both kinds of summaries. Red when: a template prints one with `safe`, or
    `clean` lets a tag through that the renderer was made to write."""
    half = len(ORDERED) // 2
    for number, payloads in ((98, ORDERED[:half]), (99, ORDERED[half:])):
        title = "".join(payload for payload in payloads if len(payload) < 60)[:200]
        insert_evil_row(number, text=evil_text(payloads), title_pl=title, title_en=title)
    show_evil_rows()

    answers = _answers(client, list(_VERSIONS))
    assert any("98" in path and "99" in path for path in answers)  # the differences
    policy = answers["/polityka-prywatnosci/"]
    assert isinstance(policy, Page)
    assert "alert(1)" in policy.one("main").text
    feeds = 0
    for path, answer in answers.items():
        if isinstance(answer, Page):
            assert dangers(answer, tags) == [], path
        elif answer.startswith("<?xml"):
            _assert_harmless_feed(answer, tags)
            feeds += 1
    assert feeds == 2


def _assert_harmless_feed(text: str, tags: set[str]) -> None:
    """Feed readers render content of type HTML: the same list of tags holds for it."""
    for element in ElementTree.fromstring(text).iter():
        assert element.tag.startswith("{http://www.w3.org/2005/Atom}"), element.tag
        if element.get("type") in {"html", "xhtml"}:
            assert dangers(Page(element.text or ""), tags) == []
        href = element.get("href")
        assert href is None or href.startswith(("https://", "http://", "/")), href


@looks_at_pages
def test_a_title_is_text_wherever_it_is_shown(client: Client, tags: set[str]) -> None:
    """Red when: a template prints a title with `safe`, or JSON-LD is written without escaping."""
    titles = dict(enumerate((p for p in ORDERED if len(p) <= 200 and "\x00" not in p), start=100))
    for number, title in titles.items():
        insert_evil_row(number, text="## 0. x\n\n0.1 y", title_pl=title, title_en=title)
    show_evil_rows()

    assert len(titles) > 300
    for number, title in titles.items():
        page = Page(client.get(f"/polityka-prywatnosci/wersje/{number}/").content)
        assert dangers(page, tags) == [], title
        assert page.one("h1").text == " ".join(title.split())


@pytest.mark.parametrize(
    "columns",
    [
        {"policy": "'><script>alert(1)"},
        {"policy": "terms"},
        {"policy": ""},
        {"number": 0},
        {"number": 2147483647},
        {"article_13": '"<script>alert(1)</script>"'},
        {"article_13": "[]"},
        {"article_13": "null"},
        {"article_13": '{"controller": "2.1"}'},
        {"article_13": '{"controller": [{"x": ["<script>"]}], "<script>": null}'},
        {"article_13": "7"},
        {"text_pl": "x", "text_en": "> " * 500},
        {"text_pl": f"## {'9' * 5000}. x", "text_en": f"{'9' * 5000}.1 x"},
        {"hash": "0" * 64},
    ],
    ids=lambda columns: repr(columns)[:60],
)
def test_an_odd_row_breaks_no_page(
    client: Client, tags: set[str], columns: dict[str, object]
) -> None:
    """Red when: `_build` or a page raises for one of these rows."""
    number = columns.pop("number", 99)
    insert_evil_row(number, **{"text": "## 0. x\n\n0.1 y"} | columns)
    show_evil_rows()

    for path, answer in _answers(client, list(_VERSIONS)).items():
        assert not isinstance(answer, Page) or dangers(answer, tags) == [], path
    # Without a worker, and without a run of retention, /readyz answers 503.
    heartbeat.beat(timezone.now())
    PurgeRun.objects.create(started_at=timezone.now(), is_complete=True)
    for path in [*PAGES, *MACHINES]:
        assert client.get(path).status_code < 500, path
