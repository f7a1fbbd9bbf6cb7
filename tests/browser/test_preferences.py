"""Preferences of the visitor's system: more contrast, forced colors, reduced motion."""

from typing import Any

import pytest

from tests.browser.accessibility import problems
from tests.browser.conftest import NewVisitor
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
# Buttons, fields, marks, the banner: those without a line and a background that differ from the page.
_INVISIBLE = """() => {
  const page = getComputedStyle(document.documentElement).backgroundColor;
  return [...document.querySelectorAll(".button, .input, .mark, .ask, .card, .wrong, .status")]
    .filter((element) => element.checkVisibility())
    .filter((element) => {
      const style = getComputedStyle(element);
      const hasLine = parseFloat(style.borderBlockStartWidth) >= 1 && style.borderBlockStartColor !== page;
      // Behind letters the system paints the color of the page over every background.
      return (!hasLine && style.backgroundColor === page) || style.color === page;
    })
    .map((element) => element.outerHTML.slice(0, 120));
}"""
_PAINTED = """() => [...document.querySelectorAll("svg.icon, svg.art *")]
  .flatMap((shape) => [getComputedStyle(shape).stroke, getComputedStyle(shape).fill])"""
# The colors of the system for the page, its text, its links and its buttons.
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
def test_in_forced_colors_every_control_differs_from_the_page(
    new_visitor: NewVisitor, path: str, scheme: str
) -> None:
    """Red when: button.css or mark.css draw no line; tokens.css paints drawings in other colors."""
    visitor = new_visitor(color_scheme=scheme, forced_colors="active")
    visitor.open(path)

    assert visitor.page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert visitor.page.evaluate(_INVISIBLE) == []
    painted: list[str] = visitor.page.evaluate(_PAINTED)
    assert set(painted) <= {"none", *visitor.page.evaluate(_SYSTEM_COLORS)}
    assert visitor.button("reject").is_visible()


@pytest.mark.parametrize(("preference", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_a_visitor_who_prefers_reduced_motion(
    new_visitor: NewVisitor, preference: Any, moves: bool
) -> None:
    """Red when: hero.css moves its drawing for every visitor."""
    visitor = new_visitor(reduced_motion=preference)
    visitor.open("/")

    assert (visitor.page.evaluate("document.getAnimations().length") > 0) is moves
    assert (
        visitor.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    )
