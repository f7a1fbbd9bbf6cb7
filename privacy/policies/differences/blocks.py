"""A policy's Markdown as blocks of words, by which two versions are compared.

A block is one thing to readers: a heading, a paragraph, an item of a list, a row of a table. The
parser is the one of the page, so that readers can see every difference.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from markdown_it.token import Token

from content.markdown import markdown
from privacy.policies.text.rendering import HEADING, PARAGRAPH, PLACEHOLDER

# A word with its inner signs ("e-mail", "13.4", an address), or one sign; with the space before it,
# so that the joined words are the text.
_WORD = re.compile(r" ?(?:\w+(?:[.@/:'’-]+\w+)*|[^\w\s])")
_CELL_OPEN = {"th_open", "td_open"}


class Kind(StrEnum):
    """What a block is on the page."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    SUMMARY = "summary"
    QUOTATION = "quotation"
    ITEM = "item"
    ROW = "row"
    TABLE = "table"
    CODE = "code"
    RULE = "rule"


class Style(StrEnum):
    """How a word differs from plain text. A link's target is a word of its own, after the link."""

    PLAIN = ""
    STRONG = "strong"
    TARGET = "target"


class Styled(NamedTuple):
    """A word that is not plain text."""

    text: str
    style: Style


# A word or a sign, with the space before it. Most are plain: a bare string takes less memory.
Word = str | Styled
_BETWEEN_CELLS = " |"


def text_of(words: Iterable[Word]) -> str:
    """The words as one text, with the targets of links."""
    return "".join(word if isinstance(word, str) else word.text for word in words)


def style_of(word: Word) -> Style:
    return Style.PLAIN if isinstance(word, str) else word.style


@dataclass(frozen=True)
class Block:
    """One block. `number` is as shown; `anchor` and `place` are of the paragraph around it."""

    kind: Kind
    words: tuple[Word, ...]
    number: str = ""
    anchor: str = ""
    place: str = ""

    @property
    def text(self) -> str:
        """The words as one text, without the targets of links."""
        return text_of(word for word in self.words if style_of(word) != Style.TARGET).strip()

    @property
    def section(self) -> str:
        """The number of the section, for a block before its first paragraph; else empty."""
        number = self.place.removesuffix(".")
        return number if number != self.place and number.isdecimal() else ""


# A comparison is asked for again and again, and published texts never change.
@lru_cache(maxsize=64)
def blocks(source: str, title: str = "") -> tuple[Block, ...]:
    """The blocks of a text, after its title if there is one."""
    first = [Block(Kind.TITLE, _words_of(title))] if title else []
    return (*first, *_Reader(markdown.parse(source)).blocks())


class _Reader:
    """Reads the tokens once, and remembers the lists and quotations around the current one."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._containers: list[Kind] = []
        self._counters: list[int | None] = []
        self._marker = ""
        self._anchor = ""
        self._place = ""

    def blocks(self) -> Iterator[Block]:
        row: list[Word] = []
        for before, token in zip([None, *self._tokens], self._tokens, strict=False):
            if token.type == "inline" and before and before.type in _CELL_OPEN:
                row += [_BETWEEN_CELLS, *_words(token)]
            elif token.type == "tr_close":
                yield self._block(Kind.ROW, row[1:])
                row = []
            elif token.type == "inline" and before:
                yield self._read(token, before)
            elif token.type == "hr":
                yield self._block(Kind.RULE, [])
            elif token.type in {"code_block", "fence"}:
                yield self._block(Kind.CODE, _words_of(token.content))
            else:
                self._step(token, before)

    def _step(self, token: Token, before: Token | None) -> None:
        """Go into a list or a quotation, or out of it."""
        match token.type:
            case "blockquote_open":
                is_first = before and before.type == "heading_close" and before.tag == "h2"
                is_summary = is_first and token.level == 0
                self._containers.append(Kind.SUMMARY if is_summary else Kind.QUOTATION)
            case "ordered_list_open":
                start = token.attrGet("start")
                self._counters.append(1 if start is None else int(start))
                self._containers.append(Kind.ITEM)
            case "bullet_list_open":
                self._counters.append(None)
                self._containers.append(Kind.ITEM)
            case "blockquote_close":
                self._containers.pop()
            case "ordered_list_close" | "bullet_list_close":
                self._containers.pop()
                self._counters.pop()
            case "list_item_open":
                count = self._counters[-1]
                self._marker = "•" if count is None else f"{count}."
                self._counters[-1] = None if count is None else count + 1

    def _read(self, inline: Token, opening: Token) -> Block:
        words = _words(inline)
        if opening.type == "heading_open":
            return self._heading(opening, inline, words)
        if self._containers:
            marker, self._marker = self._marker, ""
            return self._block(self._containers[-1], words, marker)
        if match := PLACEHOLDER.fullmatch(inline.content):
            return self._block(Kind.TABLE, [match[1]])
        if match := PARAGRAPH.match(inline.content):
            number = f"{match[1]}.{match[2]}"
            self._anchor, self._place = f"s{int(match[1])}-{int(match[2])}", number
            return self._block(Kind.PARAGRAPH, _after_number(match[0], words), number)
        return self._block(Kind.PARAGRAPH, words)

    def _heading(self, opening: Token, inline: Token, words: list[Word]) -> Block:
        if opening.tag != "h2" or opening.level:
            return self._block(Kind.HEADING, words)
        match = HEADING.match(inline.content)
        self._anchor = f"s{int(match[1])}" if match else ""
        self._place = f"{match[1]}." if match else inline.content
        if not match:
            return self._block(Kind.HEADING, words)
        return self._block(Kind.HEADING, _after_number(match[0], words), self._place)

    def _block(self, kind: Kind, words: Iterable[Word], number: str = "") -> Block:
        return Block(kind, tuple(words), number, self._anchor, self._place)


def _after_number(typed: str, words: list[Word]) -> list[Word]:
    """The words after the number that a block begins with."""
    length = len("".join(typed.split()))
    for place, word in enumerate(words):
        length -= len(text_of([word]).strip())
        if length <= 0:
            return words[place + 1 :]
    return words


def _words(inline: Token) -> list[Word]:
    """The words of a block, each with a space before it where there is one, the first always."""
    words: list[Word] = []
    targets: list[str] = []
    is_strong = 0
    gap = " "
    for child in inline.children or []:
        match child.type:
            case "strong_open" | "em_open":
                is_strong += 1
            case "strong_close" | "em_close":
                is_strong -= 1
            case "link_open":
                targets.append(str(child.attrGet("href") or ""))
            case "link_close":
                words.append(Styled(f" (→ {targets.pop()})", Style.TARGET))
            case "softbreak" | "hardbreak":
                gap = " "
            case _ if child.content:
                plain = _split(gap + child.content)
                words += [Styled(word, Style.STRONG) for word in plain] if is_strong else plain
                gap = " " if child.content[-1].isspace() else ""
    return words


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(_split(" " + text))


def _split(text: str) -> list[str]:
    lead = " " if text[0].isspace() else ""
    return _WORD.findall(lead + " ".join(text.split()))
