"""Merkle trees as RFC 9162, section 2.1 defines them: hashes, paths, and how both are checked.

A tree is known by the hashes of its perfect subtrees: `subtree(level, index)` is the hash over the
leaves from index * 2**level on, 2**level of them.
"""

import hashlib
from collections.abc import Callable, Iterable

Subtree = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


class BadProof(Exception):
    """A proof does not show what it should."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def over(hashes: list[bytes]) -> bytes:
    """The hash over subtrees of the same size, of which there are a power of two."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [node_hash(left, right) for left, right in pairs]
    return hashes[0]


def root(size: int, subtree: Subtree) -> bytes:
    """The root of a tree of so many leaves (2.1.1)."""
    return _range(0, size, subtree) if size else EMPTY_ROOT


def inclusion_path(position: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from a leaf to the root (2.1.3.1). Raises ValueError beyond the tree."""
    if not 0 <= position < size:
        raise ValueError(f"A tree of {size} leaves has no leaf at position {position}.")
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if position < middle:
            path.append(_range(middle, end, subtree))
            end = middle
        else:
            path.append(_range(begin, middle, subtree))
            begin = middle
    return path[::-1]


def consistency_path(earlier: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that show that a tree extends an earlier one (2.1.4.1).

    Raises ValueError where the earlier one has no leaf, or more leaves.
    """
    if not 0 < earlier <= size:
        raise ValueError(f"A tree of {size} leaves does not extend one of {earlier}.")
    begin, end, path, is_whole = 0, size, [], True
    while end != earlier:
        middle = begin + _split(end - begin)
        if earlier <= middle:
            path.append(_range(middle, end, subtree))
            end = middle
        else:
            path.append(_range(begin, middle, subtree))
            begin, is_whole = middle, False
    if not is_whole:
        path.append(_range(begin, end, subtree))
    return path[::-1]


def root_of_path(leaf: bytes, position: int, size: int, path: Iterable[bytes]) -> bytes:
    """The root to which a path leads from a leaf (2.1.3.2). Raises BadProof for a wrong length."""
    if not 0 <= position < size:
        raise BadProof("The leaf is not in the tree.")
    place, last, result = position, size - 1, leaf
    for each in path:
        if last == 0:
            raise BadProof("The path is too long.")
        if place & 1 or place == last:
            result = node_hash(each, result)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, each)
        place, last = place >> 1, last >> 1
    if last:
        raise BadProof("The path is too short.")
    return result


def check_consistency(
    *, earlier: int, earlier_root: bytes, size: int, size_root: bytes, path: list[bytes]
) -> None:
    """Check that the tree of `size` extends the earlier one (2.1.4.2). Raises BadProof."""
    if not 0 < earlier <= size:
        raise BadProof("A tree does not extend a larger one, or an empty one.")
    if earlier == size:
        if path or earlier_root != size_root:
            raise BadProof("Two trees of the same size have different roots.")
        return
    hashes = [earlier_root, *path] if earlier & (earlier - 1) == 0 else [*path]
    if not hashes:
        raise BadProof("The path is too short.")
    place, last = earlier - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            raise BadProof("The path is too long.")
        if place & 1 or place == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, each)
        place, last = place >> 1, last >> 1
    if last:
        raise BadProof("The path is too short.")
    if (first, second) != (earlier_root, size_root):
        raise BadProof("The later tree does not extend the earlier one.")


def _range(begin: int, end: int, subtree: Subtree) -> bytes:
    """The hash over leaves from `begin` to `end`, as a tree of the whole splits them."""
    size = end - begin
    if size & (size - 1) == 0:
        return subtree(size.bit_length() - 1, begin // size)
    middle = begin + _split(size)
    return node_hash(_range(begin, middle, subtree), _range(middle, end, subtree))


def _split(size: int) -> int:
    """The largest power of two below a size of at least two."""
    return 1 << ((size - 1).bit_length() - 1)
