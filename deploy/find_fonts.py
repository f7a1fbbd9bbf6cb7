"""Prints the folders of the fonts of the browser tests; installs a font that the machine lacks.

The folder of DejaVu Sans, a colon, the folder of Liberation Sans. `FONTS_PATH` sets both; otherwise
the usual folders are searched, and as root the Debian packages are installed.
"""

import os
import sys
from pathlib import Path

from debian_packages import install

# The Debian package of each font file.
FONTS = {
    "DejaVuSans.ttf": "fonts-dejavu-core",
    "LiberationSans-Regular.ttf": "fonts-liberation",
}
PLACES = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"]
ADVICE = """\
The browser tests need the fonts DejaVu Sans and Liberation Sans, and they could not be installed
here. Install the packages fonts-dejavu-core and fonts-liberation (as root: apt-get install
fonts-dejavu-core fonts-liberation), or set FONTS_PATH to the folder of DejaVuSans.ttf and that of
LiberationSans-Regular.ttf, joined by a colon."""


def main() -> None:
    if path := os.environ.get("FONTS_PATH"):
        print(path)
        return
    folders = [folder_of(file) or installed(file, package) for file, package in FONTS.items()]
    if None in folders:
        sys.exit(ADVICE)
    print(":".join(filter(None, folders)))


def folder_of(file: str) -> str | None:
    """Searches below each place: every distribution names its folders of fonts differently."""
    for place in PLACES:
        for folder, _subfolders, files in os.walk(Path(place).expanduser()):
            if file in files:
                return folder
    return None


def installed(file: str, package: str) -> str | None:
    install(package)
    return folder_of(file)


if __name__ == "__main__":
    main()
