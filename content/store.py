"""What readers see, kept in the memory of each process: a page view never asks the database.

Apps register a `Source` each. One counter row, the content revision, is bumped in the transaction
of every save that readers can see; `poll` reloads everything when it moved, and keeps a copy in
`STATE_DIR`, from which a process starts when the database is gone.
"""

import itertools
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from content import frozen_database
from content.models import ContentRevision

logger = logging.getLogger(__name__)

POLL_INTERVAL_SECONDS = 0.5
# A database that has not answered for this long counts as gone or frozen.
SILENCE_SECONDS = 1.0
# One that has not answered for this long is frozen: waiting on it any further is pointless.
FROZEN_SECONDS = 3.0
# How long the first request of a process waits for the database before it takes the copy.
FIRST_LOAD_SECONDS = 3.0


class DatabaseUnavailable(OperationalError):
    """The database is known to be gone or frozen: nobody waits for it."""


class ContentUnavailable(Exception):
    """The database does not answer and no copy of its content is in STATE_DIR."""


@dataclass(frozen=True)
class Source:
    """One kind of content: read from the database as JSON, built into immutable values."""

    name: str
    read: Callable[[], Any]
    build: Callable[[Any, datetime], Any]
    # When the built value changes by the mere passing of time, after the moment given.
    changes_at: Callable[[Any, datetime], datetime | None] = lambda data, at: None


@dataclass(frozen=True)
class Content:
    """The content of one revision, as this process shows it."""

    revision: int
    # Counts the loads of this process: what is kept of one content is never shown of another.
    serial: int
    parts: Mapping[str, Any]
    changes_at: datetime | None = None

    def __getitem__(self, name: str) -> Any:
        return self.parts[name]


@dataclass
class _Store:
    content: Content | None = None
    answered_at: float = 0.0  # time.monotonic() of the last answer of the database
    polling_since: float = 0.0  # when the poll under way began; 0 while there is none
    thread: threading.Thread | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_tried: threading.Event = field(default_factory=threading.Event)


_sources: dict[str, Source] = {}
_contact_listeners: list[Callable[[], None]] = []
_store = _Store()
_serials = itertools.count()


def register(source: Source) -> None:
    """Add a kind of content. Called by an app that is ready."""
    _sources[source.name] = source


def on_contact(listener: Callable[[], None]) -> None:
    """Have `listener` called after every poll that the database answered."""
    _contact_listeners.append(listener)


def current() -> Content:
    """Return the content in force. Raises ContentUnavailable where there is none at all."""
    if settings.CONTENT_IS_POLLED_BY_HAND:
        if _store.content is None:
            with suppress(DatabaseError):
                poll(timezone.now())
    else:
        _ensure_polling()
    if _store.content is None:
        _restore(timezone.now())
    if _store.content is None:
        raise ContentUnavailable("Content is neither in the database nor in STATE_DIR.")
    return _store.content


def database_answers() -> bool:
    """Whether the database answered the last poll or the one before: then it may be written to."""
    if settings.CONTENT_IS_POLLED_BY_HAND:
        return _store.content is None or _store.answered_at > 0
    return time.monotonic() - _store.answered_at < POLL_INTERVAL_SECONDS + SILENCE_SECONDS


def require_database() -> None:
    """For views that cannot do without it. Raises DatabaseUnavailable."""
    if not database_answers():
        raise DatabaseUnavailable


def poll(at: datetime) -> None:
    """Reload the content if its revision moved or an effective date has passed.

    Raises DatabaseError when the database does not answer; what is in memory stays in force.
    """
    known = _store.content
    try:
        revision = ContentRevision.objects.number()
        _store.answered_at = time.monotonic()
        is_due = known is not None and known.changes_at is not None and known.changes_at <= at
        if known is None or known.revision != revision or is_due:
            data = {name: source.read() for name, source in _sources.items()}
            _store.content = _build(revision, data, at)
            _keep_copy(revision, data)
    except DatabaseError:
        _store.answered_at = 0.0
        raise
    for listener in _contact_listeners:
        listener()


def forget() -> None:
    """Drop what is in memory, as a new process starts."""
    _store.content = None
    _store.answered_at = 0.0
    _store.is_tried.clear()


def _build(revision: int, data: Mapping[str, Any], at: datetime) -> Content:
    moments = [source.changes_at(data[name], at) for name, source in _sources.items()]
    return Content(
        revision=revision,
        serial=next(_serials),
        parts=MappingProxyType(
            {name: source.build(data[name], at) for name, source in _sources.items()}
        ),
        changes_at=min((moment for moment in moments if moment), default=None),
    )


def _copy_path() -> Path:
    return Path(settings.STATE_DIR) / "content.json"


def _keep_copy(revision: int, data: Mapping[str, Any]) -> None:
    path = _copy_path()
    draft = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    try:
        draft.write_text(json.dumps({"revision": revision, "data": data}), encoding="utf-8")
        draft.replace(path)
    except OSError:
        logger.exception("The copy of the content could not be written to STATE_DIR.")


def _restore(at: datetime) -> None:
    try:
        copy = json.loads(_copy_path().read_text(encoding="utf-8"))
        _store.content = _build(copy["revision"], copy["data"], at)
    except FileNotFoundError:
        return
    except Exception:  # another release, or a full disk, may have left anything there
        logger.exception("The copy of the content in STATE_DIR is not readable.")


def _ensure_polling() -> None:
    if _store.thread is None or not _store.thread.is_alive():
        with _store.lock:
            if _store.thread is None or not _store.thread.is_alive():
                _store.thread = threading.Thread(target=_poll_forever, name="content", daemon=True)
                _store.thread.start()
                threading.Thread(target=_watch_forever, name="watch", daemon=True).start()
    if _store.content is None:
        _store.is_tried.wait(FIRST_LOAD_SECONDS)


def _poll_forever() -> None:
    was_answering = True
    while True:
        _store.polling_since = time.monotonic()
        try:
            poll(timezone.now())
            was_answering = True
        except DatabaseError as error:
            if was_answering:
                logger.error("The database does not answer; the last content is shown: %s", error)
            was_answering = False
            connection.close()
        except Exception:
            logger.exception("The content could not be loaded; the last one is shown.")
        _store.polling_since = 0.0
        _store.is_tried.set()
        time.sleep(POLL_INTERVAL_SECONDS)


def _watch_forever() -> None:
    """Wake everybody who waits on a database that keeps even the poll waiting."""
    while True:
        time.sleep(POLL_INTERVAL_SECONDS)
        since = _store.polling_since
        if since and time.monotonic() - since > FROZEN_SECONDS:
            frozen_database.cut()
