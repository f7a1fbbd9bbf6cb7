"""Prints the path of a Chromium for the browser tests; installs Chromium where it is missing.

The first of these counts: `CHROMIUM_PATH`, a Chromium or Chrome on PATH, the one that Playwright
has installed, the Debian package (installed as root), Playwright's own download.

With `--headless-shell` it prints the path of Chromium's headless shell, which has no window and
takes a third of the time: `HEADLESS_SHELL_PATH`, the one on PATH, or the Debian package. Without
any of them it prints the path of Chromium itself.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from debian_packages import install
from playwright.sync_api import sync_playwright

CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
HEADLESS_SHELL = ["chromium-headless-shell"]
ADVICE = """\
The browser tests need Chromium, and it could not be installed here. Install the package
chromium (as root: apt-get install chromium), or set CHROMIUM_PATH to a Chromium or Chrome."""


def main() -> None:
    path = headless_shell() if "--headless-shell" in sys.argv else None
    path = path or chromium()
    if path is None:
        sys.exit(ADVICE)
    print(path)


def headless_shell() -> str | None:
    """The headless shell. `CHROMIUM_PATH` wins over one on PATH and runs every test."""
    return (
        os.environ.get("HEADLESS_SHELL_PATH")
        or os.environ.get("CHROMIUM_PATH")
        or on_path(HEADLESS_SHELL)
        or installed_by_apt(HEADLESS_SHELL)
    )


def chromium() -> str | None:
    return (
        os.environ.get("CHROMIUM_PATH")
        or on_path(CHROMIUM)
        or playwrights_own()
        or installed_by_apt(CHROMIUM)
        or installed_by_playwright()
    )


def on_path(names: list[str]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def installed_by_apt(names: list[str]) -> str | None:
    """The first name is also that of the Debian package."""
    install(names[0])
    return on_path(names)


def installed_by_playwright() -> str | None:
    print("Installing Chromium with Playwright", file=sys.stderr, flush=True)
    command = (sys.executable, "-m", "playwright", "install", "chromium")
    # The caller reads the path from standard output, so Playwright may not write there.
    subprocess.run(command, check=False, stdout=sys.stderr)
    return playwrights_own()


if __name__ == "__main__":
    main()
