"""Whether a row is in the seal, and the proof of it down to a checkpoint."""

from dataclasses import dataclass
from typing import Any

from evidence.canonical_json import utc
from evidence.seal import checkpoint, merkle
from evidence.seal.checkpoint import Checkpoint
from evidence.seal.tree import Leaf, RowId, SealedRow, leaf_of, row_id


@dataclass(frozen=True)
class SealProof:
    """A leaf, the checkpoint that covers it, and the path between them (RFC 9162, 2.1.3)."""

    leaf: Leaf
    # None until a checkpoint covers the leaf.
    checkpoint: Checkpoint | None
    path: tuple[bytes, ...]
    # The row says today what it said when it was sealed.
    is_unchanged: bool
    # The path leads from the leaf to the root of the checkpoint.
    is_in_checkpoint: bool

    @property
    def holds(self) -> bool:
        return self.is_unchanged and self.is_in_checkpoint

    def as_json(self) -> dict[str, Any]:
        """The proof, ready for JSON; hashes are in hexadecimal."""
        return leaf_as_json(self.leaf) | {
            "row_is_unchanged": self.is_unchanged,
            "is_in_checkpoint": self.is_in_checkpoint,
            "path": [each.hex() for each in self.path],
            "checkpoint": checkpoint_as_json(self.checkpoint) if self.checkpoint else None,
        }


def proof_of(series: str, pk: RowId, content_hash: str) -> SealProof | None:
    """The proof of a row whose content has this hash today; None before the row is sealed."""
    leaf = leaf_of(series, pk)
    if leaf is None:
        return None
    covering = checkpoint.covering(leaf.position)
    path = _path(leaf, covering)
    today = SealedRow(series, row_id(pk), content_hash)
    return SealProof(
        leaf=leaf,
        checkpoint=covering,
        path=path,
        is_unchanged=today.leaf_hash() == bytes(leaf.hash),
        is_in_checkpoint=covering is not None and _leads(leaf, path, covering),
    )


def leaf_as_json(leaf: Leaf) -> dict[str, Any]:
    return {"series": leaf.series, "position": leaf.position, "leaf": bytes(leaf.hash).hex()}


def checkpoint_as_json(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "number": checkpoint.number,
        "tree_size": checkpoint.size,
        "root": checkpoint.root,
        "note": checkpoint.note,
        "covers_until": utc(checkpoint.covers_until),
        "made_at": utc(checkpoint.made_at),
    }


def _path(leaf: Leaf, covering: Checkpoint | None) -> tuple[bytes, ...]:
    """Empty where the tree lacks a hash that the path needs: then it leads nowhere."""
    if covering is None:
        return ()
    try:
        return tuple(covering.path_of(leaf.position))
    except LookupError:
        return ()


def _leads(leaf: Leaf, path: tuple[bytes, ...], covering: Checkpoint) -> bool:
    try:
        root = merkle.root_of_path(bytes(leaf.hash), leaf.position, covering.size, path)
    except merkle.BadProof:
        return False
    return root.hex() == covering.root
