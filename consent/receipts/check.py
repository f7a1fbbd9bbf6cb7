"""Checks a receipt from its own bytes alone. static/js/receipt.js does the same in the browser."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from evidence.canonical_json import digest
from evidence.seal import note
from evidence.seal.merkle import BadProof
from evidence.seal.proofs import Proof
from evidence.seal.tree import SealedRow

# More than any receipt has, and too little to keep the server busy.
MOST_BYTES = 200_000


class BadReceipt(Exception):
    """The text is no receipt of ours."""


class Question(StrEnum):
    """What is checked, in this order."""

    RECORD = "record"  # the answer has its hash
    PURPOSES = "purposes"  # what the receipt says in words is what the record says
    NOTICE = "notice"  # the words of the question have their hash
    SEAL = "seal"  # both are in the tree of the checkpoint


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
        return False not in self.answers.values()


def check(text: str) -> Checked:
    """Check a receipt. Raises BadReceipt for a text that is none."""
    try:
        receipt = json.loads(text)
        evidence = receipt["evidence"]
        return _checked(receipt, evidence["record"], evidence["notice"], evidence["checkpoint"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BadReceipt from error


def _checked(
    receipt: dict[str, Any], record: dict[str, Any], notice: dict[str, Any] | None, text: str | None
) -> Checked:
    content = record["content"]
    granted = [each["is_granted"] for each in receipt["purposes"]]
    is_same = (
        receipt["record_id"] == content["id"]
        and receipt["language"] == content["language"]
        and receipt["event"]["event_time"] == content["made_at"]
        and receipt["event"]["is_valid_until"] == content["expires_at"]
        and granted == [code in content["granted"] for code in content["offered"]]
    )
    answers: dict[Question, bool | None] = {
        Question.RECORD: digest(content) == record["hash"],
        Question.PURPOSES: is_same,
        Question.NOTICE: None,
        Question.SEAL: None,
    }
    rows = [(SealedRow("record", UUID(content["id"]), record["hash"]), record)]
    if content["notice"] is not None or notice is not None:
        answers[Question.NOTICE] = digest(notice["content"]) == notice["hash"]  # type: ignore[index]
        rows.append((SealedRow("notice", UUID(int=content["notice"]), notice["hash"]), notice))  # type: ignore[index,arg-type]
    body = note.read(text) if text is not None else None
    if body is not None:
        answers[Question.SEAL] = all(_is_sealed(row, part, body) for row, part in rows)
    return Checked(answers, body)


def _is_sealed(row: SealedRow, part: dict[str, Any], body: note.Body) -> bool:
    try:
        Proof(int(part["position"]), part["path"]).check(row, body)
    except BadProof:
        return False
    return True
