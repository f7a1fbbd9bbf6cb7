"""WebKit, by WebDriver: Debian's build of WebKitGTK and its driver. It tells nothing of the console."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.common import WebDriverException
from selenium.webdriver import Remote
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.engines.browser import HEIGHT, WIDTH, Browser

DRIVER = "/usr/bin/WebKitWebDriver"
# Without room for its toolbar the window of MiniBrowser can be as narrow as a phone.
_STYLE = "* { border: 0 none; font-size: 1px; margin: 0; min-height: 0; min-width: 0; padding: 0; }"


class WebKit(Browser):
    passing_errors = (WebDriverException,)

    def __init__(self, driver: Remote) -> None:
        super().__init__()
        self._driver = driver
        self.tab = driver.current_window_handle
        self.resize(WIDTH)

    def open(self, address: str) -> None:
        self._driver.get(address)

    def open_tab(self) -> None:
        self._driver.switch_to.new_window("tab")
        self.tab = self._driver.current_window_handle

    def use_tab(self, tab: Any) -> None:
        self._driver.switch_to.window(tab)
        self.tab = tab

    def resize(self, width: int) -> None:
        self._driver.set_window_size(width, HEIGHT)
        self.wait_for(f"innerWidth === {width}")

    def click(self, selector: str) -> None:
        self._driver.find_element(By.CSS_SELECTOR, selector).click()

    def type(self, selector: str, text: str) -> None:
        self._driver.find_element(By.CSS_SELECTOR, selector).send_keys(text)

    def count_role(self, selector: str, role: str) -> int:
        within = self._driver.find_element(By.CSS_SELECTOR, selector)
        elements = within.find_elements(By.CSS_SELECTOR, "*")
        return sum(element.aria_role == role for element in elements)

    @property
    def cookies(self) -> dict[str, str]:
        return {one["name"]: one["value"] for one in self._driver.get_cookies()}

    def close(self) -> None:
        self._driver.quit()

    def _run(self, expression: str) -> str:
        return str(self._driver.execute_script(f"return {expression}"))


@contextmanager
def webkit(folder: Path, proxy: str) -> Iterator[Callable[[bool], Browser]]:
    """A function that makes browsers: whether with scripts is its argument."""
    style = folder / "gtk-3.0" / "gtk.css"
    style.parent.mkdir()
    style.write_text(_STYLE)

    def options(has_scripts: bool) -> Options:
        chosen = Options()
        chosen.binary_location = os.environ["MINIBROWSER_PATH"]
        chosen.add_argument("--automation")
        chosen.add_argument(f"--proxy=http://{proxy}")
        chosen.add_argument("--ignore-host=127.0.0.1")
        chosen.add_argument(f"--enable-javascript={str(has_scripts).lower()}")
        return chosen

    service = Service(DRIVER, env={**os.environ, "XDG_CONFIG_HOME": str(folder)})
    service.start()
    try:
        # Not selenium's class WebKitGTK, which starts a driver for each window.
        connection = RemoteConnection(client_config=ClientConfig(service.service_url))
        yield lambda has_scripts: WebKit(Remote(connection, options=options(has_scripts)))
    finally:
        service.stop()
