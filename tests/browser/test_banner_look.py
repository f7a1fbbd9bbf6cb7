"""How the banner looks and where it is: equal buttons, no layout shift, no covered focus."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import NewVisitor
from tests.browser.fonts import IN_BOTH_FONTS
from tests.browser.visitor import Visitor
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages

PHONE = {"width": 320, "height": 568}
DESK = {"width": 1280, "height": 800}
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["320px", "1280px"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
OPEN_OR_CLOSED = pytest.mark.parametrize("query", ["", "?ask=open"], ids=["closed", "open"])
LONGEST_ROUND = 90

# The computed style of an element and its size, without lengths that are fractions of a pixel.
_STYLES = """element => {
  const style = getComputedStyle(element);
  const names = [...style].filter((name) => !/width$|inline-size$|origin$/.test(name));
  const { height, width } = element.getBoundingClientRect();
  return [Math.round(height), Math.round(width), names.map((n) => [n, style.getPropertyValue(n)])];
}"""
_WATCH_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  shifts.push(...list.getEntries().filter((entry) => !entry.hadRecentInput));
}).observe({ type: "layout-shift", buffered: true });"""
# A shift on purpose: once it is observed, no earlier one can be missing.
_SHIFT = """() => {
  const block = document.body.appendChild(document.createElement("div"));
  block.style.order = -5;
  block.style.height = "100px";
}"""
_FOCUSED = """() => {
  const banner = document.querySelector("[data-ask]");
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const { top, bottom } = focused.getBoundingClientRect();
  const end = banner.contains(focused) ? innerHeight : banner.getBoundingClientRect().top;
  return { name: focused.outerHTML.slice(0, 90), isSeen: top >= 0 && bottom <= end };
}"""


@IN_BOTH_FONTS
@SCHEMES
@SIZES
@OPEN_OR_CLOSED
def test_the_three_buttons_differ_only_in_their_label(
    new_visitor: NewVisitor, query: str, viewport: Any, scheme: str
) -> None:
    """Red when: `.ask__buttons button[value=accept]` gets another background, weight or width in
    ask.css; a button of _ask.html gets another class."""
    visitor = new_visitor(viewport=viewport, color_scheme=scheme)
    visitor.open(f"/{query}")

    last = "save" if query else "choose"
    accept, reject, third = (
        visitor.button(value).evaluate(_STYLES) for value in ("accept", "reject", last)
    )

    assert accept == reject
    assert accept == third
    assert visitor.form.locator("button:visible").count() == 3


@IN_BOTH_FONTS
@SIZES
def test_the_cookie_page_offers_the_three_buttons_alike(
    new_visitor: NewVisitor, viewport: Any
) -> None:
    """Red when: a button of cookies.html gets another class."""
    visitor = new_visitor(viewport=viewport)
    visitor.open("/")
    visitor.press("reject")
    visitor.open("/cookies/")

    accept, reject, save = (
        visitor.button(value).evaluate(_STYLES) for value in ("accept", "reject", "save")
    )

    assert accept == reject
    assert accept[2] == save[2]


@SIZES
@OPEN_OR_CLOSED
def test_showing_the_banner_shifts_no_layout(
    new_visitor: NewVisitor, query: str, viewport: Any
) -> None:
    """Red when: ask.js shows the banner only after the first paint, in the flow of the page."""
    visitor = new_visitor(viewport=viewport)
    visitor.context.add_init_script(_WATCH_SHIFTS)
    visitor.open(f"/{query}")

    visitor.page.evaluate(_SHIFT)

    visitor.page.wait_for_function("() => shifts.length > 0")
    assert visitor.page.evaluate("shifts.length") == 1


@SIZES
def test_opening_and_closing_the_banner_does_not_move_the_page(
    new_visitor: NewVisitor, viewport: Any
) -> None:
    """Red when: ask.css leaves the banner at the top of the flow."""
    visitor = new_visitor(viewport=viewport)
    visitor.open("/polityka-prywatnosci/")
    heading = visitor.page.locator("h1")
    place = heading.bounding_box()

    _press(visitor, "choose")
    visitor.button("save").wait_for()
    assert heading.bounding_box() == place

    _press(visitor, "reject")
    visitor.banner.wait_for(state="detached")
    assert heading.bounding_box() == place


def _press(visitor: Visitor, value: str) -> None:
    """Click at the place of the button, because Playwright's click may scroll the page first."""
    box = visitor.button(value).bounding_box()
    assert box is not None
    visitor.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@SIZES
@OPEN_OR_CLOSED
@pytest.mark.parametrize("path", ["/", "/kontakt/", "/darmowy-okres-probny/"])
def test_the_banner_never_covers_the_focused_element(
    new_visitor: NewVisitor, path: str, query: str, viewport: Any
) -> None:
    """WCAG 2.4.11. Red when: ask.css sets no scroll-padding."""
    visitor = new_visitor(viewport=viewport)
    visitor.open(path + query)

    stops = list(_tab_stops(visitor))

    assert len(stops) > 25
    assert [stop["name"] for stop in stops if not stop["isSeen"]] == []


def _tab_stops(visitor: Visitor) -> Iterator[dict[str, Any]]:
    """Every element that Tab reaches, until the focus leaves the page."""
    for _ in range(LONGEST_ROUND):
        visitor.page.keyboard.press("Tab")
        stop = visitor.page.evaluate(_FOCUSED)
        if stop is None:
            return
        yield stop
    pytest.fail("Tab does not leave the page.")
