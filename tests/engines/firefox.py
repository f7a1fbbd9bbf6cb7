"""Firefox, by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/) without a driver between.

Selenium needs geckodriver for Firefox, which Debian does not have. Its websocket is enough.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from selenium.webdriver.remote.websocket_connection import WebSocketConnection

from tests.engines.browser import HEIGHT, WIDTH, Browser
from tests.running_site import wait_until

TIMEOUT_SECONDS = 30
_ADDRESS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_PREFERENCES = """\
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "{host}");
user_pref("network.proxy.http_port", {port});
user_pref("network.proxy.ssl", "{host}");
user_pref("network.proxy.ssl_port", {port});
user_pref("javascript.enabled", {has_scripts});
"""
# Firefox tells BiDi nothing of what a page's policy forbids, but this event does.
_REPORT = """() => addEventListener(
    "securitypolicyviolation", event => console.error("policy: " + event.blockedURI))"""


class BidiError(Exception):
    """The answer of Firefox to a command that it could not follow."""


class Process:
    """A running Firefox and the connection to it."""

    def __init__(self, profile: Path, proxy: str, *, has_scripts: bool) -> None:
        host, _, port = proxy.partition(":")
        preferences = _PREFERENCES.format(
            host=host, port=port, has_scripts=str(has_scripts).lower()
        )
        (profile / "user.js").write_text(preferences)
        command = [os.environ["FIREFOX_PATH"], "--headless", "--no-remote"]
        command += ["--remote-debugging-port=0", "--profile", str(profile)]
        self._log = profile / "firefox.log"
        with self._log.open("w") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        self.connection = WebSocketConnection(f"{self._address()}/session", TIMEOUT_SECONDS, 0.01)
        self.send("session.new", capabilities={})

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        answer = self.connection.send_cmd(method, parameters)
        if answer["type"] == "error":
            raise BidiError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def close(self) -> None:
        self.connection.close()
        self._process.terminate()
        self._process.wait(TIMEOUT_SECONDS)

    def _address(self) -> str:
        """The address that Firefox prints as soon as it listens."""
        wait_until(
            lambda: bool(_ADDRESS.search(self._log.read_text())),
            seconds=TIMEOUT_SECONDS,
            why=self._log,
        )
        return _ADDRESS.search(self._log.read_text())[1]


class Firefox(Browser):
    """One user context of a running Firefox, which has a device of its own."""

    passing_errors = (BidiError,)

    def __init__(self, process: Process) -> None:
        super().__init__()
        self._send = process.send
        self._user = self._send("browser.createUserContext")["userContext"]
        self._send("session.subscribe", events=["log.entryAdded"], userContexts=[self._user])
        process.connection.callbacks["log.entryAdded"] = [self._on_log]
        self._send(
            "script.addPreloadScript", functionDeclaration=_REPORT, userContexts=[self._user]
        )
        self.open_tab()

    def open(self, address: str) -> None:
        self._send("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def open_tab(self) -> None:
        self.tab = self._send("browsingContext.create", type="tab", userContext=self._user)[
            "context"
        ]
        self.resize(WIDTH)

    def use_tab(self, tab: str) -> None:
        self.tab = tab
        self._send("browsingContext.activate", context=tab)

    def resize(self, width: int) -> None:
        size = {"width": width, "height": HEIGHT}
        self._send("browsingContext.setViewport", context=self.tab, viewport=size)

    def click(self, selector: str) -> None:
        x, y = self.middle_of(selector)
        move = {"type": "pointerMove", "x": x, "y": y}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act("pointer", [move, *press])

    def type(self, selector: str, text: str) -> None:
        self.click(selector)
        self._act(
            "key", [{"type": way, "value": key} for key in text for way in ("keyDown", "keyUp")]
        )

    def count_role(self, selector: str, role: str) -> int:
        within = self._locate({"type": "css", "value": selector})[:1]
        start = [{"sharedId": node["sharedId"]} for node in within]
        by_role = {"type": "accessibility", "value": {"role": role}}
        return len(self._locate(by_role, startNodes=start))

    @property
    def cookies(self) -> dict[str, str]:
        device = {"type": "storageKey", "userContext": self._user}
        cookies = self._send("storage.getCookies", partition=device)["cookies"]
        return {one["name"]: one["value"]["value"] for one in cookies}

    def close(self) -> None:
        self._send("browser.removeUserContext", userContext=self._user)

    def _run(self, expression: str) -> str:
        # Between two pages Firefox has an empty one, of which nothing is to be asked.
        answer = self._send(
            "script.evaluate",
            expression=f"location.href === 'about:blank' ? null : {expression}",
            target={"context": self.tab},
            awaitPromise=False,
        )
        if answer["type"] == "exception":
            raise BidiError(answer["exceptionDetails"]["text"])
        if answer["result"]["type"] == "null":
            raise BidiError("The page is still empty.")
        return answer["result"]["value"]

    def _locate(self, locator: dict[str, object], **more: object) -> list[dict[str, Any]]:
        answer = self._send(
            "browsingContext.locateNodes", context=self.tab, locator=locator, **more
        )
        return answer["nodes"]

    def _act(self, device: str, actions: list[dict[str, object]]) -> None:
        source = {"type": device, "id": device, "actions": actions}
        self._send("input.performActions", context=self.tab, actions=[source])

    def _on_log(self, entry: dict[str, Any]) -> None:
        if entry["level"] in {"warn", "error"}:
            self.problems.append(entry["text"])


@contextmanager
def firefox(folder: Path, proxy: str) -> Iterator[Callable[[bool], Browser]]:
    """A function that makes browsers: whether with scripts is its argument.

    A Firefox with scripts and one without run side by side, because a profile has them or not.
    """
    with ExitStack() as processes:

        @cache
        def process(has_scripts: bool) -> Process:
            profile = folder / f"scripts-{has_scripts}"
            profile.mkdir()
            running = Process(profile, proxy, has_scripts=has_scripts)
            processes.callback(running.close)
            return running

        yield lambda has_scripts: Firefox(process(has_scripts))
