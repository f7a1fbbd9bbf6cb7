"""Chromium, by Playwright."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.engines.browser import HEIGHT, WIDTH, Browser, element

# Chromium logs these of a site that does as it says: the receipt for Clear-Site-Data after a
# withdrawal, pages of error, and what the proxy does not let pass.
_EXPECTED = ("Clear-Site-Data header on", "Failed to load resource: ")


class Chromium(Browser):
    passing_errors = (Error,)

    def __init__(self, context: BrowserContext) -> None:
        super().__init__()
        self._context = context
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        self.open_tab()

    def open(self, address: str) -> None:
        self.tab.goto(address)

    def open_tab(self) -> None:
        self.tab = self._context.new_page()

    def use_tab(self, tab: object) -> None:
        self.tab = tab
        self.tab.bring_to_front()

    def resize(self, width: int) -> None:
        self.tab.set_viewport_size({"width": width, "height": HEIGHT})

    def click(self, selector: str) -> None:
        # Not Playwright's own click, which scrolls a banner at the edge of the window into the middle.
        self.tab.mouse.click(*self.middle_of(selector))

    def type(self, selector: str, text: str) -> None:
        self.click(selector)
        self.tab.keyboard.type(text)

    def count_role(self, selector: str, role: str) -> int:
        devtools = self._context.new_cdp_session(self.tab)
        found = devtools.send("Runtime.evaluate", {"expression": element(selector)})
        of_element = {"objectId": found["result"]["objectId"], "role": role}
        return len(devtools.send("Accessibility.queryAXTree", of_element)["nodes"])

    @property
    def cookies(self) -> dict[str, str]:
        return {str(one["name"]): str(one["value"]) for one in self._context.cookies()}

    def close(self) -> None:
        self._context.close()

    def _run(self, expression: str) -> str:
        return str(self.tab.evaluate(expression))

    def _on_console(self, message: ConsoleMessage) -> None:
        if not message.text.startswith(_EXPECTED):
            self.problems.append(message.text)


@contextmanager
def chromium(folder: Path, proxy: str) -> Iterator[Callable[[bool], Browser]]:
    """A function that makes browsers: whether with scripts is its argument."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM_PATH"],
            args=[*ARGUMENTS, f"--proxy-server={proxy}"],
            # Playwright keeps no page in memory for the history; visitors have that.
            ignore_default_args=["--disable-back-forward-cache"],
        )

        def new_browser(has_scripts: bool) -> Browser:
            size = {"width": WIDTH, "height": HEIGHT}
            return Chromium(running.new_context(java_script_enabled=has_scripts, viewport=size))

        yield new_browser
        running.close()
