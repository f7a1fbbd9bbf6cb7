"""A visitor with a browser: their actions, what is on their device, and the hosts that it asked."""

from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Request, Response

from tests.browser.google_double import GoogleDouble

_FORM = "[data-ask] form, body:not(:has([data-ask])) form[data-settings]"
# Everything but cookies that a page can store on a device.
_STORAGE = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map((database) => database.name), ...(await caches.keys()),
  ...(await navigator.serviceWorker.getRegistrations()).map((worker) => worker.scope),
]"""


class Visitor:
    """A visitor whose browser stores nothing yet. `problems` must be empty when the test ends."""

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
        # Playwright's own default: server and browser share a machine with other tests.
        context.set_default_navigation_timeout(30_000)
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        self.page = context.new_page()

    # --- Actions --------------------------------------------------------------------------------

    def open(self, path: str, *, status: int = 200) -> Response:
        """Open an address, and wait until everything on it has loaded, tags included."""
        self.expect_status(status)
        response = self.page.goto(self.origin + path)
        assert response is not None
        assert response.status == status
        return response

    def expect_status(self, status: int) -> None:
        """From now on an answer with this status counts as no problem."""
        self._expected_status = status

    def open_tab(self, path: str) -> None:
        """Open an address in a new tab and go on there."""
        self.page = self.context.new_page()
        self.open(path)

    def follow_to_settings(self) -> None:
        """Follow the link to the cookie page, which every page has in its footer."""
        self.follow("footer a[href$='/cookies/']")

    def follow(self, link: str) -> None:
        """Follow the link of this CSS selector, and wait until its page has loaded."""
        with self.page.expect_navigation():
            self.page.locator(link).click()

    @property
    def banner(self) -> Locator:
        return self.page.locator("[data-ask]")

    @property
    def form(self) -> Locator:
        """The form of the banner; without a banner, the form of the cookie page."""
        return self.page.locator(_FORM)

    def button(self, value: str) -> Locator:
        """The visible button of this value: accept, reject, choose or save."""
        return self.form.locator(f"button[value={value}]:visible")

    def box(self, group: str) -> Locator:
        return self.form.locator(f"input[value={group}]:visible")

    def choose(self, *groups: str) -> None:
        """Tick these groups and no other, then save."""
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
        """Press a button that stores a choice, and wait until its answer is on the page."""
        if not self._is_refusal(value):
            self.meet_google()
        if self._stays_on_the_page(value):
            self.button(value).click()
            self.banner.wait_for(state="detached")
            return
        # Not expect_navigation(), which would end with the change of the fragment before a reload.
        with self.page.expect_event("load"):
            self.button(value).click()

    def _stays_on_the_page(self, value: str) -> bool:
        needs_page = self.page.locator("[data-google-tag], [data-grant], [data-settings]").count()
        return self.has_javascript and self._is_refusal(value) and not needs_page

    def _is_refusal(self, value: str) -> bool:
        is_empty = self.form.locator("input:checked").count() == 0
        return value == "reject" or (value == "save" and is_empty)

    def meet_google(self) -> None:
        """From now on the double answers for Google, which may be asked after a grant.

        Not before, because each page takes twice as long when Playwright routes its requests.
        """
        if self.has_javascript and not self._has_met_google:
            self.google.answer_in(self.context)
            self._has_met_google = True

    # --- On the device ---------------------------------------------------------------------------

    @property
    def cookies(self) -> list[dict[str, Any]]:
        """Every cookie of this browser, on every domain and path."""
        return [dict(cookie) for cookie in self.context.cookies()]

    @property
    def cookie_names(self) -> list[str]:
        """The names of all cookies, sorted. A name on two domains or paths is in the list twice."""
        return sorted(cookie["name"] for cookie in self.cookies)

    @property
    def storage(self) -> list[str]:
        """The names in every other kind of storage of this page."""
        names: list[str] = self.page.evaluate(_STORAGE)
        return names

    @property
    def has_tag(self) -> bool:
        return self.page.locator("[data-google-tag]").count() == 1

    # --- Problems --------------------------------------------------------------------------------

    def _on_console(self, message: ConsoleMessage) -> None:
        """Any message is a problem: an error, a blocked request, advice or a log line."""
        is_expected = f"responded with a status of {self._expected_status} " in message.text
        # Chromium logs this for the Clear-Site-Data header of a withdrawal.
        is_receipt = message.text.startswith("Clear-Site-Data header on")
        if not is_expected and not is_receipt:
            self.problems.append(f"console: {message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        """A request to any host but this site and Google is a problem, even if it fails."""
        if request.url.startswith(f"{self.origin}/"):
            return
        if not self.google.notices(request):
            self.problems.append(f"asked: {request.url}")
