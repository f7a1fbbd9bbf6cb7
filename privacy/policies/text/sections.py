"""Splits a policy's text into the sections that staff edit, and joins them again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token

from content.markdown import markdown
from privacy.policies.text.rendering import HEADING

_LINE_END = re.compile(r"\r\n?")
# An empty line to Markdown (CommonMark, 2.1); other white space is text.
_EMPTY = re.compile(r"[ \t]*")


@dataclass(frozen=True)
class Part:
    """A section, or the text before the first one. `index` is its place in `split`."""

    index: int
    number: int | None
    tokens: tuple[Token, ...]

    @property
    def heading(self) -> str:
        """The heading as it is shown, with the number; empty before the first section."""
        begins = self.tokens and begins_section(self.tokens[0])
        return shown(self.tokens[1]) if begins else ""


def split(text: str) -> list[str]:
    """The text in chunks, one for each heading of the second level and one for the text before.

    A heading in a quotation, a list or program code begins no section.
    """
    return [chunk for chunk, _tokens in _chunks(text)]


def join(chunks: Iterable[str]) -> str:
    """One text of these chunks, with one empty line between sections."""
    text = "\n\n".join(split("\n\n".join(chunks)))
    return f"{text}\n" if text else ""


def parts(text: str) -> list[Part]:
    """The chunks of `split` with their tokens in the whole text: reference links work there."""
    return [
        Part(index, _number(tokens), tokens) for index, (_chunk, tokens) in enumerate(_chunks(text))
    ]


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


# One page of the editor asks for each section several times. No caller changes a token.
@lru_cache(maxsize=64)
def _chunks(text: str) -> tuple[tuple[str, tuple[Token, ...]], ...]:
    text = _LINE_END.sub("\n", text)
    lines = text.split("\n")
    tokens = markdown.parse(text)
    starts = [place for place, token in enumerate(tokens) if begins_section(token)]
    firsts = [(tokens[place].map or [0])[0] for place in starts]
    chunks = []
    for place, end, line, last in zip(
        [0, *starts], [*starts, len(tokens)], [0, *firsts], [*firsts, len(lines)], strict=True
    ):
        if chunk := _without_empty_ends(lines[line:last]):
            chunks.append((chunk, tuple(tokens[place:end])))
    return tuple(chunks)


def _without_empty_ends(lines: list[str]) -> str:
    """White space before the first word stays: four spaces make a line program code."""
    filled = [place for place, line in enumerate(lines) if not _EMPTY.fullmatch(line)]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else ""


def _number(tokens: tuple[Token, ...]) -> int | None:
    if not tokens or not begins_section(tokens[0]):
        return None
    match = HEADING.match(tokens[1].content)
    return int(match[1]) if match else None
