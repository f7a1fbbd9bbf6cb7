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
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError

from consent.records.made_choice import MadeChoice
from consent.records.storing import Limits, store_record, store_within_limits
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
# Other tasks after a poll share the thread: a long list of refusals must not keep them waiting.
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


def record(made_choice: MadeChoice, *, network_key: str | None) -> Outcome:
    """Record a choice. Never raises for a database that is gone: the outcome says so.

    Without a network key no limit of one network holds.
    """
    limits = Limits(WINDOW, MAX_CHOICES_PER_WINDOW, MAX_RECORDS_PER_WINDOW)
    try:
        if not database_answers():
            return _without_database(made_choice)
        attempt = store_within_limits(made_choice, network_key=network_key, limits=limits)
    except (DatabaseError, InterfaceError) as error:
        logger.exception("A choice could not be recorded.")
        if _is_too_many_all_the_same(error, made_choice, network_key):
            return Outcome.TOO_MANY
        return _without_database(made_choice)
    if attempt.is_stored:
        return Outcome.RECORDED
    if attempt.number > MAX_CHOICES_PER_WINDOW:
        return Outcome.TOO_MANY
    _raise_alarm(made_choice.made_at.replace(second=0, microsecond=0))
    return Outcome.FLOODED


def _is_too_many_all_the_same(
    error: Exception, made_choice: MadeChoice, network_key: str | None
) -> bool:
    """Count a choice that the database refused to store: it took the count back with the record.

    A program that finds such a choice must not send it without end.
    """
    is_gone = isinstance(error, OperationalError | InterfaceError)
    if is_gone or network_key is None:
        return False
    try:
        number = RateCount.objects.hit(network_key, window=WINDOW, at=made_choice.made_at)
    except (DatabaseError, InterfaceError):
        return False
    return number > MAX_CHOICES_PER_WINDOW


@lru_cache(maxsize=1)
def _raise_alarm(_minute: datetime) -> None:
    """Log a flood once in each minute, so that the flood does not fill the log in its turn."""
    logger.error(
        "All networks together make more choices than are recorded in a minute. Refusals count "
        "without a record, consents are answered with 503."
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
            logger.exception(
                "A refusal on disk cannot be recorded; its file ends in .rejected now. Mend what "
                "this log says, then let the file end in .json again."
            )
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
