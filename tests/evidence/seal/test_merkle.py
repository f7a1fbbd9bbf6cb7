"""RFC 9162: the tree and its proofs, with the values by which implementations of the RFC are tested."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.seal import merkle
from evidence.seal.merkle import BadProof, leaf_hash, node_hash

# Of github.com/google/certificate-transparency: eight leaves, and the root of the first n of them.
LEAVES = [
    leaf_hash(bytes.fromhex(data))
    for data in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
OF_LEAF_0 = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
FROM_6_TO_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
sizes = st.integers(1, 70)


def subtree_of(leaves: list[bytes]) -> merkle.Subtree:
    return lambda level, index: merkle.over(leaves[index << level : (index + 1) << level])


def many(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def root_by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(root_by_definition(leaves[:k]), root_by_definition(leaves[k:]))


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_rfc(size: int) -> None:
    assert merkle.root(size, subtree_of(LEAVES)).hex() == ROOTS[size]


def test_the_proofs_are_those_of_the_rfc() -> None:
    subtree = subtree_of(LEAVES)

    assert [each.hex() for each in merkle.inclusion_path(0, 8, subtree)] == OF_LEAF_0
    assert [each.hex() for each in merkle.consistency_path(6, 8, subtree)] == FROM_6_TO_8
    assert merkle.inclusion_path(0, 1, subtree) == merkle.consistency_path(8, 8, subtree) == []


@given(sizes)
def test_the_root_is_that_of_the_definition(size: int) -> None:
    leaves = many(size)

    assert merkle.root(size, subtree_of(leaves)) == root_by_definition(leaves)


@given(sizes, st.data())
def test_each_leaf_leads_to_the_root_and_nothing_else_does(size: int, data: st.DataObject) -> None:
    leaves = many(size)
    position = data.draw(st.integers(0, size - 1))
    root = merkle.root(size, subtree_of(leaves))
    path = merkle.inclusion_path(position, size, subtree_of(leaves))

    assert merkle.root_of_path(leaves[position], position, size, path) == root
    assert merkle.root_of_path(leaf_hash(b"another"), position, size, path) != root
    for number in range(len(path)):
        changed = [*path[:number], b"\x00" * 32, *path[number + 1 :]]
        assert merkle.root_of_path(leaves[position], position, size, changed) != root
    for wrong in ([*path, root], path[:-1] if path else [root]):
        with pytest.raises(BadProof):
            merkle.root_of_path(leaves[position], position, size, wrong)


@given(st.lists(sizes, min_size=2, max_size=2).map(sorted), st.data())
def test_a_tree_extends_each_earlier_one_and_no_other(pair: list[int], data: st.DataObject) -> None:
    earlier, size = pair
    leaves = many(size)
    subtree = subtree_of(leaves)
    proof = {
        "earlier": earlier,
        "earlier_root": merkle.root(earlier, subtree),
        "size": size,
        "size_root": merkle.root(size, subtree),
        "path": merkle.consistency_path(earlier, size, subtree),
    }

    merkle.check_consistency(**proof)
    altered = data.draw(st.integers(0, earlier - 1))
    others = [*leaves[:altered], leaf_hash(b"altered"), *leaves[altered + 1 :]]
    other_root = merkle.root(size, subtree_of(others))
    other_path = merkle.consistency_path(earlier, size, subtree_of(others))
    for wrong in (
        {"size_root": other_root, "path": other_path},
        {"earlier_root": b"\x00" * 32},
        {"path": [*proof["path"], b"\x00" * 32]},
        {"path": proof["path"][:-1]} if proof["path"] else {"size_root": b""},
        {"earlier": 0},
        {"earlier": size + 1},
    ):
        with pytest.raises(BadProof):
            merkle.check_consistency(**proof | wrong)


def test_a_proof_beyond_the_tree_is_refused() -> None:
    subtree = subtree_of(LEAVES)

    for position, size in ((8, 8), (-1, 8), (0, 0)):
        with pytest.raises(ValueError, match="no leaf at position"):
            merkle.inclusion_path(position, size, subtree)
        with pytest.raises(BadProof):
            merkle.root_of_path(LEAVES[0], position, size, [])
    for earlier in (0, 9):
        with pytest.raises(ValueError, match="does not extend"):
            merkle.consistency_path(earlier, 8, subtree)


def test_a_leaf_is_no_node() -> None:
    """Red when: both are hashed with the same first byte, so that a node passes for a leaf."""
    left, right = LEAVES[:2]

    assert leaf_hash(left + right) != node_hash(left, right)
