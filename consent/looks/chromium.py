"""Drives a real Chromium through a pipe, by the Chrome DevTools Protocol.

So the machine needs Chromium and no package of Python:
https://chromedevtools.github.io/devtools-protocol/
"""

import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chromium-headless-shell",
)
# More than Chromium takes to start or to load a page, on a machine with other work.
PATIENCE_SECONDS = 60.0
# Chromium reads commands from its file 3, and writes answers and events to its file 4.
_WITH_PIPES = 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
_OPTIONS = (
    "--headless",
    "--remote-debugging-pipe",
    # The sandbox needs rights that a container lacks. Only pages of this process are opened: no
    # name of a host leads anywhere.
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-proxy-server",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # The same colors on every machine.
    "--disable-lcd-text",
    "--force-color-profile=srgb",
)


class ChromiumFailed(Exception):
    """Chromium is missing, or did not do what it was asked. The text says what to do."""


@contextmanager
def tab() -> Iterator["Tab"]:
    """A tab of a Chromium with an empty profile, which ends after the block.

    Raises ChromiumFailed.
    """
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        command = [path(), *_OPTIONS, f"--user-data-dir={profile}"]
        with subprocess.Popen(  # noqa: S603 - the operator names the program
            ["/bin/sh", "-c", _WITH_PIPES, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        ) as process:
            try:
                yield Tab(process)
            finally:
                # The whole group: the program may be a script that started Chromium.
                os.killpg(process.pid, signal.SIGKILL)


def path() -> str:
    """The path of Chromium on this machine. Raises ChromiumFailed if none is installed."""
    if found := settings.CHROMIUM_PATH or next(filter(None, map(shutil.which, NAMES)), None):
        return str(found)
    raise ChromiumFailed(
        "There is no Chromium on this machine. Install the package chromium, or set "
        "CHROMIUM_PATH to a Chromium or Chrome."
    )


class Tab:
    """A tab of Chromium. Each method raises ChromiumFailed where Chromium does not answer."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._commands: Any = process.stdin
        self._answers: Any = process.stdout
        self._unread = b""
        self._ids = itertools.count(1)
        self._events: list[str] = []
        self._session: dict[str, str] = {}
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        self.send("Page.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command, and return its result."""
        number = next(self._ids)
        message = {"id": number, "method": method, "params": parameters, **self._session}
        try:
            self._commands.write(json.dumps(message).encode() + b"\0")
        except OSError as error:
            raise ChromiumFailed(_ended()) from error
        while (answer := self._read()).get("id") != number:
            self._events.append(answer.get("method", ""))
        if "error" in answer:
            raise ChromiumFailed(f"Chromium refused {method}: {answer['error']['message']}.")
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, url: str) -> None:
        """Load a page, with all that it loads."""
        self._events.clear()
        result = self.send("Page.navigate", url=url)
        if problem := result.get("errorText"):
            raise ChromiumFailed(f"Chromium could not load {url}: {problem}.")
        while "Page.loadEventFired" not in self._events:
            self._events.append(self._read().get("method", ""))

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript in the page; of a promise, its result."""
        result = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in result:
            raise ChromiumFailed(f"The page has no answer to {expression}.")
        return result["result"].get("value")

    def _read(self) -> dict[str, Any]:
        """The next answer or event."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while b"\0" not in self._unread:
            patience = max(0.0, deadline - time.monotonic())
            if not select.select([self._answers], [], [], patience)[0]:
                raise ChromiumFailed(
                    f"Chromium has not answered for {PATIENCE_SECONDS:.0f} seconds. Run the "
                    "command again when the machine has less to do."
                )
            piece = self._answers.read(1 << 16)
            if not piece:
                raise ChromiumFailed(_ended())
            self._unread += piece
        message, _zero, self._unread = self._unread.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer


def _ended() -> str:
    return f"Chromium ended by itself. See what `{path()} --headless --version` prints."
