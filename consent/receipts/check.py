"""Checks a receipt from its own bytes alone, as static/js/receipt_check.js does in the browser.

It checks the answer and its moments, the purposes and the words of the question. The addresses in
the receipt, its party and the day on which the record ends are not part of the record.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from consent.receipts.receipt import kind_of, purposes_of
from evidence.canonical_json import digest
from evidence.seal import note
from evidence.seal.merkle import BadProof
from evidence.seal.proofs import Proof
from evidence.seal.tree import SealedRow

# More than any receipt has, and too little to keep the server busy.
MOST_BYTES = 60_000


class BadReceipt(Exception):
    """The text is no receipt of ours."""


class Question(StrEnum):
    """What is checked, in this order."""

    RECORD = "record"  # the answer has its hash
    PURPOSES = "purposes"  # what the receipt says in words is what the record says
    NOTICE = "notice"  # the words of the question have their hash
    SEAL = "seal"  # both are in the tree of the checkpoint
    ORIGIN = "origin"  # the checkpoint is of this site


@dataclass(frozen=True)
class Checked:
    """The answers by question, and the checkpoint to compare; None for a choice not sealed yet.

    An answer is None where there is nothing to check: a refusal to an unknown question, or a choice
    of today.
    """

    answers: dict[Question, bool | None]
    checkpoint: note.Body | None

    @property
    def is_genuine(self) -> bool:
        """Whether nothing was changed. A receipt without a seal anybody could have made up."""
        return False not in self.answers.values()

    @property
    def is_unchanged(self) -> bool:
        """The same of a receipt that we made ourselves, perhaps when this site had another name."""
        return all(self.answers[each] is not False for each in Question if each != Question.ORIGIN)

    @property
    def is_sealed(self) -> bool:
        return self.answers[Question.SEAL] is not None


def check(text: str) -> Checked:
    """Check the text of a receipt. Raises BadReceipt where the text is not a receipt."""
    try:
        return _checked(_read(text))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BadReceipt from error


def _read(text: str) -> Any:
    """Read JSON as a browser does. Raises ValueError or BadReceipt."""
    return json.loads(
        text.removeprefix("\ufeff"),  # some programs put it before a text that they save
        object_pairs_hook=_without_repetition,
        parse_float=_number,
        parse_constant=_refuse_constant,
    )


def _number(text: str) -> int | float:
    """JSON has one kind of number: 2.0 is 2."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _refuse_constant(name: str) -> None:
    raise BadReceipt(f"{name} is not JSON (RFC 8259).")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Raises BadReceipt for a repeated name: people see the first, programs the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadReceipt
    return found


def _checked(receipt: dict[str, Any]) -> Checked:
    evidence = receipt["evidence"]
    record, notice, text = evidence["record"], evidence["notice"], evidence["checkpoint"]
    content, snapshot, event = record["content"], evidence["snapshot"], receipt["event"]
    is_same = (
        receipt["record_id"] == content["id"]
        and receipt["language"] == content["language"]
        and event["event_time"] == content["made_at"]
        and event["is_valid_until"] == content["expires_at"]
        and event["event_type"] == kind_of(content)
        and event["collection_method"] == content["method"]
        and digest(receipt["purposes"]) == digest([*purposes_of(content, snapshot)])
    )
    # The leaves are made of the contents: a changed one is not in the tree, whatever hash it names.
    record_hash = digest(content)
    answers: dict[Question, bool | None] = {
        Question.RECORD: record_hash == record["hash"],
        Question.PURPOSES: is_same,
        Question.NOTICE: None,
        Question.SEAL: None,
        Question.ORIGIN: None,
    }
    rows = [(SealedRow("record", UUID(content["id"]), record_hash), record)]
    if content["notice"] is None:
        # A refusal to an unknown question: no words and no cookies can belong to it.
        answers[Question.NOTICE] = None if notice is None and snapshot is None else False
    else:
        words = notice["content"]
        words_hash, is_its_registry = digest(words), digest(snapshot) == words["registry"]
        answers[Question.NOTICE] = is_its_registry and words_hash == notice["hash"]
        rows.append((SealedRow("notice", UUID(int=content["notice"]), words_hash), notice))
    body = note.read(text) if text is not None else None
    if body is not None:
        answers[Question.SEAL] = all(_is_sealed(*each, body) for each in rows)
        answers[Question.ORIGIN] = body.origin == note.origin()
    return Checked(answers, body)


def _is_sealed(row: SealedRow, part: dict[str, Any], body: note.Body) -> bool:
    position, path = part["position"], part["path"]
    if type(position) is not int or not isinstance(path, list):
        return False
    try:
        Proof(position, path).check(row.leaf_hash(), size=body.size, root=body.root)
    except BadProof:
        return False
    return True
