"""Splits a policy's text into the sections that staff edit, and joins them again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from markdown_it.token import Token

from content.markdown import markdown
from privacy.policies.text.rendering import HEADING

_LINE_END = re.compile(r"\r\n?")
# An empty line to Markdown (CommonMark, 2.1); other white space is text.
_EMPTY = re.compile(r"[ \t]*")
# The most sections whose tokens are kept: those of some seven policies, each in both languages.
MOST_KEPT = 256
# A line that begins a section wherever it stands, unless program code is open before it.
_HEADING_LINE = re.compile(r"^(?=##[ \t])", re.MULTILINE)
# What may reach into another section: program code without an end, and the target of a link that is
# written elsewhere (CommonMark, 4.5 and 4.7).
_REACHES_FAR = re.compile(r"```|~~~|\]:")


@dataclass(frozen=True, eq=False)
class Chunk:
    """A section, or the text before the first one, and its tokens. No caller changes a token.

    A chunk equals no other object, so that a cache can be keyed by it: where a link has its target
    in another section, chunks of the same text can have different tokens.
    """

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def number(self) -> int | None:
        if not self.begins_section:
            return None
        match = HEADING.match(self.tokens[1].content)
        return int(match[1]) if match else None

    @cached_property
    def heading(self) -> str:
        """The heading as it is shown, with the number; empty before the first section."""
        return shown(self.tokens[1]) if self.begins_section else ""

    @property
    def begins_section(self) -> bool:
        return bool(self.tokens) and begins_section(self.tokens[0])


@dataclass(frozen=True)
class Part:
    """A chunk of a text. `index` is its place in `split`."""

    index: int
    chunk: Chunk

    @property
    def number(self) -> int | None:
        return self.chunk.number

    @property
    def heading(self) -> str:
        return self.chunk.heading

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.chunk.tokens


def split(text: str) -> list[str]:
    """The text in chunks, one for each heading of the second level and one for the text before.

    A heading in a quotation, a list or program code begins no section.
    """
    return [chunk.text for chunk in _chunks_of(text)]


def join(chunks: Iterable[str]) -> str:
    """One text of these chunks, with one empty line between sections."""
    text = "\n\n".join(split("\n\n".join(chunks)))
    return f"{text}\n" if text else ""


def parts(text: str) -> list[Part]:
    """The chunks of `split` with their tokens in the whole text: reference links work there."""
    return [Part(index, chunk) for index, chunk in enumerate(_chunks_of(text))]


def begins_section(token: Token) -> bool:
    """Whether a section begins with this token."""
    return (token.type, token.tag, token.level) == ("heading_open", "h2", 0)


def shown(inline: Token) -> str:
    """The text of a block as readers see it, without Markdown's marks; line breaks stay."""
    return "".join(
        "\n" if child.type in {"softbreak", "hardbreak"} else child.content
        for child in inline.children or []
        if child.type != "image"
    )


def _chunks_of(text: str) -> list[Chunk]:
    text = _LINE_END.sub("\n", text)
    if _REACHES_FAR.search(text):
        return list(_chunks(text))
    # Without the empty lines between them, so that a section has the same key at every place.
    pieces = (piece.strip("\n") for piece in _HEADING_LINE.split(text))
    return [chunk for piece in pieces for chunk in _chunks(piece)]


# While somebody types, one section changes, and the editor asks for all of them again and again.
@lru_cache(maxsize=MOST_KEPT)
def _chunks(piece: str) -> tuple[Chunk, ...]:
    lines = piece.split("\n")
    tokens = markdown.parse(piece)
    starts = [place for place, token in enumerate(tokens) if begins_section(token)]
    firsts = [(tokens[place].map or [0])[0] for place in starts]
    chunks = []
    for place, end, line, last in zip(
        [0, *starts], [*starts, len(tokens)], [0, *firsts], [*firsts, len(lines)], strict=True
    ):
        if text := _without_empty_ends(lines[line:last]):
            chunks.append(Chunk(text, tuple(tokens[place:end])))
    return tuple(chunks)


def _without_empty_ends(lines: list[str]) -> str:
    """White space before the first word stays: four spaces make a line program code."""
    filled = [place for place, line in enumerate(lines) if not _EMPTY.fullmatch(line)]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else ""
