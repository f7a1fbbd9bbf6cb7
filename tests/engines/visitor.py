"""A visitor with a browser of any engine: the steps that the journeys share."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.engines.browser import Browser, element
from tests.engines.foreign_hosts import ForeignHosts

BANNER = "[data-ask]"
TAG = "[data-google-tag]"
GOOGLE = "www.googletagmanager.com"
# The script that google_tag.js adds, and its address.
GOOGLE_SCRIPT = f"script[src^='https://{GOOGLE}/']"
# Buttons of the banner, or of the cookie page where there is no banner.
_BUTTON = "{form} button[value={value}]:not([hidden])"
_STORAGE = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"


class Visitor:
    """A visitor whose device is empty yet."""

    def __init__(
        self, browser: Browser, origin: str, abroad: ForeignHosts, *, has_scripts: bool
    ) -> None:
        self.browser = browser
        self.origin = origin
        self.abroad = abroad
        self.has_scripts = has_scripts
        self._pages = 0

    # --- Actions --------------------------------------------------------------------------------

    def open(self, path: str) -> None:
        self.browser.open(self.origin + path)

    def follow(self, link: str, *, to: str) -> None:
        """Click on a link, and wait until its page has loaded."""
        self.wait_for(link)
        with self._leaving():
            self.browser.click(link)
        assert self._path() == to

    def go_back(self) -> str:
        """Go back in the history, and wait for the page; its path."""
        return self._travel("back")

    def go_forward(self) -> str:
        return self._travel("forward")

    def press(self, value: str) -> None:
        """Press a button of the question: accept, reject, choose or save."""
        form = f"{BANNER} form" if self.has(BANNER) else "form[data-settings]"
        button = _BUTTON.format(form=form, value=value)
        self.wait_for(button)
        self.browser.click(button)

    def accept(self) -> None:
        """Accept everything, and wait until the tag runs."""
        self.press("accept")
        self.wait_for_tag()

    def refuse(self) -> None:
        """Refuse everything in the banner, and wait until it is gone."""
        self.press("reject")
        self.wait_for_none(BANNER)

    # --- What is on the page ----------------------------------------------------------------------

    def has(self, selector: str) -> bool:
        return bool(self.browser.evaluate(f"{element(selector)} !== null"))

    def text_of(self, selector: str) -> str:
        return str(self.browser.evaluate(f"{element(selector)}.innerText"))

    def scrolled(self) -> int:
        return round(self.browser.evaluate("scrollY"))

    def wait_for(self, selector: str) -> None:
        """Wait until an element is on the page, and seen."""
        self.browser.wait_for(f"{element(selector)}?.checkVisibility() === true")

    def wait_for_none(self, selector: str) -> None:
        """Wait until a page that has loaded has no such element."""
        self.browser.wait_for(f"document.readyState === 'complete' && {element(selector)} === null")

    def wait_for_path(self, path: str) -> None:
        """Wait until the page of this path has loaded; a fragment and a query may follow."""
        self.browser.wait_for(
            f"location.pathname === {json.dumps(path)} && document.readyState === 'complete'"
        )

    def wait_for_tag(self) -> None:
        """Wait until the page has a tag, and the tag has asked for Google's script."""
        if self.has_scripts:
            self.browser.wait_for(f"{element(GOOGLE_SCRIPT)} !== null")
            self.browser.wait_until(lambda: GOOGLE in self.abroad.asked, "Google is asked")
        else:
            self.browser.wait_for(f"{element(TAG)} !== null")

    # --- On the device ----------------------------------------------------------------------------

    @property
    def stored(self) -> list[str]:
        """The names of all cookies, and of what lies in the storage of the page."""
        return sorted(self.browser.cookies) + list(self.browser.evaluate(_STORAGE))

    def _travel(self, way: str) -> str:
        with self._leaving():
            # Not at once: the page leaves, and would take the answer to this command along.
            self.browser.evaluate(f"setTimeout(() => history.{way}())")
        return self._path()

    def _path(self) -> str:
        return str(self.browser.wait_for("location.pathname"))

    @contextmanager
    def _leaving(self) -> Iterator[None]:
        """Do what leads to another page, and wait until it has loaded; it may have the same path."""
        self._pages += 1
        self.browser.evaluate(f"window.pageNumber = {self._pages}")
        yield
        self.browser.wait_for(
            f"window.pageNumber !== {self._pages} && document.readyState === 'complete'"
        )
