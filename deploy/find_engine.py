"""Prints the path of a browser of another engine: `deploy/find_engine.py firefox` or `webkit`.

Installs its Debian packages where they are missing and this process is root. `FIREFOX_PATH` wins
over the Firefox on PATH. For WebKit the path is that of MiniBrowser, the window that WebKit's
driver opens; a display that nobody sees comes along.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from debian_packages import install


def firefox() -> str | None:
    return os.environ.get("FIREFOX_PATH") or shutil.which("firefox-esr") or shutil.which("firefox")


def webkit() -> str | None:
    """MiniBrowser, where all that it needs is there: driver, display, and the display's key."""
    if not all(map(shutil.which, ("WebKitWebDriver", "xvfb-run", "xauth"))):
        return None
    browsers = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4.*/MiniBrowser"))
    return str(browsers[-1]) if browsers else None


class Engine(NamedTuple):
    """One engine: how to find its browser, and which Debian packages bring it."""

    name: str
    find: Callable[[], str | None]
    packages: tuple[str, ...]


ENGINES = {
    "firefox": Engine("Firefox", firefox, ("firefox-esr",)),
    "webkit": Engine("WebKit", webkit, ("webkit2gtk-driver", "xvfb", "xauth")),
}


def main(engine: Engine) -> None:
    path = engine.find()
    if path is None:
        install(*engine.packages)
        path = engine.find()
    if path is None:
        packages = " ".join(engine.packages)
        sys.exit(
            f"{engine.name} is needed, and could not be installed here. "
            f"As root: apt-get install {packages}"
        )
    print(path)


if __name__ == "__main__":
    main(ENGINES[sys.argv[1]])
