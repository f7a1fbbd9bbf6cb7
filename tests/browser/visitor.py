"""One person with a browser: what they do, what is then on their device, and whom it asked."""

import re
from typing import Any

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Response,
    Route,
)

from tests.browser.google_double import GoogleDouble

# Everything but cookies that a page can leave on a device.
_STORAGE = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map((database) => database.name), ...(await caches.keys()),
  ...(await navigator.serviceWorker.getRegistrations()).map((worker) => worker.scope),
]"""


class Visitor:
    """A browser with nothing stored. `problems` must be empty when the test ends."""

    def __init__(self, context: BrowserContext, *, origin: str) -> None:
        self.context = context
        self.origin = origin
        self.problems: list[str] = []
        self.google = GoogleDouble()
        context.set_default_timeout(10_000)
        # What is neither ours nor Google's is asked of nobody; the newest route is tried first.
        context.route(re.compile(f"^(?!{re.escape(origin)}/)"), self._refuse)
        self.google.answer_in(context)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        self.page = context.new_page()

    # --- What they do -------------------------------------------------------------------------

    def open(self, path: str, *, page: Page | None = None) -> Response:
        """Open an address, and wait until everything on it has loaded, tags too."""
        response = (page or self.page).goto(self.origin + path)
        assert response is not None
        return response

    @property
    def banner(self) -> Locator:
        return self.page.locator("[data-ask]")

    def button(self, value: str) -> Locator:
        """The visible button of the banner, or else of the form on the cookie page."""
        within = "[data-ask]" if self.banner.count() else "form[data-settings]"
        return self.page.locator(f"{within} button[value={value}]:visible")

    def choose(self, value: str, *groups: str) -> None:
        """Accept, reject, or save a choice of groups, with the mouse; wait until it is done."""
        if value == "save":
            if self.button("choose").count():
                self.button("choose").click()
            for group in groups:
                self.page.locator(f"input[value={group}]:visible").first.check()
        self.press(self.button(value))

    def press(self, button: Locator) -> None:
        """Press a button, and wait for the page it leads to, or for the banner to be gone."""
        stays = self.banner.count() == 1 and self.page.locator("[data-google-tag]").count() == 0

    # --- What is on their device, and whom it asked ---------------------------------------------

    @property
    def cookies(self) -> dict[str, Any]:
        """Every cookie of this browser, whatever its domain and path."""
        return {cookie["name"]: cookie for cookie in self.context.cookies()}

    @property
    def cookie_names(self) -> list[str]:
        """Their names, sorted; one that is there twice appears twice."""
        return sorted(cookie["name"] for cookie in self.context.cookies())

    @property
    def storage(self) -> list[str]:
        """The names in every other kind of storage that this page can use."""
        names: list[str] = self.page.evaluate(_STORAGE)
        return names

    # --- What went wrong --------------------------------------------------------------------------

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console: {message.text}")

    def _refuse(self, route: Route) -> None:
        self.problems.append(f"asked: {route.request.url}")
        try:
            route.abort()
        except Error:
            pass  # the page is gone
