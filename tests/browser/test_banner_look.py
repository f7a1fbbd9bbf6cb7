"""How the banner looks and where it stands: equal buttons, no jump, nothing hidden, accessible."""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator

from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor

PHONE = {"width": 320, "height": 568}
DESK = {"width": 1280, "height": 800}
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["320px", "1280px"])
SCHEMES = pytest.mark.parametrize("color_scheme", ["light", "dark"])
OPEN_OR_CLOSED = pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])

_STYLES = """button => Object.fromEntries([...getComputedStyle(button)]
  .filter((name) => !/^(perspective|transform)-origin/.test(name))
  .map((name) => [name, getComputedStyle(button).getPropertyValue(name)]))"""
# What scripts, fonts or pictures that come late moved; what follows a click does not count.
_SHIFTS = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().filter((e) => !e.hadRecentInput).length))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(0), 0)));
})"""
_FOCUSED = """() => {
  const { left, right, top, bottom } = document.activeElement.getBoundingClientRect();
  const banner = document.querySelector("[data-ask]");
  return {
    name: document.activeElement.outerHTML.slice(0, 80),
    isBody: document.activeElement === document.body,
    isInBanner: banner.contains(document.activeElement),
    top, bottom, height: innerHeight, bannerTop: banner.getBoundingClientRect().top,
  };
}"""
