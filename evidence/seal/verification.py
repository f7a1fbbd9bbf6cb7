"""Checks the seal: every leaf against its row, every node and checkpoint against the leaves.

Who can write into the database can change a row and its hash together. The leaf then differs; and
who changes the leaf too, differs from every checkpoint that somebody has kept.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence

from evidence.audit import CheckedRow, utc_text
from evidence.batches import batches
from evidence.seal import checkpoint, merkle, note, sealing, tree
from evidence.seal.checkpoint import Checkpoint
from evidence.seal.sealing import LEAVES_AT_ONCE, SealedSeries
from evidence.seal.tree import Leaf, Node, SealedRow, row_id


def leaves() -> Iterator[CheckedRow]:
    """Every leaf: that none before it is missing, and that its row is there and says the same."""
    position = 0
    for batch in batches(Leaf.objects.order_by("position").iterator(), LEAVES_AT_ONCE):
        hashes = {series.code: _hashes(series, batch) for series in sealing.all_series()}
        for leaf in batch:
            mismatch = _mismatch(leaf, hashes.get(leaf.series, {}))
            if leaf.position != position:
                mismatch = f"the leaf at position {position} is missing before it"
            position = leaf.position + 1
            of_row = f"{leaf.series} {leaf.row or 'that has ended'}"
            yield CheckedRow(leaf._meta.db_table, leaf.pk, of_row, mismatch)


def rows() -> Iterator[CheckedRow]:
    """Every row that was stored before the last checkpoint and has no leaf."""
    last = checkpoint.last()
    if last is None:
        return
    mismatch = "it was stored before the last checkpoint, and has no leaf"
    for series in sealing.all_series():
        for row, stored_at in sealing.without_leaf(series, None, last.covers_until):
            yield CheckedRow(series.code, row.row, f"stored {utc_text(stored_at)}", mismatch)


def nodes() -> Iterator[CheckedRow]:
    """Every stored subtree, computed again."""
    for node in Node.objects.order_by("level", "place").iterator():
        try:
            is_right = merkle.over(tree.below(node.level, node.place)) == bytes(node.hash)
        except LookupError:
            is_right = False
        mismatch = "" if is_right else "the hashes below it give another hash"
        yield CheckedRow(node._meta.db_table, node.pk, str(node), mismatch)


def checkpoints() -> Iterator[CheckedRow]:
    """Every checkpoint, computed again from the leaves and nodes."""
    subtree, was_signed = tree.subtree_reader(), False
    for each in Checkpoint.objects.order_by("number").iterator():
        mismatch = _mismatch_of_note(each.note, subtree) or _mismatch_of_columns(each)
        is_signed = note.has_signature(each.note)
        if was_signed and not is_signed and note.public_key():
            mismatch = mismatch or "it has no signature, and an earlier one has"
        was_signed = was_signed or is_signed
        yield CheckedRow(each._meta.db_table, each.pk, f"made {utc_text(each.made_at)}", mismatch)


def _mismatch_of_columns(checkpoint: Checkpoint) -> str:
    body = note.read(checkpoint.note)
    if checkpoint.root != body.root.hex():
        return "its root is not that of its note"
    if checkpoint.size != body.size:
        return "its size is not that of its note"
    is_of_the_past = checkpoint.covers_until <= checkpoint.made_at
    return "" if is_of_the_past else "it covers a time after it was made"


def mismatch_of_kept(text: str) -> str:
    """What is wrong with the tree of today, beside a checkpoint that somebody kept. Empty: nothing.

    Raises BadNote for a text that is no checkpoint of this site.
    """
    body = note.read(text)
    if body.origin != note.origin():
        raise note.BadNote(f"This is a checkpoint of {body.origin}, and not of {note.origin()}.")
    return _mismatch_of_note(text, tree.subtree_reader())


def _mismatch_of_note(text: str, subtree: merkle.Subtree) -> str:
    try:
        body = note.read(text)
        if note.has_our_signature(text):
            note.check_signature(text)
        root = merkle.root(body.size, subtree)
    except note.BadNote as error:
        return str(error)
    except LookupError:
        return "the tree has fewer leaves today"
    return "" if root == body.root else "the leaves that it covers give another root today"


def _hashes(series: SealedSeries, batch: Sequence[Leaf]) -> Mapping[uuid.UUID, str]:
    ids = [leaf.row for leaf in batch if leaf.series == series.code and leaf.row]
    pairs = map(series.hash_of, series.rows(ids)) if ids else []
    return {row_id(pk): content_hash for pk, content_hash in pairs}


def _mismatch(leaf: Leaf, hashes: Mapping[uuid.UUID, str]) -> str:
    if leaf.row is None:  # the row has ended
        return ""
    if leaf.row not in hashes:
        return "its row is missing, and did not end by retention or erasure"
    sealed = SealedRow(leaf.series, leaf.row, hashes[leaf.row])
    return (
        "" if sealed.leaf_hash() == bytes(leaf.hash) else "its row has changed since it was sealed"
    )
