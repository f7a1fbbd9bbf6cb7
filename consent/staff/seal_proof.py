"""Whether a row is in the seal, and the proof of it down to a checkpoint."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from evidence.canonical_json import utc
from evidence.seal import checkpoint
from evidence.seal.checkpoint import Checkpoint
from evidence.seal.merkle import BadProof
from evidence.seal.proofs import Proof, proof_in
from evidence.seal.tree import Leaf, RowId, SealedRow, leaf_of, row_id


@dataclass(frozen=True)
class SealProof:
    """A leaf, the checkpoint that covers it, and the proof between them."""

    leaf: Leaf
    # None until a checkpoint covers the leaf.
    checkpoint: Checkpoint | None
    # None too where the tree lacks a hash on the way.
    proof: Proof | None
    # The row says today what it said when it was sealed.
    is_unchanged: bool

    @property
    def is_in_checkpoint(self) -> bool:
        """Whether the proof leads from the leaf to the root of the checkpoint."""
        if self.checkpoint is None or self.proof is None:
            return False
        root = bytes.fromhex(self.checkpoint.root)
        try:
            self.proof.check(bytes(self.leaf.hash), size=self.checkpoint.size, root=root)
        except BadProof:
            return False
        return True

    @property
    def holds(self) -> bool:
        return self.is_unchanged and self.is_in_checkpoint

    def as_json(self) -> dict[str, Any]:
        """The proof, ready for JSON."""
        return leaf_as_json(self.leaf) | {
            "row_is_unchanged": self.is_unchanged,
            "is_in_checkpoint": self.is_in_checkpoint,
            "path": [*self.proof.path] if self.proof else [],
            "checkpoint": checkpoint_as_json(self.checkpoint) if self.checkpoint else None,
        }


def proof_of(series: str, pk: RowId, content_hash: str) -> SealProof | None:
    """The proof of a row whose content has this hash today; None before the row is sealed."""
    leaf = leaf_of(series, pk)
    if leaf is None:
        return None
    covering, proof = checkpoint.covering(leaf.position), None
    if covering:
        with suppress(LookupError):
            proof = proof_in(covering, leaf)
    today = SealedRow(series, row_id(pk), content_hash)
    return SealProof(leaf, covering, proof, today.leaf_hash() == bytes(leaf.hash))


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
