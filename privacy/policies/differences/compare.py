"""The differences of two texts by word, as values that templates render.

Blocks are compared first. A block that was replaced is paired with the block that it became, by its
number or its words, and words are compared only inside such a pair: to compare whole documents by
word takes seconds, and words of one paragraph match words all over the text.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import groupby, islice
from typing import TypeVar

from privacy.policies.differences.blocks import Block, Style, Styled, Word, style_of, text_of
from privacy.policies.differences.pairs import are_alike, pairs

# The least number of equal words between two changes that stay unmarked: fewer are hard to read
# between struck and underlined ones, so they are part of the change.
_FEWEST_EQUAL_WORDS = 3

T = TypeVar("T", bound=Hashable)


class Change(StrEnum):
    """What became of a block, or of a word in it."""

    EQUAL = "equal"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENUMBERED = "renumbered"


@dataclass(frozen=True)
class Run:
    """Consecutive words with the same change."""

    change: Change
    words: tuple[Word, ...]

    @property
    def lead(self) -> str:
        """The space before the run: it stays outside what is struck or underlined."""
        return " " if text_of(self.words[:1]).startswith(" ") else ""

    @property
    def pieces(self) -> Iterator[Styled]:
        """The text after that space, by style. A link's target is shown only if it has changed."""
        is_equal = self.change == Change.EQUAL
        lead = self.lead
        for style, words in groupby(self.words, key=style_of):
            if not (is_equal and style == Style.TARGET):
                yield Styled(text_of(words).removeprefix(lead), style)
                lead = ""


@dataclass(frozen=True)
class Passage:
    """One block that differs: as it was, as it is, and its words as runs."""

    change: Change
    old: Block | None
    new: Block | None
    runs: tuple[Run, ...]

    @property
    def block(self) -> Block:
        """The block as it is now; a removed one as it was."""
        block = self.new or self.old
        assert block  # noqa: S101 - a passage has at least one block
        return block

    @property
    def is_moved(self) -> bool:
        """Whether its number has changed."""
        return bool(self.old and self.new and self.old.number != self.new.number)


@dataclass(frozen=True)
class Unchanged:
    """Consecutive blocks without a change, which the page folds."""

    blocks: tuple[Block, ...]

    @property
    def places(self) -> list[str]:
        """The first and the last numbered place; one if they are the same, empty without any."""
        places = [block.place.removesuffix(".") for block in self.blocks if block.place]
        return [*dict.fromkeys(places[:1] + places[-1:])]


@dataclass(frozen=True)
class Differences:
    """Two texts as one, in the order of reading."""

    entries: tuple[Passage | Unchanged, ...]

    @property
    def numbered(self) -> Iterator[tuple[Passage | Unchanged, int]]:
        """The entries, each passage with its place among the passages; 0 for what is unchanged."""
        count = 0
        for entry in self.entries:
            is_passage = isinstance(entry, Passage)
            count += is_passage
            yield entry, count if is_passage else 0

    @cached_property
    def passages(self) -> list[Passage]:
        """The blocks that differ."""
        return [entry for entry in self.entries if isinstance(entry, Passage)]


def compare(old: Sequence[Block], new: Sequence[Block]) -> Differences:
    """Compare two texts, as `blocks.blocks` reads them."""
    return Differences(tuple(_entries(old, new)))


def _entries(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Passage | Unchanged]:
    unchanged: list[Block] = []
    for before, after in _aligned(old, new):
        if before and after and _is_unchanged(before, after):
            unchanged.append(after)
            continue
        if unchanged:
            yield Unchanged(tuple(unchanged))
            unchanged = []
        yield _passage(before, after)
    if unchanged:
        yield Unchanged(tuple(unchanged))


def _is_unchanged(before: Block, after: Block) -> bool:
    return before.number == after.number and _content(before) == _content(after)


def _passage(before: Block | None, after: Block | None) -> Passage:
    if before and after:
        is_same = before.words == after.words
        change = Change.RENUMBERED if is_same else Change.CHANGED
        return Passage(change, before, after, _word_runs(before.words, after.words))
    if before:
        return Passage(Change.REMOVED, before, None, _whole(Change.REMOVED, before.words))
    assert after  # noqa: S101 - a pair has at least one block
    return Passage(Change.ADDED, None, after, _whole(Change.ADDED, after.words))


def _content(block: Block) -> tuple[object, ...]:
    """The parts that make two blocks equal. Numbers do not: they move when others come or go."""
    return (block.kind, block.words)


def _aligned(
    old: Sequence[Block], new: Sequence[Block]
) -> Iterator[tuple[Block | None, Block | None]]:
    """Every block of both texts once, in order, each old block beside the new one it became."""
    i = j = 0
    for start_old, start_new, size in _common([*map(_content, old)], [*map(_content, new)]):
        yield from _replaced(old[i:start_old], new[j:start_new])
        i, j = start_old + size, start_new + size
        yield from zip(old[start_old:i], new[start_new:j], strict=True)


def _common(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[int, int, int]]:
    """Stretches that are equal and in the same order: both places, and the length.

    The last stretch is empty, at the end of both. This is the longest common subsequence.
    """
    # Here, because it takes 4 MB, and most processes never compare two versions.
    from rapidfuzz.distance import LCSseq

    # rapidfuzz compares hashes: two values could share one, two small numbers cannot.
    ids: defaultdict[T, int] = defaultdict(lambda: len(ids))
    opcodes = LCSseq.opcodes([ids[value] for value in old], [ids[value] for value in new])
    for block in opcodes.as_matching_blocks():
        yield block.a, block.b, block.size


def _replaced(
    old: Sequence[Block], new: Sequence[Block]
) -> Iterator[tuple[Block | None, Block | None]]:
    i = j = 0
    for place_old, place_new in [*pairs(old, new), (len(old), len(new))]:
        yield from ((block, None) for block in old[i:place_old])
        yield from ((None, block) for block in new[j:place_new])
        if place_old < len(old):
            yield old[place_old], new[place_new]
        i, j = place_old + 1, place_new + 1


def _whole(change: Change, words: Sequence[Word]) -> tuple[Run, ...]:
    return (Run(change, tuple(words)),) if words else ()


def _word_runs(old: tuple[Word, ...], new: tuple[Word, ...]) -> tuple[Run, ...]:
    """Runs from which both texts can be read: equal and removed ones, equal and added ones."""
    if old == new:
        return _whole(Change.EQUAL, new)
    if not are_alike(old, new):
        return _whole(Change.REMOVED, old) + _whole(Change.ADDED, new)
    runs: list[Run] = []
    i = j = 0
    for start_old, start_new, size in _equal_stretches(old, new):
        runs += _whole(Change.REMOVED, old[i:start_old])
        runs += _whole(Change.ADDED, new[j:start_new])
        runs += _whole(Change.EQUAL, old[start_old : start_old + size])
        i, j = start_old + size, start_new + size
    return tuple(runs)


def _equal_stretches(old: Sequence[Word], new: Sequence[Word]) -> Iterator[tuple[int, int, int]]:
    """Stretches of equal words, but for short ones between two changes."""
    for i, j, size in _common(old, new):
        is_at_an_end = 0 in {i, j} or i + size == len(old) or j + size == len(new)
        if is_at_an_end or _are_many(old[i : i + size]):
            yield i, j, size


def _are_many(words: Sequence[Word]) -> bool:
    """Whether these are enough words to stay unmarked between two changes; signs do not count."""
    real = (word for word in words if text_of([word]).strip()[:1].isalnum())
    return len([*islice(real, _FEWEST_EQUAL_WORDS)]) == _FEWEST_EQUAL_WORDS
