"""The proof that a row is in the seal: from its hash to a checkpoint that anybody may hold."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.seal import checkpoint, merkle
from evidence.seal.checkpoint import Checkpoint
from evidence.seal.merkle import BadProof
from evidence.seal.tree import Leaf, RowId, leaf_of


@dataclass(frozen=True)
class Proof:
    """Where a leaf is in the tree, and the hashes, in base64, that lead from it to the root."""

    position: int
    path: Sequence[str]

    def check(self, leaf_hash: bytes, *, size: int, root: bytes) -> None:
        """Check that the leaf is in the tree with this size and root. Raises BadProof."""
        try:
            path = [base64.b64decode(each, validate=True) for each in self.path]
        except binascii.Error as error:
            raise BadProof("The path is not made of hashes in base64.") from error
        if merkle.root_of_path(leaf_hash, self.position, size, path) != root:
            raise BadProof("The path leads to another root.")


def first_checkpoint_of(series: str, pk: RowId) -> Checkpoint | None:
    """The checkpoint of the day on which a row was sealed; None before that."""
    leaf = leaf_of(series, pk)
    return checkpoint.covering(leaf.position) if leaf else None


def proof_in(covering: Checkpoint, leaf: Leaf) -> Proof | None:
    """The proof that a leaf is in the tree of a checkpoint; None where it is not.

    Raises LookupError where the tree lacks a hash on the way, because somebody deleted it.
    """
    if leaf.position >= covering.size:
        return None
    path = covering.path_of(leaf.position)
    return Proof(leaf.position, [base64.b64encode(each).decode() for each in path])
