"""Refusals made while the database is gone: kept in STATE_DIR, recorded when it answers again.

Each is a file of its own, named after its record, so that no process waits for another, and one
that two processes record at once is still recorded once.
"""

import json
import logging
import os
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError

from consent.actions import MadeChoice, record_choice

logger = logging.getLogger(__name__)

# So that recording what has gathered never keeps the content from being polled.
MAX_PER_POLL = 50


def keep(made: MadeChoice) -> None:
    """Put a refusal on disk. Raises OSError where the disk does not take it."""
    _folder().mkdir(parents=True, exist_ok=True)
    path = _folder() / f"{made.record_id}.json"
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(made.as_json()))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    _sync_folder()


def drain() -> None:
    """Record refusals on disk. What the database does not take now stays for the next time."""
    for path in islice(_folder().glob("*.json"), MAX_PER_POLL):
        try:
            record_choice(MadeChoice.from_json(json.loads(path.read_text(encoding="utf-8"))))
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


def _folder() -> Path:
    return Path(settings.STATE_DIR) / "refusals"


def _sync_folder() -> None:
    """Make the new name itself survive a crash."""
    descriptor = os.open(_folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
