"""Gives a browser one font, whatever fonts the machine has.

A layout that fits one font may not fit another. DejaVu Sans is the widest common font: every test runs
in it. Liberation Sans is as wide as Arial: tests that measure boxes run in it as well.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Font:
    """A font family, and the family for code in the same folder."""

    family: str
    code: str
    place_in_fonts_path: int

    @property
    def folder(self) -> str:
        return os.environ["FONTS_PATH"].split(":")[self.place_in_fonts_path]


DEJAVU = Font("DejaVu Sans", "DejaVu Sans Mono", 0)
LIBERATION = Font("Liberation Sans", "Liberation Mono", 1)
# For tests that depend on the width of letters. The values name fixtures of the browser.
IN_BOTH_FONTS = pytest.mark.parametrize(
    "chosen_browser",
    ["browser", "browser_in_liberation"],
    ids=["dejavu", "liberation"],
    indirect=True,
)
IN_LIBERATION = pytest.mark.parametrize(
    "chosen_browser", ["browser_in_liberation"], ids=["liberation"], indirect=True
)

_CONFIGURATION = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{font.folder}</dir>
  <cachedir>{cache}</cachedir>
  <match>
    <test name="family"><string>monospace</string></test>
    <edit name="family" mode="assign" binding="strong"><string>{font.code}</string></edit>
  </match>
  <match>
    <edit name="family" mode="append_last" binding="strong"><string>{font.family}</string></edit>
  </match>
</fontconfig>
"""


def environment_with(font: Font, folder: Path) -> dict[str, str]:
    """The environment of a browser with this font only. Writes its configuration to `folder`."""
    configuration = folder / "fonts.conf"
    configuration.write_text(_CONFIGURATION.format(font=font, cache=folder / "cache"))
    return os.environ | {"FONTCONFIG_FILE": str(configuration)}
