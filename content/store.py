"""Content in the memory of each process: a page view never asks the database.

Apps register a `Source` each. Every save that readers can see bumps the content revision; `poll`
reloads everything when the revision has changed, and writes a copy into `STATE_DIR`, from which a
process starts when the database is gone (I18: pages without a database).
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
# A database that keeps a poll waiting for this long counts as gone or frozen.
SILENCE_SECONDS = 1.0
# A database that has kept a poll waiting for this long is frozen: its connections are cut.
FROZEN_SECONDS = 3.0
# How long the first request of a process waits for the database before it uses the copy.
FIRST_LOAD_SECONDS = 3.0


class DatabaseUnavailable(OperationalError):
    """The last polls say that the database is gone or frozen, so no request waits for it."""


class ContentUnavailable(Exception):
    """The database does not answer, and STATE_DIR holds no copy of its content."""


@dataclass(frozen=True)
class Source:
    """One kind of content: read from the database as JSON, built into immutable values."""

    name: str
    read: Callable[[], Any]
    build: Callable[[Any, datetime], Any]
    # The next moment after the given one at which time alone changes the built value.
    changes_at: Callable[[Any, datetime], datetime | None] = lambda data, at: None


@dataclass(frozen=True)
class Content:
    """The content of one revision, as this process shows it."""

    revision: int
    # The number of this load in this process. Caches have it in their keys: two loads can have the
    # same revision and yet differ, because an effective date has passed.
    serial: int
    parts: Mapping[str, Any]
    changes_at: datetime | None = None

    def __getitem__(self, name: str) -> Any:
        return self.parts[name]


@dataclass
class _Store:
    content: Content | None = None
    answered_at: float = 0.0  # time.monotonic() of the last answer of the database
    polling_since: float = 0.0  # start of the running poll; 0 between polls
    thread: threading.Thread | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    # Set after the first poll, successful or not: the first request waits for it.
    is_tried: threading.Event = field(default_factory=threading.Event)
    # Set after each poll that the database answered: then the listeners have their turn.
    is_answered: threading.Event = field(default_factory=threading.Event)


_sources: dict[str, Source] = {}
_poll_listeners: list[Callable[[], None]] = []
_store = _Store()
_serials = itertools.count()


def register(source: Source) -> None:
    """Add a kind of content. An app calls it in its `content_sources.py`."""
    _sources[source.name] = source


def after_each_poll(listener: Callable[[], None]) -> None:
    """Call `listener` after every poll that the database answered, or after the next ones together.

    It may take longer than the polls are apart.
    """
    _poll_listeners.append(listener)


def current() -> Content:
    """The content in force. Raises ContentUnavailable without a database and without a copy."""
    if settings.CONTENT_IS_POLLED_BY_HAND:
        if _store.content is None:
            with suppress(DatabaseError):
                poll(timezone.now())
    else:
        _ensure_polling()
    if _store.content is None:
        _load_copy(timezone.now())
    if _store.content is None:
        raise ContentUnavailable("Content is neither in the database nor in STATE_DIR.")
    return _store.content


def database_answers() -> bool:
    """Whether the database answered the last poll, and does not keep this one waiting.

    Only then do views write to it. A poll that begins late, because the machine is busy, says
    nothing about the database.
    """
    if settings.CONTENT_IS_POLLED_BY_HAND:
        return _store.content is None or _store.answered_at > 0
    polling_since, answered_at = _store.polling_since, _store.answered_at
    waits_since = max(polling_since, answered_at) if polling_since else time.monotonic()
    return answered_at > 0 and time.monotonic() - waits_since < SILENCE_SECONDS


def require_database() -> None:
    """Raise DatabaseUnavailable if the database does not answer. For views that need it."""
    if not database_answers():
        raise DatabaseUnavailable


def poll(at: datetime) -> None:
    """Reload the content if it has changed, then call the listeners.

    Raises DatabaseError when the database does not answer; the content in memory stays in force.
    """
    _reload(at)
    _call_listeners()


def _reload(at: datetime) -> None:
    """Reload the content if its revision has changed or an effective date has passed."""
    last = _store.content
    try:
        # The revision is read before the rows: a save in between is loaded again by the next poll.
        revision = ContentRevision.objects.number()
        _store.answered_at = time.monotonic()
        is_due = last is not None and last.changes_at is not None and last.changes_at <= at
        if last is None or last.revision != revision or is_due:
            data = {name: source.read() for name, source in _sources.items()}
            _store.content = _build(revision, data, at)
            _write_copy(revision, data)
    except DatabaseError:
        _store.answered_at = 0.0
        raise


def _call_listeners() -> None:
    for listener in _poll_listeners:
        listener()


def forget() -> None:
    """Empty the memory, as in a process that has just started."""
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


def _write_copy(revision: int, data: Mapping[str, Any]) -> None:
    path = _copy_path()
    # Written beside the copy and renamed: other processes read it at any time, and a crash must not
    # leave half a file. Each thread has its own draft.
    draft = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    try:
        draft.write_text(json.dumps({"revision": revision, "data": data}), encoding="utf-8")
        draft.replace(path)
    except OSError:
        logger.exception("The copy of the content could not be written to STATE_DIR.")


def _load_copy(at: datetime) -> None:
    try:
        copy = json.loads(_copy_path().read_text(encoding="utf-8"))
        _store.content = _build(copy["revision"], copy["data"], at)
    except FileNotFoundError:
        return
    except Exception:  # another release or a full disk may have written it
        logger.exception("The copy of the content in STATE_DIR is not readable.")


def _ensure_polling() -> None:
    # Threads do not survive a fork: in a forked process `is_alive` is false. The second look is
    # under the lock, because two first requests can come at the same time.
    if _store.thread is None or not _store.thread.is_alive():
        with _store.lock:
            if _store.thread is None or not _store.thread.is_alive():
                _store.thread = threading.Thread(target=_poll_forever, name="content", daemon=True)
                _store.thread.start()
                threading.Thread(target=_watch_forever, name="watch", daemon=True).start()
                threading.Thread(target=_listen_forever, name="listeners", daemon=True).start()
    if _store.content is None:
        _store.is_tried.wait(FIRST_LOAD_SECONDS)


def _poll_forever() -> None:
    was_answering = True
    while True:
        _store.polling_since = time.monotonic()
        try:
            _reload(timezone.now())
            was_answering = True
            _store.is_answered.set()
        except DatabaseError:
            if was_answering:
                logger.exception("The database does not answer; the last content is shown.")
            was_answering = False
            connection.close()  # Django would use the broken connection again
        except Exception:
            logger.exception("The content could not be loaded; the last one is shown.")
        _store.polling_since = 0.0
        _store.is_tried.set()
        time.sleep(POLL_INTERVAL_SECONDS)


def _listen_forever() -> None:
    """Call the listeners after each poll, in a thread of their own.

    They write. On SQLite they wait for every other writer, and while the poll waited with them, the
    database would count as silent.
    """
    while True:
        _store.is_answered.wait()
        _store.is_answered.clear()
        try:
            _call_listeners()
        except Exception:
            logger.exception("A task after a poll failed; after the next poll it runs again.")
            connection.close()  # Django would use a broken connection again


def _watch_forever() -> None:
    """Cut all connections when the database keeps even the poll waiting."""
    while True:
        time.sleep(POLL_INTERVAL_SECONDS)
        since = _store.polling_since
        if since and time.monotonic() - since > FROZEN_SECONDS:
            frozen_database.cut()
