"""The record of a choice (I9), stored before anything is granted (I4).

A refusal always counts: while the database is gone it is kept as a file in STATE_DIR, and recorded
when the database answers again (I18). Each refusal has a file of its own, named after its record:
so no process waits for another, and a refusal that two processes record is recorded once.
"""

import enum
import json
import logging
import os
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, transaction

from consent.models import CHOICE_LIFETIME, ConsentRecord
from content.store import database_answers
from privacy.models import RateCount

logger = logging.getLogger(__name__)

# More than a person makes, and few enough that a program cannot fill the database.
MAX_CHOICES_PER_WINDOW = 60
WINDOW = timedelta(minutes=1)
# So that a long list of refusals on disk never delays the polling of the content.
MAX_FILES_PER_POLL = 50


class Outcome(enum.Enum):
    """What became of the record of a choice."""

    RECORDED = enum.auto()
    # A refusal on disk, to be recorded later; it is in force even if the disk refuses it.
    KEPT_ON_DISK = enum.auto()
    # More choices than one network may make in a window. Only refusals are in force then.
    TOO_MANY = enum.auto()
    # A grant that cannot be recorded, and so is not in force.
    UNAVAILABLE = enum.auto()


@dataclass(frozen=True)
class MadeChoice:
    """One choice as it is recorded. The caller decides the id of the record and the moment."""

    record_id: uuid.UUID
    made_at: datetime
    notice_id: int | None
    language: str
    offered: tuple[str, ...]
    granted: tuple[str, ...]
    method: str
    has_javascript: bool
    has_gpc_signal: bool
    policy_version_id: int | None
    supersedes_id: uuid.UUID | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "record_id": str(self.record_id),
            "made_at": self.made_at.isoformat(),
            "supersedes_id": str(self.supersedes_id) if self.supersedes_id else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "MadeChoice":
        supersedes_id = data["supersedes_id"]
        return cls(
            **data
            | {
                "record_id": uuid.UUID(data["record_id"]),
                "made_at": datetime.fromisoformat(data["made_at"]),
                "offered": tuple(data["offered"]),
                "granted": tuple(data["granted"]),
                "supersedes_id": uuid.UUID(supersedes_id) if supersedes_id else None,
            }
        )


def record(made: MadeChoice, *, network_key: str) -> Outcome:
    """Record a choice, and say what became of it. Never raises for a database that is gone."""
    try:
        if not database_answers():
            return _without_database(made)
        hits = RateCount.objects.hit(network_key, window=WINDOW, at=made.made_at)
        if hits > MAX_CHOICES_PER_WINDOW:
            return Outcome.TOO_MANY
        store_record(made)
    except DatabaseError:
        logger.exception("A choice could not be recorded.")
        return _without_database(made)
    return Outcome.RECORDED


def store_record(made: MadeChoice) -> None:
    """Store a choice as evidence; storing the same choice again changes nothing.

    Raises DatabaseError where it cannot be stored: then nothing may be granted (I4).
    """
    ids = [record_id for record_id in (made.record_id, made.supersedes_id) if record_id]
    with transaction.atomic():
        stored = ConsentRecord.objects.in_bulk(ids)
        if made.record_id in stored:
            return
        ConsentRecord.objects.create(
            pk=made.record_id,
            made_at=made.made_at,
            expires_at=made.made_at + CHOICE_LIFETIME,
            notice_id=made.notice_id,
            language=made.language,
            offered=list(made.offered),
            granted=list(made.granted),
            is_refusal=not made.granted,
            method=made.method,
            has_javascript=made.has_javascript,
            has_gpc_signal=made.has_gpc_signal,
            policy_version_id=made.policy_version_id,
            supersedes=stored.get(made.supersedes_id) if made.supersedes_id else None,
        )


def store_kept_refusals() -> None:
    """Record the refusals on disk. A refusal that the database does not take now stays on disk."""
    for path in islice(_folder().glob("*.json"), MAX_FILES_PER_POLL):
        try:
            store_record(MadeChoice.from_json(json.loads(path.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            continue  # another process was quicker
        except (DataError, IntegrityError, ValueError, LookupError, TypeError, AttributeError):
            logger.exception("A refusal on disk can never be recorded; it is set aside.")
            path.replace(path.with_suffix(".rejected"))
        except DatabaseError:
            logger.exception("A refusal could not be recorded yet.")
            return
        else:
            path.unlink(missing_ok=True)


def _without_database(made: MadeChoice) -> Outcome:
    if made.granted:
        return Outcome.UNAVAILABLE
    try:
        _keep_on_disk(made)
    except OSError:
        logger.exception("A refusal could neither be recorded nor kept on disk.")
    return Outcome.KEPT_ON_DISK


def _keep_on_disk(made: MadeChoice) -> None:
    """Write a refusal so that it survives a crash: first the file, then its name."""
    _folder().mkdir(parents=True, exist_ok=True)
    path = _folder() / f"{made.record_id}.json"
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(made.as_json()))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    descriptor = os.open(_folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder() -> Path:
    return Path(settings.STATE_DIR) / "refusals"
