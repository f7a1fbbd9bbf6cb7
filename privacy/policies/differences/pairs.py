"""Pairs each changed block of a text with the block of the next text that it became."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from privacy.policies.differences.blocks import Block, Word

# The least share of equal words by which two blocks are one block that was changed.
_LEAST_LIKENESS = 0.4
# A word that more blocks have says nothing about which of them became which.
_MOST_BLOCKS_OF_A_RARE_WORD = 4

Pair = tuple[int, int]


def pairs(old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
    """Pairs, by preference: alike with the same number, then alike, then with the same number."""

    def is_likely(pair: Pair) -> bool:
        before, after = old[pair[0]], new[pair[1]]
        return before.kind == after.kind and are_alike(before.words, after.words)

    numbered = list(_same_number(old, new))
    chosen = _in_order(filter(is_likely, numbered))
    if len(chosen) < min(len(old), len(new)):
        chosen = _in_order(filter(is_likely, _sharing_rare_words(old, new)), around=chosen)
    return _in_order(numbered, around=chosen)


def are_alike(old: Sequence[Word], new: Sequence[Word]) -> bool:
    old_words, new_words = {*old}, {*new}
    shared = len(old_words & new_words)
    return shared >= _LEAST_LIKENESS * max(len(old_words), len(new_words))


def _same_number(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Pair]:
    """Pairs of headings and paragraphs with the same number; no other block has its own."""
    places = {
        (block.kind, block.number): j
        for j, block in enumerate(new)
        if block.number and block.number == block.place
    }
    for i, block in enumerate(old):
        j = places.get((block.kind, block.number))
        if j is not None and block.number == block.place:
            yield i, j


def _sharing_rare_words(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Pair]:
    """For each old block the new one with which it shares most words that few blocks have."""
    holders: defaultdict[Word, list[int]] = defaultdict(list)
    for j, block in enumerate(new):
        for word in {*block.words}:
            holders[word].append(j)
    rare = {w: js for w, js in holders.items() if len(js) <= _MOST_BLOCKS_OF_A_RARE_WORD}
    for i, block in enumerate(old):
        votes = Counter(j for word in rare.keys() & {*block.words} for j in rare[word])
        if votes:
            yield i, max(votes, key=lambda j: (votes[j], -abs(j - i)))


def _in_order(candidates: Iterable[Pair], around: Sequence[Pair] = ()) -> list[Pair]:
    """The most pairs that do not cross, those of `around` among them."""
    fixed = sorted(around)
    olds = [i for i, _ in fixed]
    taken = {j for _, j in fixed}
    free = []
    for i, j in candidates:
        gap = bisect_left(olds, i)
        low = fixed[gap - 1][1] if gap else -1
        high = fixed[gap][1] if gap < len(fixed) else None
        is_taken = j in taken or (gap < len(fixed) and olds[gap] == i)
        if not is_taken and low < j and (high is None or j < high):
            free.append((i, j))
    return sorted([*fixed, *_longest_rising(sorted(free))])


def _longest_rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest chain in which both places rise (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for place, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        tails[length : length + 1] = [j]
        ends[length : length + 1] = [place]
        back.append(ends[length - 1] if length else -1)
    chain = []
    place = ends[-1] if ends else -1
    while place >= 0:
        chain.append(pairs[place])
        place = back[place]
    return chain[::-1]
