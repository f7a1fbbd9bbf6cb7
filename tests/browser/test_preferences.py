"""What people set in their system: more contrast, colors of their own, nothing that moves."""

from typing import Any

import pytest

from tests.browser.accessibility import problems
from tests.browser.conftest import NewVisitor
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
# Buttons, fields, marks, the banner: what neither a line nor a background tells from the page.
_CANNOT_BE_TOLD = """() => {
  const page = getComputedStyle(document.documentElement).backgroundColor;
  return [...document.querySelectorAll(".button, .input, .mark, .ask, .card, .wrong, .status")]
    .filter((element) => element.checkVisibility())
    .filter((element) => {
      const style = getComputedStyle(element);
      const hasLine = parseFloat(style.borderBlockStartWidth) >= 1 && style.borderBlockStartColor !== page;
      // Behind letters the system paints the page's own color, whatever the background.
      return (!hasLine && style.backgroundColor === page) || style.color === page;
    })
    .map((element) => element.outerHTML.slice(0, 120));
}"""
_PAINTED = """() => [...document.querySelectorAll("svg.icon, svg.art *")]
  .flatMap((shape) => [getComputedStyle(shape).stroke, getComputedStyle(shape).fill])"""
# Of the page, its letters and its links, as the system has chosen them.
_SYSTEM_COLORS = """() => ["Canvas", "CanvasText", "LinkText", "ButtonText"].map((name) => {
  const probe = document.body.appendChild(document.createElement("span"));
  probe.style.color = name;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
})"""


@SCHEMES
def test_more_contrast_breaks_nothing(new_visitor: NewVisitor, scheme: str) -> None:
    """Red when: a color of tokens.css for more contrast cannot be read; wider lines push a button
    out of the window."""
    visitor = new_visitor(color_scheme=scheme, contrast="more")
    visitor.open("/")

    assert visitor.page.evaluate("matchMedia('(prefers-contrast: more)').matches")
    assert problems(visitor.page, sizes=["320px", "1280px"]) == []


@SCHEMES
@pytest.mark.parametrize("path", ["/", "/en/free-trial/", "/en/cookies/"])
def test_in_forced_colors_everything_can_be_told_from_the_page(
    new_visitor: NewVisitor, path: str, scheme: str
) -> None:
    """Red when: button.css or mark.css draw no line; tokens.css paints drawings in colors of its own."""
    visitor = new_visitor(color_scheme=scheme, forced_colors="active")
    visitor.open(path)

    assert visitor.page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert visitor.page.evaluate(_CANNOT_BE_TOLD) == []
    painted: list[str] = visitor.page.evaluate(_PAINTED)
    assert set(painted) <= {"none", *visitor.page.evaluate(_SYSTEM_COLORS)}
    assert visitor.button("reject").is_visible()


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_who_asked_for_that(
    new_visitor: NewVisitor, wish: Any, moves: bool
) -> None:
    """Red when: hero.css moves its drawing for everybody."""
    visitor = new_visitor(reduced_motion=wish)
    visitor.open("/")

    assert (visitor.page.evaluate("document.getAnimations().length") > 0) is moves
    assert (
        visitor.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    )
