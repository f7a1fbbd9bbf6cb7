"""Readers of earlier and announced versions of a policy, and of the differences."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from content import store
from privacy.models import PolicyVersion
from tests.browser.accessibility import problems_of_page
from tests.browser.conftest import NewVisitor
from tests.browser.public_pages import LANGUAGES, path_of
from tests.browser.visitor import Visitor
from tests.privacy.policies.drafts import make_published
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

POLICY = "/en/privacy-policy/"
VERSIONS = f"{POLICY}versions/"
_LINK = re.compile(r"\[([^]]*)\]\(#[^)]*\)")
DIFFERENCES = f"{VERSIONS}2/differences/3/"


@pytest.fixture
def three_versions(site: str) -> None:
    """Version 2 is superseded, 3 in force, and 4 announced as a material change.

    They are short: test_accessibility.py looks at the seeded text, which is version 1.
    """
    now = timezone.now()
    (seeded,) = PolicyVersion.objects.published()
    texts = {name: _beginning(getattr(seeded, name)) for name in ("text_pl", "text_en")}
    make_published(at=now, **texts)
    texts["text_en"] = texts["text_en"].replace("0.1 ", "0.1 Good morning. ")
    texts["text_pl"] = texts["text_pl"].replace("0.1 ", "0.1 Dzień dobry. ")
    make_published(at=now, change_summary_en="A greeting, in [0.1](#s0-1).", **texts)
    make_published(at=now, effective_at=now + timedelta(days=20), is_material=True, **texts)
    store.poll(now)


def _beginning(text: str) -> str:
    """The first two sections of a policy, without links to the others."""
    return _LINK.sub(r"\1", text.partition("\n## 2.")[0]) + "\n\n{{ cookies }}"


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_reader_goes_from_the_policy_to_every_word_that_changed(
    new_visitor: NewVisitor, three_versions: None, has_javascript: bool
) -> None:
    """Red when: the form of the list needs a script, or a link in the list of changes is broken."""
    visitor = new_visitor(has_javascript=has_javascript)
    page = visitor.page
    visitor.open(POLICY)
    page.get_by_role("link", name="All versions").click()
    page.get_by_label("From version").select_option("2")
    page.get_by_label("to version").select_option("3")
    page.get_by_role("button", name="Show the differences").click()
    page.wait_for_url(f"**{DIFFERENCES}")

    page.get_by_role("link", name="0.1 – changed", exact=True).click()

    passage = page.locator("#change-1")
    assert page.url.endswith("#change-1")
    assert "Good morning." in passage.get_by_role("insertion").inner_text()
    passage.get_by_role("link", name="In version 3").click()
    page.wait_for_url(f"**{VERSIONS}3/#s0-1")
    assert "Good morning." in page.locator("#s0-1").inner_text()


def test_unchanged_passages_can_be_unfolded(new_visitor: NewVisitor, three_versions: None) -> None:
    visitor = new_visitor()
    visitor.open(DIFFERENCES)
    folded = visitor.page.locator("details.unchanged").last

    assert not folded.locator("p").first.is_visible()
    folded.locator("summary").click()
    assert folded.locator("p").first.is_visible()


def test_added_and_removed_words_differ_by_more_than_color(
    new_visitor: NewVisitor, three_versions: None
) -> None:
    """WCAG 1.4.1. Red when: difference.css marks words by a background only."""
    visitor = new_visitor()
    visitor.open(DIFFERENCES)
    added = visitor.page.get_by_role("insertion").first

    line = "element => getComputedStyle(element).textDecorationLine"
    assert added.evaluate(line) == "underline"
    assert (
        visitor.page.evaluate(
            f"""() => {{
          const removed = document.createElement("del");
          document.querySelector(".passage__text").append(removed);
          return ({line})(removed);
        }}"""
        )
        == "line-through"
    )


def test_the_downloaded_file_has_the_hash_on_the_page(
    new_visitor: NewVisitor, three_versions: None
) -> None:
    """Red when: the file differs from the hashed text, or the browser shows it instead."""
    visitor = new_visitor()
    visitor.open(f"{VERSIONS}3/")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="voipstudio-privacy-3.md").click()

    digest = hashlib.sha256(Path(download.value.path()).read_bytes()).hexdigest()
    assert download.value.suggested_filename == "voipstudio-privacy-3.md"
    assert visitor.page.get_by_text(digest, exact=True).is_visible()


def test_the_printed_page_holds_the_version_with_its_dates_hash_and_address_but_no_controls(
    new_visitor: NewVisitor, three_versions: None
) -> None:
    """Red when: print.css loses a rule, or a page gets a new control."""
    visitor = new_visitor()
    visitor.open(f"{VERSIONS}3/")
    page = visitor.page
    page.emulate_media(media="print")

    printed = page.locator("body").inner_text()
    version = PolicyVersion.objects.get(number=3)
    day = f"{timezone.localtime(version.effective_at):%-d %B %Y}"
    for words in (
        "Privacy policy",
        "Version 3",
        f"In force since {day}",
        "Good morning.",
        version.hash,
        f"{VERSIONS}3/",
        "Level 7 Systems",
    ):
        assert words in printed, words
    for words in ("All versions", "Contents", "Start your free trial", "Skip to"):
        assert words not in printed, words
    controls = page.locator("nav, button, form, .trial-call, .skip, .toc, .version__links").all()
    assert [e.inner_text() for e in controls if e.is_visible() and e.inner_text().strip()] == []


def test_printed_pages_are_numbered(new_visitor: NewVisitor, three_versions: None) -> None:
    """Red when: Chromium does not accept the margin box of `@page`."""
    visitor = new_visitor()
    visitor.open(f"{VERSIONS}3/")

    rules = visitor.page.evaluate(
        """() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
          .filter((rule) => rule instanceof CSSLayerBlockRule)
          .flatMap((layer) => [...layer.cssRules])
          .filter((rule) => rule.conditionText === "print")
          .flatMap((media) => [...media.cssRules])
          .filter((rule) => rule instanceof CSSPageRule)
          .map((rule) => rule.cssText)"""
    )

    assert len(rules) == 1
    assert 'counter(page) " / " counter(pages)' in rules[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_versions_are_accessible(
    new_visitor: NewVisitor, three_versions: None, language: str
) -> None:
    """WCAG 2.2 AA. Red when: a select has no label; a link in a notice is lower than `--target`."""
    visitor = new_visitor()
    visitor.open(path_of("home", language))
    visitor.press("reject")
    pages = [
        path_of("privacy_policy", language),
        path_of("privacy_policy_versions", language),
        *(path_of("privacy_policy_version", language, number=number) for number in (2, 3, 4)),
        path_of("privacy_policy_differences", language, older=2, newer=3),
    ]

    problems_by_path = {}
    for path in pages:
        visitor.open(path)
        problems_by_path[path] = problems_of_page(visitor.page, language=language)

    assert {path: wrong for path, wrong in problems_by_path.items() if wrong} == {}


def test_screen_readers_get_the_role_of_added_words(
    new_visitor: NewVisitor, three_versions: None
) -> None:
    """Red when: `ins` and `del` become elements without a role."""
    visitor: Visitor = new_visitor()
    visitor.open(DIFFERENCES)

    snapshot = visitor.page.locator("#change-1 .passage__text").aria_snapshot()

    assert "insertion" in snapshot
    assert "added: Good morning. (end of what was added)" in snapshot
