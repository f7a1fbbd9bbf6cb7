"""Evidence of all kinds, and the seal over it."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from consent.choice.choice import CHOICE_LIFETIME
from consent.models import ConsentRecord
from consent.records.record_hash import hash_of
from evidence.seal import checkpoint, sealing, tree
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
    assert sealing.seal_due(at or tomorrow())
    made = checkpoint.last()
    assert made is not None
    return made


def make_seal() -> None:
    """A seal over all that is there, with a row of each of its tables."""
    seal()
    tree.append([SealedRow("made-up", uuid.uuid4(), "") for _leaf in range(tree.WIDTH)])


def make_record(**fields: Any) -> ConsentRecord:
    """A refusal, stored at any moment."""
    made_at = fields.pop("made_at", timezone.now())
    values: dict[str, Any] = {
        "made_at": made_at,
        "expires_at": made_at + CHOICE_LIFETIME,
        "language": "pl",
        "offered": ["analytics"],
        "granted": [],
        "is_refusal": True,
        "method": "banner",
        "has_javascript": True,
        "has_gpc_signal": False,
    }
    record = ConsentRecord(**values | fields)
    record.hash = hash_of(record)
    record.save(force_insert=True)
    return record


def record_of_release_before(**fields: Any) -> ConsentRecord:
    """A refusal as a process of the release before stores it: without a hash."""
    record = make_record(**fields)
    number = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent_consentrecord (id, made_at, expires_at, language, offered, granted,"
            " is_refusal, method, has_javascript, has_gpc_signal) SELECT %s, made_at, expires_at,"
            " language, offered, granted, is_refusal, method, has_javascript, has_gpc_signal"
            " FROM consent_consentrecord WHERE id = %s",
            [
                ConsentRecord._meta.pk.get_db_prep_value(each, connection)
                for each in (number, record.pk)
            ],
        )
    return ConsentRecord.objects.get(pk=number)
