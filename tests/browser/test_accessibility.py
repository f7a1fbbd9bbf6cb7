"""WCAG 2.2 AA on every page: with the banner closed, open and gone, in every size and both schemes."""

import pytest

from tests.browser import accessibility
from tests.browser.accessibility import (
    SMALLEST,
    problems,
    problems_in_the_dark,
    problems_of_boxes,
)
from tests.browser.conftest import NewVisitor
from tests.browser.fonts import IN_LIBERATION
from tests.browser.public_pages import LANGUAGES, path_of, public_pages
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages

BANNER = "[data-ask]"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_on_any_page(new_visitor: NewVisitor, language: str) -> None:
    """Red when: a link of the footer loses its text; a heading skips a level; header.css keeps its
    menu on one line; a button is lower than `--target`; a table of cookies stays a table on a phone."""
    visitor = new_visitor()
    visitor.open(path_of("home", language))
    visitor.press("reject")

    found = {}
    for page in public_pages(language):
        visitor.open(page.path, status=page.status)
        found[page.path] = [*problems(visitor.page), *problems_in_the_dark(visitor.page)]

    assert len(found) >= 17
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_the_banner_makes_nothing_wrong_on_any_page(new_visitor: NewVisitor) -> None:
    """Red when: the banner repeats an id or a landmark's name of a page."""
    visitor = new_visitor()
    found = {}
    for page in public_pages("pl"):
        visitor.open(page.path, status=page.status)
        found[page.path] = problems(visitor.page, sizes=[SMALLEST])

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@IN_LIBERATION
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_narrower_letters_too(new_visitor: NewVisitor, language: str) -> None:
    """The tests above have the widest letters.

    Red when: a button is as high as its two lines of wide letters, and lower than `--target` in one.
    """
    visitor = new_visitor()
    found = {}
    for page in public_pages(language):
        visitor.open(page.path, status=page.status)
        found[page.path] = problems_of_boxes(visitor.page)

    assert len(found) >= 17
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_with_the_banner(new_visitor: NewVisitor, language: str) -> None:
    """Red when: a checkbox of _ask.html loses its label; the text of ask.css turns lighter."""
    visitor = new_visitor()
    visitor.open(path_of("home", language))
    closed = [*problems(visitor.page, within=BANNER), *problems_in_the_dark(visitor.page)]

    visitor.open_groups()
    for details in visitor.banner.locator("summary").all():
        details.click()
    opened = [*problems(visitor.page, within=BANNER), *problems_in_the_dark(visitor.page)]

    assert closed == []
    assert opened == []


@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        ("document.querySelector('footer a').textContent = ''", "link-name"),
        ("document.querySelector('h1').style.color = '#ccc'", "color-contrast"),
        ("document.querySelector('h1').style.inlineSize = '1300px'", "wider than the window"),
        ("Object.assign(document.querySelector('.button').style, { minBlockSize: 0, blockSize: '20px' })", "lower than 44 px"),
        ("Object.assign(document.querySelector('p').style, { overflow: 'hidden', whiteSpace: 'nowrap' })", "cut off"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(new_visitor: NewVisitor, harm: str, finding: str) -> None:
    """Without that the tests above would prove nothing.

    Red when: a check of accessibility.py finds nothing.
    """
    visitor = new_visitor()
    visitor.open("/kontakt/")
    visitor.page.evaluate(harm)

    found = accessibility.problems(visitor.page, sizes=["1280px"])

    assert any(finding in problem for problem in found), found
