"""Checks of WCAG 2.2 AA that a browser can measure, in several sizes of the window.

A page is loaded once; then the window changes its size.
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
# Between these two sizes only places change: the others need no rule but that of the targets.
_SIZES_WITH_EVERY_RULE = {SMALLEST, "1280px"}
_TARGETS = "target-size"
# axe needs half of its time for these.
_COLORS = ("color-contrast", "link-in-text-block")
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Every rule, best practices included. The size of targets (2.5.8) is off by default.
_RULES = {_TARGETS: {"enabled": True}}
_RULES_WITHOUT_COLORS = _RULES | {rule: {"enabled": False} for rule in _COLORS}
# The pages have no frames, and only violations are used.
_OPTIONS = {"resultTypes": ["violations"], "iframes": False, "preload": False}
# A target partly under the banner is no violation: the page can be scrolled.
_RUN_AXE = """async ([context, options]) => (await axe.run(context, options)).violations
  .flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
    [id, html.slice(0, 160), [...any, ...all, ...none].map(({ message }) => message)[0] ?? ""]
      .join(": "))).filter((text) => !/^target-size.*obscured/.test(text) || !document.querySelector("[data-ask]"))"""
# 1.4.10 (reflow): no element is wider than the window. A table may scroll inside itself.
_WIDER_THAN_THE_WINDOW = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => `wider than the window: ${element.outerHTML.slice(0, 120)}`)"""
# 2.5.5 (target size): of everything that looks like a button, a field or a box.
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
# Text that its own box, or a box without scrolling, cuts off. The text of a field can be scrolled.
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


def problems(
    page: Page,
    *,
    sizes: Iterable[str] = tuple(SIZES),
    within: str = "html",
    with_colors: bool = True,
) -> list[str]:
    """Every problem of the page, or of a part of it, in each of these sizes."""
    rules = _RULES if with_colors else _RULES_WITHOUT_COLORS
    return _problems(page, sizes, within, dict.fromkeys(_SIZES_WITH_EVERY_RULE, rules))


def problems_of_page(page: Page, *, language: str, within: str = "html") -> list[str]:
    """Every problem in Polish; in English those that words can cause, as all else is the same."""
    if language == "pl":
        return [*problems(page, within=within), *problems_in_the_dark(page, within=within)]
    return _problems(page, SIZES, within, {SMALLEST: _RULES_WITHOUT_COLORS})


def _problems(
    page: Page, sizes: Iterable[str], within: str, rules: dict[str, dict[str, Any]]
) -> list[str]:
    """`rules` are those of axe by size; without any, axe measures targets alone."""
    page.evaluate(_AXE)
    results = []
    for size in _in_each_size(page, sizes):
        options = {"rules": rules[size]} if size in rules else {"runOnly": [_TARGETS]}
        of_this_size = [*_run_axe(page, within, options), *_wrong_boxes(page)]
        results += [f"{size}: {problem}" for problem in of_this_size]
    return results


def problems_of_boxes(page: Page) -> list[str]:
    """The problems that depend on the font, in every size."""
    return [
        f"{name}: {wrong}" for name in _in_each_size(page, SIZES) for wrong in _wrong_boxes(page)
    ]


def _in_each_size(page: Page, sizes: Iterable[str]) -> Iterator[str]:
    """Give the window each of these sizes in turn. Yields the name of each."""
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


def problems_of_the_admin(page: Page, *, with_colors: bool = True) -> list[str]:
    """The problems that axe reports in the content of an admin page, in the present size."""
    page.evaluate(_AXE)
    rules = _RULES if with_colors else _RULES_WITHOUT_COLORS
    return _run_axe(page, "#content", {"rules": rules})


def problems_in_the_dark(page: Page, *, within: str = "html") -> list[str]:
    """Problems of contrast in the dark color scheme. Call `problems` before: it loads axe."""
    page.emulate_media(color_scheme="dark")
    results = _run_axe(page, within, {"runOnly": list(_COLORS)})
    page.emulate_media(color_scheme=None)
    return [f"dark: {problem}" for problem in results]


def _run_axe(page: Page, within: str, options: dict[str, Any]) -> list[str]:
    """The violated rules, each with its element."""
    violations: list[str] = page.evaluate(_RUN_AXE, [within, _OPTIONS | options])
    return violations


def _lost_with_more_space(page: Page) -> list[str]:
    """Text that is cut off or too wide with the spacing of WCAG 1.4.12."""
    page.evaluate(_SPACING)
    results = [*page.evaluate(_CUT_OFF), *page.evaluate(_WIDER_THAN_THE_WINDOW)]
    page.evaluate(_NO_SPACING)
    return results
