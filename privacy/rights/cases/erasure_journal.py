"""The journal of erasures: after a restored backup, the erased are erased again (I20).

Each erasure is a file of its own in STATE_DIR, with keyed hashes alone, so that it outlives the
database. It is written before the rows are deleted. A backup that is older than the file brings the
rows back; after BACKUP_DAYS there is no such backup, and the file is deleted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from evidence import durable_file
from evidence.keyed_hashes import all_keyed_hashes, keyed_hash, names_without_key
from privacy.rights.cases import erasure
from privacy.rights.cases.case import names_of
from privacy.rights.map.declarations import Person
from privacy.rights.map.periods import days_before
from privacy.rights.map.register import all_names

_PURPOSE = "rights:erased"


class Unreadable(Exception):
    """A file of the journal is damaged. The text names it."""


class KeyMissing(Exception):
    """EVIDENCE_KEYS lacks a key of the journal: nobody is recognized. The text names the key."""


@dataclass(frozen=True)
class Entry:
    """One erasure: the hashes of an address and of numbers of records, and what it covers.

    Those are the rows from before `covers_until`.
    """

    hashes: tuple[str, ...]
    covers_until: datetime


def write(case_id: UUID, person: Person, *, covers_until: datetime, at: datetime) -> None:
    """Write the erasure of a person down. The same case has the same file. Raises OSError."""
    entry = {
        "hashes": [keyed_hash(_PURPOSE, name) for name in names_of(person)],
        "covers_until": covers_until.isoformat(),
        "erased_at": at.isoformat(),  # for people who read the file
    }
    durable_file.write(_path(case_id), json.dumps(entry))


def entries(folders: Iterable[Path]) -> Iterator[Entry]:
    """The erasures in these folders. Raises Unreadable and KeyMissing."""
    for each in folders:
        for path in sorted(each.glob("*.json")):
            yield _read(path)


def replay(found: Iterable[Entry], *, at: datetime) -> int:
    """Erase again whoever was erased. Returns how many of them the database still knew.

    Only rows from before the erasure are deleted. Whoever came back afterwards stays.
    """
    moments = _latest_moments(found)
    # All are found before one is erased: the names are read from the rows.
    people = {name: until for name in all_names() if (until := _latest_of(name, moments))}
    return sum(
        bool(erasure.erase(_person(name, before=until), at=at)) for name, until in people.items()
    )


def withdraw(case_id: UUID) -> None:
    """Delete the file of an erasure that did not happen."""
    _path(case_id).unlink(missing_ok=True)


def forget_daily(at: datetime) -> bool:
    """Delete old files once a day. A job of the worker, each of which has a folder of its own."""
    _forget_on(timezone.localdate(at))
    return False


@lru_cache(maxsize=1)
def _forget_on(_day: date) -> None:
    forget_old(at=timezone.now())


def forget_old(*, at: datetime) -> None:
    """Delete the files that no backup is older than, and drafts of a killed process."""
    oldest_backup = days_before(at, settings.BACKUP_DAYS)
    for path in [*folder().glob("*.json"), *folder().glob(f"*{durable_file.DRAFT}")]:
        with suppress(FileNotFoundError):  # another worker has deleted it meanwhile
            if path.stat().st_mtime < oldest_backup.timestamp():
                path.unlink()


def folder() -> Path:
    return Path(settings.STATE_DIR) / "erasures"


def _path(case_id: UUID) -> Path:
    return folder() / f"{case_id}.json"


def _person(name: str, *, before: datetime) -> Person:
    if "@" in name:
        return Person(name, before=before)
    return Person("", frozenset({UUID(name)}), before)


def _latest_moments(found: Iterable[Entry]) -> dict[str, datetime]:
    moments: dict[str, datetime] = {}
    for entry in found:
        for each in entry.hashes:
            moments[each] = max(entry.covers_until, moments.get(each, entry.covers_until))
    return moments


def _latest_of(name: str, moments: Mapping[str, datetime]) -> datetime | None:
    known = [moments[each] for each in all_keyed_hashes(_PURPOSE, name) if each in moments]
    return max(known, default=None)


def _read(path: Path) -> Entry:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Entry(_hashes(data["hashes"]), _moment(data["covers_until"]))
    except (ValueError, LookupError, TypeError, OSError) as error:
        raise Unreadable(f"{path} cannot be read: take it from another copy of the journal.") from (
            error
        )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if timezone.is_naive(moment):
        raise ValueError("a moment without its offset from UTC")
    return moment


def _hashes(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise TypeError("not a list of hashes")
    if missing := names_without_key(values):
        raise KeyMissing(", ".join(sorted(missing)))
    return tuple(values)
