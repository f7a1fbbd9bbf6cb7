"""The record of a choice (I9: a record proves), stored before anything is granted (I4).

A refusal always counts. While the database is gone, it is kept as a file in STATE_DIR, and recorded
when the database answers again (I18). Each refusal has a file of its own, named after the id of its
record: so processes need no lock, and a refusal that two of them record is recorded once.
"""

import enum
import errno
import json
import logging
import os
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, transaction

from consent.choice.choice import CHOICE_LIFETIME
from consent.models import ConsentRecord
from content.store import database_answers
from evidence import durable_file
from privacy.models import RateCount

logger = logging.getLogger(__name__)

# More than the people of one network make, and too few for a program to fill the database.
MAX_CHOICES_PER_WINDOW = 60
WINDOW = timedelta(minutes=1)
# Of all networks together, of grants and of refusals each: far more than visitors make. A year of
# it fits a disk, which a flood without a limit would fill in a day.
MAX_RECORDS_PER_WINDOW = 600
# A draft this old was left by a process that was killed while it wrote.
DRAFT_LIFETIME = timedelta(minutes=1)
# The same thread polls the content: a long list of refusals must not delay it.
MAX_FILES_PER_POLL = 50
# A flood while the database is gone stops here, long before the disk is full.
MAX_FILES = 20_000


class Outcome(enum.Enum):
    """What happened to the record of a choice."""

    RECORDED = enum.auto()
    # A refusal that waits on disk. Where the disk is full too, it is in force without a record.
    KEPT_ON_DISK = enum.auto()
    # More choices than one network may make in a window. A refusal is in force, but not recorded.
    TOO_MANY = enum.auto()
    # More than all networks together may make: a flood. A refusal is in force, but not recorded.
    FLOODED = enum.auto()
    # A grant that cannot be recorded, and so is not in force (I4).
    UNAVAILABLE = enum.auto()


@dataclass(frozen=True)
class MadeChoice:
    """One choice, as its record will say. The caller sets the id of the record and the moment."""

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


def record(made_choice: MadeChoice, *, network_key: str | None) -> Outcome:
    """Record a choice. Never raises for a database that is gone: the outcome says so.

    Without a network key no limit holds.
    """
    try:
        if not database_answers():
            return _without_database(made_choice)
        if network_key and (
            RateCount.objects.hit(network_key, window=WINDOW, at=made_choice.made_at)
            > MAX_CHOICES_PER_WINDOW
        ):
            return Outcome.TOO_MANY
        if _is_flooded(made_choice):
            return Outcome.FLOODED
        store_record(made_choice)
    except (DatabaseError, InterfaceError):
        logger.exception("A choice could not be recorded.")
        return _without_database(made_choice)
    return Outcome.RECORDED


def _is_flooded(made_choice: MadeChoice) -> bool:
    """Whether all networks together have made as many records of the kind as a window may have.

    Refusals and grants count apart: who floods the site with refusals takes no consent from others.
    """
    at, is_refusal = made_choice.made_at, not made_choice.granted
    recent = ConsentRecord.objects.filter(made_at__gt=at - WINDOW, is_refusal=is_refusal)
    is_flooded = recent[:MAX_RECORDS_PER_WINDOW].count() == MAX_RECORDS_PER_WINDOW
    if is_flooded:
        _raise_alarm(at.replace(second=0, microsecond=0))
    return is_flooded


@lru_cache(maxsize=1)
def _raise_alarm(_minute: datetime) -> None:
    """Log a flood once in each minute, so that the flood does not fill the log in its turn."""
    logger.error(
        "All networks together make more choices than are recorded in a minute. Refusals count "
        "without a record, consents are answered with 503."
    )


def store_record(made_choice: MadeChoice) -> None:
    """Store a choice as evidence. Storing the same choice again changes nothing.

    Raises DatabaseError where it cannot be stored: then nothing may be granted (I4).
    """
    ids = [
        record_id for record_id in (made_choice.record_id, made_choice.supersedes_id) if record_id
    ]
    with transaction.atomic():
        stored = ConsentRecord.objects.in_bulk(ids)
        if made_choice.record_id in stored:
            return
        ConsentRecord.objects.create(
            pk=made_choice.record_id,
            made_at=made_choice.made_at,
            expires_at=made_choice.made_at + CHOICE_LIFETIME,
            notice_id=made_choice.notice_id,
            language=made_choice.language,
            offered=list(made_choice.offered),
            granted=list(made_choice.granted),
            is_refusal=not made_choice.granted,
            method=made_choice.method,
            has_javascript=made_choice.has_javascript,
            has_gpc_signal=made_choice.has_gpc_signal,
            policy_version_id=made_choice.policy_version_id,
            # The cookie may name a record of a database that a backup has replaced since.
            supersedes=stored.get(made_choice.supersedes_id) if made_choice.supersedes_id else None,
        )


def store_kept_refusals() -> None:
    """Record the refusals on disk. A refusal stays on disk until the database takes it."""
    _remove_old_drafts()
    for path in islice(_folder().glob("*.json"), MAX_FILES_PER_POLL):
        try:
            store_record(MadeChoice.from_json(json.loads(path.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            continue  # another process has recorded it meanwhile
        except (DataError, IntegrityError, ValueError, LookupError, TypeError, AttributeError):
            # A damaged file fails on every poll: set aside, it stops no other refusal.
            logger.exception("A refusal on disk can never be recorded; it is set aside.")
            with suppress(FileNotFoundError):  # another process has set it aside meanwhile
                path.replace(path.with_suffix(".rejected"))
        except (DatabaseError, InterfaceError):
            logger.exception("A refusal could not be recorded yet.")
            return
        else:
            path.unlink(missing_ok=True)


def _remove_old_drafts() -> None:
    """Remove what a killed process left half written. Its visitor had no answer yet."""
    for draft in _folder().glob("*.draft"):
        with suppress(FileNotFoundError):  # another process has removed it meanwhile
            if time.time() - draft.stat().st_mtime > DRAFT_LIFETIME.total_seconds():
                draft.unlink()
                logger.error("A process ended while it wrote a refusal; the draft was removed.")


def _without_database(made_choice: MadeChoice) -> Outcome:
    if made_choice.granted:
        return Outcome.UNAVAILABLE
    try:
        _keep_on_disk(made_choice)
    except OSError:
        logger.exception("A refusal could neither be recorded nor kept on disk.")
    return Outcome.KEPT_ON_DISK


def _keep_on_disk(made_choice: MadeChoice) -> None:
    """Write a refusal so that it survives a crash."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    if len(os.listdir(_folder())) >= MAX_FILES:
        raise OSError(errno.EDQUOT, "Too many refusals wait on disk.")
    path = _folder() / f"{made_choice.record_id}.json"
    durable_file.write(path, json.dumps(made_choice.as_json()))


def _folder() -> Path:
    return Path(settings.STATE_DIR) / "refusals"
