"""Refusals made while the database is gone: kept in STATE_DIR, recorded when it answers again."""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError

from consent.actions import MadeChoice, record_choice

logger = logging.getLogger(__name__)


def keep(made: MadeChoice) -> None:
    """Put a refusal on disk. Raises OSError where the disk does not take it."""
    with _opened() as spool:
        spool.seek(0, os.SEEK_END)
        # On a line of its own, also after one that a killed process left half written.
        spool.write("\n" + json.dumps(made.as_json()) + "\n")
        spool.flush()
        os.fsync(spool.fileno())


def drain() -> None:
    """Record every refusal on disk. One that the database does not take stays for the next time."""
    if not _path().exists() or not _path().stat().st_size:
        return
    with _opened() as spool:
        left = []
        for line in filter(str.strip, spool.readlines()):
            try:
                record_choice(MadeChoice.from_json(json.loads(line)))
            except DatabaseError:
                left.append(line)
                logger.exception("A refusal could not be recorded yet.")
            except (ValueError, LookupError, TypeError, AttributeError):
                logger.exception("A line of the refusals on disk is not readable; it is dropped.")
        spool.seek(0)
        spool.truncate()
        spool.writelines(left)


def _path() -> Path:
    return Path(settings.STATE_DIR) / "refusals.jsonl"


@contextmanager
def _opened() -> Iterator[IO[str]]:
    with _path().open("a+", encoding="utf-8", errors="replace") as spool:
        fcntl.flock(spool, fcntl.LOCK_EX)
        spool.seek(0)
        yield spool
