"""The proof that a row is in the seal: from its hash to a checkpoint that anybody may hold."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.seal import checkpoint, merkle, note
from evidence.seal.checkpoint import Checkpoint
from evidence.seal.merkle import BadProof
from evidence.seal.tree import RowId, SealedRow, leaf_of


@dataclass(frozen=True)
class Proof:
    """Where the leaf of a row is in the tree, and the hashes that lead from it to the root."""

    position: int
    path: Sequence[str]

    def check(self, row: SealedRow, body: note.Body) -> None:
        """Check that the row is in the tree of a checkpoint. Raises BadProof."""
        try:
            path = [base64.b64decode(each, validate=True) for each in self.path]
        except binascii.Error as error:
            raise BadProof("The path is not made of hashes in base64.") from error
        root = merkle.root_of_path(row.leaf_hash(), self.position, body.size, path)
        if root != body.root:
            raise BadProof("The path leads to another root.")


def first_checkpoint_of(series: str, pk: RowId) -> Checkpoint | None:
    """The checkpoint of the day on which a row was sealed; None before that."""
    leaf = leaf_of(series, pk)
    return checkpoint.covering(leaf.position) if leaf else None


def proof_in(covering: Checkpoint, series: str, pk: RowId) -> Proof | None:
    """The proof that a row is in the tree of a checkpoint; None where it is not."""
    leaf = leaf_of(series, pk)
    if leaf is None or leaf.position >= covering.size:
        return None
    path = covering.path_of(leaf.position)
    return Proof(leaf.position, [base64.b64encode(each).decode() for each in path])
