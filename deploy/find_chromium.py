"""Prints the path of a Chromium for the browser tests; installs one where the machine has none.

`CHROMIUM_PATH` names one by hand. Otherwise: the one on PATH, the one that Playwright has
installed, as root the system's package, and last Playwright's own download.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
ADVICE = """\
The browser tests need Chromium, and it could not be installed here. Install the package
chromium (as root: apt-get install chromium), or set CHROMIUM_PATH to a Chromium or Chrome."""


def main() -> None:
    ways: list[Callable[[], str | None]] = [
        lambda: os.environ.get("CHROMIUM_PATH"),
        on_path,
        playwrights_own,
        installed_by_apt,
        installed_by_playwright,
    ]
    path = next(filter(None, (way() for way in ways)), None)
    if path is None:
        sys.exit(ADVICE)
    print(path)


def on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def installed_by_apt() -> str | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    say("Installing Chromium with apt-get")
    if runs("apt-get", "update", "--quiet=2"):
        runs("apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", "chromium")
    return on_path()


def installed_by_playwright() -> str | None:
    say("Installing Chromium with Playwright")
    runs(sys.executable, "-m", "playwright", "install", "chromium")
    return playwrights_own()


def runs(*command: str) -> bool:
    """Run a command whose output is for people: standard output is the path alone."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, check=False, stdout=sys.stderr, env=environment).returncode == 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
