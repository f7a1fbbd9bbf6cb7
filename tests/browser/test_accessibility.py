"""WCAG 2.2 AA on every page, in every size and both color schemes, with and without the banner."""

import pytest

from tests.browser import accessibility
from tests.browser.accessibility import (
    SMALLEST,
    problems,
    problems_of_boxes,
    problems_of_page,
)
from tests.browser.conftest import NewVisitor
from tests.browser.fonts import IN_LIBERATION
from tests.browser.public_pages import LANGUAGES, path_of, public_pages
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages

BANNER = "[data-ask]"


# A version is the policy and a few facts: test_policy_versions.py looks at it with a short text.
NOT_HERE = "privacy_policy_version"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible(new_visitor: NewVisitor, language: str) -> None:
    """Red when: a link of the footer loses its text; a heading skips a level; header.css keeps its
    menu on one line; a button is lower than `--target`; a table of cookies does not fit a phone."""
    visitor = new_visitor()
    visitor.open(path_of("home", language))
    visitor.press("reject")

    problems_by_path = {}
    for page in public_pages(language):
        if page.name != NOT_HERE:
            visitor.open(page.path, status=page.status)
            problems_by_path[page.path] = problems_of_page(visitor.page, language=language)

    assert len(problems_by_path) >= 17
    assert {path: wrong for path, wrong in problems_by_path.items() if wrong} == {}


def test_every_page_is_accessible_with_the_banner(new_visitor: NewVisitor) -> None:
    """Red when: the banner repeats an id, or the name of a landmark, of a page."""
    visitor = new_visitor()
    problems_by_path = {}
    for page in public_pages("pl"):
        visitor.open(page.path, status=page.status)
        problems_by_path[page.path] = problems(visitor.page, sizes=[SMALLEST], with_colors=False)

    assert {path: wrong for path, wrong in problems_by_path.items() if wrong} == {}


@IN_LIBERATION
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_a_narrower_font_too(new_visitor: NewVisitor, language: str) -> None:
    """The other tests run in the widest font.

    Red when: a button reaches `--target` only with two lines of text, and a narrow font needs one.
    """
    visitor = new_visitor()
    problems_by_path = {}
    for page in public_pages(language):
        visitor.open(page.path, status=page.status)
        problems_by_path[page.path] = problems_of_boxes(visitor.page)

    assert len(problems_by_path) >= 17
    assert {path: wrong for path, wrong in problems_by_path.items() if wrong} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_banner_is_accessible(new_visitor: NewVisitor, language: str) -> None:
    """Red when: a checkbox of _ask.html loses its label; ask.css makes its text lighter."""
    visitor = new_visitor()
    visitor.open(path_of("home", language))
    closed = problems_of_page(visitor.page, language=language, within=BANNER)

    visitor.open_groups()
    for details in visitor.banner.locator("summary").all():
        details.click()
    opened = problems_of_page(visitor.page, language=language, within=BANNER)

    assert closed == []
    assert opened == []


@pytest.mark.parametrize(
    ("defect", "problem"),
    [
        ("document.querySelector('footer a').textContent = ''", "link-name"),
        ("document.querySelector('h1').style.color = '#ccc'", "color-contrast"),
        ("document.querySelector('h1').style.inlineSize = '1300px'", "wider than the window"),
        ("Object.assign(document.querySelector('.button').style, { minBlockSize: 0, blockSize: '20px' })", "lower than 44 px"),
        ("Object.assign(document.querySelector('p').style, { overflow: 'hidden', whiteSpace: 'nowrap' })", "cut off"),
    ],
)  # fmt: skip
def test_every_check_finds_its_defect(new_visitor: NewVisitor, defect: str, problem: str) -> None:
    """Otherwise the tests above would prove nothing.

    Red when: a check of accessibility.py finds nothing.
    """
    visitor = new_visitor()
    visitor.open("/kontakt/")
    visitor.page.evaluate(defect)

    result = accessibility.problems(visitor.page, sizes=["1280px"])

    assert any(problem in line for line in result), result
