"""From Markdown to numbered, anchored, harmless HTML."""

import pytest
from django.utils import translation

from privacy.policies.text.rendering import Section, render
from tests.pages import Page
from tests.run_once import needs_no_database

pytestmark = needs_no_database


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def _html(source: str) -> str:
    return "".join(render(source).pieces)


def test_a_section_gets_an_anchor_that_its_number_links_to() -> None:
    """Red when: `chunk[0].attrSet("id", ...)` is left out of `_mark_heading`."""
    assert _html("## 13. Cookies") == (
        '<section aria-labelledby="s13"><h2 id="s13">'
        '<a class="policy__anchor" href="#s13">13.</a> Cookies</h2>\n</section>'
    )


def test_a_paragraph_gets_an_anchor_that_its_number_links_to() -> None:
    """Red when: `_mark_paragraphs` sets no id."""
    page = Page(_html("## 13. Cookies\n\n13.4 Used within *Cookie Law*."))

    paragraph = page.one("p")
    assert paragraph.attributes == {"class": "policy__paragraph", "id": "s13-4"}
    assert paragraph.text == "13.4 Used within Cookie Law."
    number = page.one("a", class_="policy__number")
    assert (number.text, number["href"]) == ("13.4", "#s13-4")


def test_anchors_and_sections_are_listed_in_the_order_of_the_text() -> None:
    text = render("## 0. One\n\n0.1 A.\n\n0.2 B.\n\n## 1. Two\n\n1.1 C.")

    assert text.anchors == ("s0", "s0-1", "s0-2", "s1", "s1-1")
    assert text.sections == (Section(0, "One"), Section(1, "Two"))


def test_a_number_is_shown_as_it_was_typed() -> None:
    """Red when: numbers are counted, not read."""
    page = Page(_html("## 7. Seven\n\n7.5 Five.\n\n7.2 Two."))

    assert [a.text for a in page.all("a")] == ["7.", "7.5", "7.2"]


@pytest.mark.parametrize(
    "heading",
    ["## 1. Law &amp; order", "## 1. **Law** & *order*", "## 1. Law & `order`"],
    ids=["entity", "emphasis", "code"],
)
def test_the_title_in_the_table_of_contents_is_what_the_heading_shows(heading: str) -> None:
    """Red when: the title is the heading's source, marks and entities included."""
    assert render(heading).sections == (Section(1, "Law & order"),)


@pytest.mark.parametrize(
    "source",
    ["Text without a number.", "> 1.1 A quotation.", "- 1.1 An item.\n\n- 1.2 Another.", "1.1"],
    ids=["plain", "quotation", "item", "number-alone"],
)
def test_only_a_paragraph_of_its_own_that_begins_with_its_number_gets_an_anchor(
    source: str,
) -> None:
    """Red when: `opening.level != 0` is dropped from `_mark_paragraphs`."""
    assert render(source).anchors == ()


@pytest.mark.parametrize("typed", ["{{ cookies }}", "{{cookies}}"])
def test_a_placeholder_on_a_line_of_its_own_splits_the_text(typed: str) -> None:
    """Red when: `_TABLE` matches nothing."""
    text = render(f"Before.\n\n{typed}\n\nAfter.")

    assert text.tables == ("cookies",)
    assert text.pieces == ("<p>Before.</p>\n", "cookies", "\n<p>After.</p>\n")


def test_a_placeholder_inside_a_sentence_is_text() -> None:
    assert render("See {{ cookies }} below.").tables == ()


def test_every_line_of_a_placeholder_is_counted() -> None:
    assert render("{{ cookies }}\n\nText.\n\n{{ cookies }}").tables == ("cookies", "cookies")


def test_a_markdown_table_keeps_its_head_and_cells() -> None:
    """Red when: `.enable("table")` is dropped."""
    page = Page(_html("| Purpose | Basis |\n| --- | --- |\n| answering | contract |"))

    assert [cell.text for cell in page.all("th")] == ["Purpose", "Basis"]
    assert [cell.text for cell in page.all("td")] == ["answering", "contract"]


def test_a_list_shows_the_number_it_starts_with() -> None:
    """Red when: `start` is not among the allowed attributes of `ol`."""
    assert Page(_html("7. g\n8. h")).one("ol")["start"] == "7"
