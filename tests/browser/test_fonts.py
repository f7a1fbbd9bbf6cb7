"""Each browser of the tests uses only its one font."""

import pytest

from tests.browser.conftest import NewVisitor
from tests.browser.fonts import DEJAVU, IN_BOTH_FONTS, LIBERATION
from tests.browser.visitor import Visitor
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages


@IN_BOTH_FONTS
def test_every_letter_of_a_page_has_the_one_font(
    new_visitor: NewVisitor, request: pytest.FixtureRequest
) -> None:
    """Red when: Chromium does not get the configuration and uses the fonts of the machine."""
    font = LIBERATION if "liberation" in request.node.callspec.id else DEJAVU
    visitor = new_visitor()
    visitor.open("/cookies/")

    assert _fonts(visitor, "h1") == {font.family}
    assert _fonts(visitor, ".button--choice") == {font.family}
    assert _fonts(visitor, "main code") == {font.code}


def _fonts(visitor: Visitor, selector: str) -> set[str]:
    """The families whose letters are painted in an element."""
    devtools = visitor.context.new_cdp_session(visitor.page)
    for domain in ("DOM", "CSS"):
        devtools.send(f"{domain}.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": selector})
    painted = devtools.send("CSS.getPlatformFontsForNode", node)
    return {font["familyName"] for font in painted["fonts"]}
