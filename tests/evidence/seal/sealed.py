"""Evidence of all kinds, and the seal over it."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from consent.choice.choice import CHOICE_LIFETIME
from consent.models import ConsentRecord
from consent.record_hash import hash_of
from evidence.seal import sealing, tree
from evidence.seal.checkpoint import Checkpoint
from evidence.seal.tree import SealedRow
from tests.factories import make_client, make_trial, post_choice
from trial.actions import withdraw


def tomorrow() -> datetime:
    """When today can be sealed. The clock of the database cannot be moved."""
    return timezone.now() + timedelta(days=1)


def make_evidence(visitors: int = 2) -> None:
    """Choices of some visitors, each a grant and its withdrawal, and a withdrawn consent to mails."""
    for _visitor in range(visitors):
        client = make_client()
        post_choice(client, "accept")
        post_choice(client, "reject")
    withdraw(make_trial("email").consents.get(), method="page", at=timezone.now())


def seal(*, at: datetime | None = None) -> Checkpoint:
    """Seal all that is there."""
    checkpoint = sealing.seal_due(at or tomorrow())
    assert checkpoint is not None
    return checkpoint


def make_seal() -> None:
    """A seal over all that is there, with a row of each of its tables."""
    seal()
    tree.append([SealedRow("made-up", uuid.uuid4(), "") for _leaf in range(tree.WIDTH)])


def make_record(**fields: object) -> ConsentRecord:
    """A refusal, stored at any moment."""
    values: dict[str, Any] = {
        "made_at": timezone.now(),
        "language": "pl",
        "offered": ["analytics"],
        "granted": [],
        "is_refusal": True,
        "method": "banner",
        "has_javascript": True,
        "has_gpc_signal": False,
        **fields,
    }
    record = ConsentRecord(expires_at=values["made_at"] + CHOICE_LIFETIME, **values)
    record.hash = hash_of(record)
    record.save(force_insert=True)
    return record
