"""What a Markdown text of staff may hold at most, so that no text keeps a worker busy for seconds.

The bounds are some four times what the privacy policy holds. They are counted by
characters and lines, before anything parses the text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _

MOST_CHARACTERS_OF_A_SECTION = 20_000
MOST_CHARACTERS = 130_000
MOST_SECTIONS = 100
MOST_LINES = 2_000
# Each of these signs makes the parser of Markdown look for the one that closes it.
MOST_SIGNS = 2_000
MOST_CELLS = 2_000
_SIGN = re.compile(r"[\[\]*_`<&\\]")
_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"\r\n?|\n")


def section_excesses(text: str) -> Iterator[str]:
    """A sentence if a section is longer than one may be."""
    if len(text) > MOST_CHARACTERS_OF_A_SECTION:
        yield _(
            "A section holds at most %(most)d characters, and this one holds %(number)d: divide it."
        ) % {"most": MOST_CHARACTERS_OF_A_SECTION, "number": len(text)}


def text_excesses(text: str) -> Iterator[str]:
    """A sentence for each bound that a whole text exceeds."""
    if len(text) > MOST_CHARACTERS:
        yield _("A text holds at most %(most)d characters, and this one holds %(number)d.") % {
            "most": MOST_CHARACTERS,
            "number": len(text),
        }
        return
    lines, signs, cells = _counts(text)
    for number, most, sentence in (
        (
            lines,
            MOST_LINES,
            _("A text holds at most %(most)d lines, and this one holds %(number)d."),
        ),
        (
            signs,
            MOST_SIGNS,
            _(
                "A text holds at most %(most)d characters such as “*”, “_”, “[” and “<”, and this "
                "one holds %(number)d."
            ),
        ),
        (
            cells,
            MOST_CELLS,
            _("The tables of a text hold at most %(most)d cells, and these hold %(number)d."),
        ),
    ):
        if number > most:
            yield sentence % {"most": most, "number": number}


# The form of a draft and each part of its review ask about the same texts.
@lru_cache(maxsize=16)
def _counts(text: str) -> tuple[int, int, int]:
    """The lines, the signs and the cells of a text."""
    return len(_LINE.findall(text)), len(_SIGN.findall(text)), _cells(text)


def too_many_sections() -> str:
    """The sentence about a text with more sections than it may have."""
    return _("A text has at most %(most)d sections.") % {"most": MOST_SECTIONS}


def _cells(text: str) -> int:
    """At least the number of cells: the parser fills up each row to the width of its table."""
    widths = ((len(block), max(line.count("|") for line in block)) for block in _blocks(text))
    return sum(lines * (bars + 1) for lines, bars in widths if bars)


def _blocks(text: str) -> Iterator[list[str]]:
    """Lines without an empty one between them; a table never goes on after an empty line."""
    block: list[str] = []
    for line in [*_LINE_END.split(text), ""]:
        if line.strip(" \t"):
            block.append(line)
        elif block:
            yield block
            block = []
