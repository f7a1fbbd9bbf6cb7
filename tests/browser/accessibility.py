"""What WCAG 2.2 AA asks of a page that a browser can measure, in every size it is read in.

One page is loaded once: the window changes its size around it.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

# Width and height in CSS pixels, device pixels per CSS pixel: a small phone, a tablet, a desk, and that
# desk zoomed to 200 %.
SMALLEST = "320px"
SIZES = {
    SMALLEST: (320, 568, 1),
    "768px": (768, 1024, 1),
    "1280px": (1280, 800, 1),
    "200%": (640, 400, 2),
}
# No color depends on the size of the window, and axe takes half of its time for them: twice is enough.
_SIZES_WITH_COLORS = {SMALLEST, "1280px"}
_COLORS = ("color-contrast", "link-in-text-block")
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Every rule, best practices too; the size of targets (2.5.8) is off unless asked for.
_RULES = {"target-size": {"enabled": True}}
# The pages have no frame, and only what is wrong is of interest.
_OPTIONS = {"resultTypes": ["violations"], "iframes": False, "preload": False}
# What the banner's edge happens to lie over can be scrolled from under it.
_RUN_AXE = """async ([context, options]) => (await axe.run(context, options)).violations
  .flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
    [id, html.slice(0, 160), [...any, ...all, ...none].map(({ message }) => message)[0] ?? ""]
      .join(": "))).filter((text) => !/^target-size.*obscured/.test(text) || !document.querySelector("[data-ask]"))"""
# 1.4.10: nothing is wider than the window, but what scrolls inside (tables, which may).
_WIDER_THAN_THE_WINDOW = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => `wider than the window: ${element.outerHTML.slice(0, 120)}`)"""
# What a finger needs (2.5.5), of everything that looks like a button, a field or a box.
_SMALL_BUTTONS = """(least) => [...document.querySelectorAll("button, .button, input, label.check, summary")]
  .filter((target) => target.checkVisibility() && target.type !== "checkbox")
  .filter((target) => Math.round(target.getBoundingClientRect().height) < least)
  .map((target) => `lower than ${least} px: ${target.outerHTML.slice(0, 120)}`)"""
_LEAST_BUTTON = 44
# 1.4.12, word for word: https://www.w3.org/TR/WCAG22/#text-spacing
_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
_NO_SPACING = "() => { document.adoptedStyleSheets = []; }"
# Text that its own box, or one that it cannot be scrolled in, cuts off; the text of a field moves.
_CUT_OFF = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.checkVisibility() && element.clientWidth > 1 && !element.matches("input"))
  .filter((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const isButton = element.matches("button, .button, .tag, summary");
    const cuts = (overflow) => isButton || overflow === "hidden" || overflow === "clip";
    return (cuts(overflowX) && element.scrollWidth > element.clientWidth + 1)
      || (cuts(overflowY) && element.scrollHeight > element.clientHeight + 1);
  })
  .map((element) => `cut off with more space: ${element.outerHTML.slice(0, 120)}`)"""


def problems(page: Page, *, sizes: Iterable[str] = tuple(SIZES), within: str = "html") -> list[str]:
    """All that is wrong with the page, or with a part of it, in each of these sizes."""
    page.evaluate(_AXE)
    found = []
    for name in _in_each_size(page, sizes):
        rules = {rule: {"enabled": name in _SIZES_WITH_COLORS} for rule in _COLORS}
        in_this_size = [*_run_axe(page, within, {"rules": _RULES | rules}), *_wrong_boxes(page)]
        found += [f"{name}: {problem}" for problem in in_this_size]
    return found


def problems_of_boxes(page: Page) -> list[str]:
    """Those of the above that depend on how wide letters are, in every size."""
    return [
        f"{name}: {wrong}" for name in _in_each_size(page, SIZES) for wrong in _wrong_boxes(page)
    ]


def _in_each_size(page: Page, sizes: Iterable[str]) -> Iterator[str]:
    """Give the window these sizes in turn; yields the name of each."""
    devtools = page.context.new_cdp_session(page)
    for name in sizes:
        width, height, scale = SIZES[name]
        devtools.send(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False},
        )
        assert page.evaluate("[innerWidth, devicePixelRatio]") == [width, scale]
        yield name
    devtools.send("Emulation.clearDeviceMetricsOverride")
    devtools.detach()


def _wrong_boxes(page: Page) -> list[str]:
    return [
        *page.evaluate(_WIDER_THAN_THE_WINDOW),
        *page.evaluate(_SMALL_BUTTONS, _LEAST_BUTTON),
        *_lost_with_more_space(page),
    ]


def problems_of_the_admin(page: Page) -> list[str]:
    """What axe finds in our part of a page of the admin, at the size that it has."""
    page.evaluate(_AXE)
    return _run_axe(page, "#content", {"rules": _RULES})


def problems_in_the_dark(page: Page) -> list[str]:
    """What cannot be read in the dark scheme. The page holds axe already."""
    page.emulate_media(color_scheme="dark")
    found = _run_axe(page, "html", {"runOnly": list(_COLORS)})
    page.emulate_media(color_scheme=None)
    return [f"dark: {problem}" for problem in found]


def _run_axe(page: Page, within: str, options: dict[str, Any]) -> list[str]:
    """The rules that are broken, and where."""
    found: list[str] = page.evaluate(_RUN_AXE, [within, _OPTIONS | options])
    return found


def _lost_with_more_space(page: Page) -> list[str]:
    page.evaluate(_SPACING)
    found = [*page.evaluate(_CUT_OFF), *page.evaluate(_WIDER_THAN_THE_WINDOW)]
    page.evaluate(_NO_SPACING)
    return found
