"""Takes pictures of the question in Chromium, as a visitor without a choice sees it."""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation

from consent.looks import chromium, local_site
from consent.looks.chromium import Tab
from consent.looks.look import WINDOWS, Look, Window
from consent.models import ConsentRecord

# The key of the notice in the form that the visitor sees.
_NOTICE_OF_FORM = """
document.querySelector('form:has([name="place"][value="%s"]) [name="notice"]')?.value ?? ""
"""
_IS_DRAWN = "document.fonts.ready.then(() => true)"
_MEDIA = [
    {"name": "prefers-color-scheme", "value": "light"},
    {"name": "prefers-reduced-motion", "value": "reduce"},
]


class OtherQuestion(Exception):
    """The page asked something else than the notice that is to be pictured."""


@dataclass(frozen=True)
class Shot:
    """A picture that was just taken: PNG, and its size in pixels."""

    look: Look
    image: bytes
    width: int
    height: int
    browser: str


def take(looks: Iterable[Look], *, notice_key: str) -> Iterator[Shot]:
    """Take a picture of each look. Raises ChromiumFailed and OtherQuestion.

    The pages answer requests without a cookie, so that no choice is recorded.
    """
    with local_site.served() as origin, chromium.tab() as tab:
        browser = tab.send("Browser.getVersion")["product"]
        for look in looks:
            yield _take(tab, look, origin=origin, notice_key=notice_key, browser=browser)


def _take(tab: Tab, look: Look, *, origin: str, notice_key: str, browser: str) -> Shot:
    window = WINDOWS[look.device]
    _set_window(tab, window)
    tab.open(origin + _address(look))
    tab.evaluate(_IS_DRAWN)
    if tab.evaluate(_NOTICE_OF_FORM % look.place) != notice_key:
        raise OtherQuestion(
            f"The page {_address(look)} does not ask with the present notice. Where somebody "
            "changed the cookies meanwhile, run the command again."
        )
    height = _height(tab, window, look)
    area = {"x": 0, "y": 0, "width": window.width, "height": height, "scale": 1}
    picture = tab.send(
        "Page.captureScreenshot", format="png", clip=area, captureBeyondViewport=True
    )
    return Shot(look, base64.b64decode(picture["data"]), window.width, height, browser)


def _set_window(tab: Tab, window: Window) -> None:
    tab.send(
        "Emulation.setDeviceMetricsOverride",
        width=window.width,
        height=window.height,
        deviceScaleFactor=1,
        mobile=window.is_mobile,
    )
    tab.send("Emulation.setEmulatedMedia", features=_MEDIA)
    tab.send("Emulation.setScrollbarsHidden", hidden=True)


def _height(tab: Tab, window: Window, look: Look) -> int:
    """The banner is shown over a part of a page; the cookie page is the question as a whole."""
    if look.place == ConsentRecord.Method.BANNER:
        return window.height
    page_height: float = tab.send("Page.getLayoutMetrics")["cssContentSize"]["height"]
    return max(window.height, round(page_height))


def _address(look: Look) -> str:
    name = "home" if look.place == ConsentRecord.Method.BANNER else "cookies"
    with translation.override(look.language):
        return reverse(name)
