"""One person with a browser: what they do, what is then on their device, and whom it asked."""

from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Request, Response

from tests.browser.google_double import GoogleDouble

_FORM = "[data-ask] form, body:not(:has([data-ask])) form[data-settings]"
# Everything but cookies that a page can leave on a device.
_STORAGE = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map((database) => database.name), ...(await caches.keys()),
  ...(await navigator.serviceWorker.getRegistrations()).map((worker) => worker.scope),
]"""


class Visitor:
    """A browser with nothing stored yet. `problems` must be empty when the test ends."""

    def __init__(
        self, context: BrowserContext, *, origin: str, has_javascript: bool = True
    ) -> None:
        self.context = context
        self.origin = origin
        self.has_javascript = has_javascript
        self.problems: list[str] = []
        self.google = GoogleDouble()
        self._has_met_google = False
        self._expected_status = 200
        context.set_default_timeout(10_000)
        # A page is opened by two processes on a machine that is busy with others: Playwright's own.
        context.set_default_navigation_timeout(30_000)
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        self.page = context.new_page()

    # --- What they do ---------------------------------------------------------------------------

    def open(self, path: str, *, status: int = 200) -> Response:
        """Open an address, and wait until everything on it has loaded, tags too."""
        self.expect_status(status)
        response = self.page.goto(self.origin + path)
        assert response is not None
        assert response.status == status
        return response

    def expect_status(self, status: int) -> None:
        """From now on an answer with this status is no problem."""
        self._expected_status = status

    def open_tab(self, path: str) -> None:
        """Open an address in a new tab and go on there."""
        self.page = self.context.new_page()
        self.open(path)

    def follow_to_settings(self) -> None:
        """Follow the link that every page has in its footer."""
        self.follow("footer a[href$='/cookies/']")

    def follow(self, link: str) -> None:
        """Follow the link that this CSS selector names, and wait until its page has loaded."""
        with self.page.expect_navigation():
            self.page.locator(link).click()

    @property
    def banner(self) -> Locator:
        return self.page.locator("[data-ask]")

    @property
    def form(self) -> Locator:
        """The form of the banner; where there is no banner, that of the cookie page."""
        return self.page.locator(_FORM)

    def button(self, value: str) -> Locator:
        """The button that can be seen: accept, reject, choose or save."""
        return self.form.locator(f"button[value={value}]:visible")

    def box(self, group: str) -> Locator:
        return self.form.locator(f"input[value={group}]:visible")

    def choose(self, *groups: str) -> None:
        """Tick these groups, and no other, and save."""
        if self.button("choose").count():
            self.open_groups()
        for group in groups:
            self.box(group).wait_for()
        for box in self.form.locator("input[type=checkbox]").all():
            box.set_checked(box.get_attribute("value") in groups)
        self.press("save")

    def open_groups(self) -> None:
        self.button("choose").click()
        self.button("save").wait_for()

    def press(self, value: str) -> None:
        """Press a button that stores a choice, and wait until the page has done what follows."""
        if not self._is_refusal(value):
            self.meet_google()
        if self._is_sent_in_background(value):
            self.button(value).click()
            self.banner.wait_for(state="detached")
            return
        with self.page.expect_navigation():
            self.button(value).click()

    def _is_sent_in_background(self, value: str) -> bool:
        needs_page = self.page.locator("[data-google-tag], [data-ask][data-reload]").count()
        is_banner = self.banner.count() == 1
        return self.has_javascript and self._is_refusal(value) and is_banner and not needs_page

    def _is_refusal(self, value: str) -> bool:
        is_empty = self.form.locator("input:checked").count() == 0
        return value == "reject" or (value == "save" and is_empty)

    def meet_google(self) -> None:
        """From now on Google answers, as it may after a grant.

        Not before: a browser whose requests are answered for it takes twice as long for each page.
        """
        if self.has_javascript and not self._has_met_google:
            self.google.answer_in(self.context)
            self._has_met_google = True

    # --- What is on their device, and who was asked -----------------------------------------------

    @property
    def cookies(self) -> list[dict[str, Any]]:
        """Every cookie of this browser, whatever its domain and path."""
        return [dict(cookie) for cookie in self.context.cookies()]

    @property
    def cookie_names(self) -> list[str]:
        """Their names, sorted; one that is there twice is named twice."""
        return sorted(cookie["name"] for cookie in self.cookies)

    @property
    def storage(self) -> list[str]:
        """The names in every other kind of storage that this page can use."""
        names: list[str] = self.page.evaluate(_STORAGE)
        return names

    @property
    def has_tag(self) -> bool:
        return self.page.locator("[data-google-tag]").count() == 1

    # --- What went wrong --------------------------------------------------------------------------

    def _on_console(self, message: ConsoleMessage) -> None:
        """Nothing belongs there, of whatever kind: errors, what was blocked, advice, or a log."""
        is_expected = f"responded with a status of {self._expected_status} " in message.text
        # Chromium's own receipt for what a withdrawal asks of it.
        is_receipt = message.text.startswith("Clear-Site-Data header on")
        if not is_expected and not is_receipt:
            self.problems.append(f"console: {message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        """Nobody but us and Google may be asked; the browser finds neither in any case."""
        if request.url.startswith(f"{self.origin}/"):
            return
        if not self.google.notices(request):
            self.problems.append(f"asked: {request.url}")
