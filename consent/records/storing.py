"""The statements that store a record: one INSERT, which a limit can hold back.

Each choice of a visitor waits for them. So PostgreSQL counts the choice of the network and stores
the record in one statement, and SQLite, where a statement writes to one table, in one transaction.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from consent.choice.choice import CHOICE_LIFETIME
from consent.models import ConsentRecord
from consent.records.made_choice import MadeChoice
from consent.records.record_hash import hash_of
from privacy import rate_limits
from privacy.models import RateCount

# More tabs than anyone opens, each of which stores a choice at the same moment.
MOST_ATTEMPTS = 100
Stored = TypeVar("Stored")

# `supersedes` and `hash`: the earlier record may be gone. See `_columns`.
_STORE = """
INSERT INTO consent_consentrecord (
    id, made_at, expires_at, notice_id, language, offered, granted, is_refusal, method,
    has_javascript, has_gpc_signal, policy_version_id, supersedes_id, hash
)
SELECT
    %(id)s, %(made_at)s, %(expires_at)s, %(notice_id)s, %(language)s, %(offered)s, %(granted)s,
    %(is_refusal)s, %(method)s, %(has_javascript)s, %(has_gpc_signal)s, %(policy_version_id)s,
    (SELECT earlier.id FROM consent_consentrecord AS earlier WHERE earlier.id = %(supersedes_id)s),
    CASE WHEN EXISTS (SELECT 1 FROM consent_consentrecord WHERE id = %(supersedes_id)s)
    THEN %(hash)s ELSE %(hash_without_earlier)s END
WHERE """
# The last record of a chain. `UNION` ends also where somebody has changed a chain into a circle.
_HEAD = """
WITH RECURSIVE chain (number) AS (
    SELECT %s
    UNION
    SELECT later.id FROM chain JOIN consent_consentrecord AS later
    ON later.supersedes_id = chain.number
)
SELECT number FROM chain WHERE NOT EXISTS (
    SELECT 1 FROM consent_consentrecord AS later WHERE later.supersedes_id = chain.number
)"""
# Two processes can store the same choice at once: on PostgreSQL only ON CONFLICT sees the other's.
_UNLESS_STORED = """
NOT EXISTS (SELECT 1 FROM consent_consentrecord AS stored WHERE stored.id = %(id)s)
ON CONFLICT (id) DO NOTHING"""
# By the index of the moment, and no more rows than the limit: the same work at any size.
_UNLESS_FLOODED = """(
    SELECT count(*) FROM (
        SELECT 1 FROM consent_consentrecord AS recent
        WHERE recent.made_at > %(window_start)s AND recent.is_refusal = %(is_refusal)s
        LIMIT %(most_of_all)s
    ) AS recent_records
) < %(most_of_all)s"""
_STORE_UNLESS_STORED = _STORE + _UNLESS_STORED
_STORE_UNLESS_FLOODED = _STORE + _UNLESS_FLOODED
# PostgreSQL runs `counted` once, whatever `stored` does: a choice that is not stored counts too.
_COUNT_AND_STORE = f"""
WITH counted AS ({rate_limits.HIT}),
stored AS (
    {_STORE} (SELECT count FROM counted) <= %(most_of_network)s AND {_UNLESS_FLOODED}
    ON CONFLICT (id) DO NOTHING
    RETURNING id
)
SELECT
    (SELECT count FROM counted),
    EXISTS (SELECT FROM stored) OR EXISTS (SELECT FROM consent_consentrecord WHERE id = %(id)s)
"""  # noqa: S608 - it is made of the constants above


@dataclass(frozen=True)
class Limits:
    """How many records one network, and all of them together, may make in a window."""

    window: timedelta
    most_of_network: int
    # Of grants and of refusals each: a flood of refusals takes no consent from others.
    most_of_all: int


@dataclass(frozen=True)
class Attempt:
    """What became of a choice, and how many its network has made in the window with this one."""

    number: int
    is_stored: bool


def store_record(made_choice: MadeChoice) -> None:
    """Store a choice as evidence. Storing the same choice again changes nothing.

    Raises DatabaseError where it cannot be stored: then nothing may be granted (I4).
    """
    _at_the_end_of_its_chain(
        made_choice, lambda choice: _insert(_STORE_UNLESS_STORED, _columns(choice))
    )


def store_within_limits(
    made_choice: MadeChoice, *, network_key: str | None, limits: Limits
) -> Attempt:
    """Count a choice of a network, and store it, unless the network or all of them make too many.

    Without a key no network is counted. Raises DatabaseError where it cannot be stored: then the
    choice is not counted either.
    """
    return _at_the_end_of_its_chain(
        made_choice, lambda choice: _store_within_limits(choice, network_key, limits)
    )


def _at_the_end_of_its_chain(
    made_choice: MadeChoice, store: Callable[[MadeChoice], Stored]
) -> Stored:
    """Store a choice. Where another tab has superseded the same record, supersede that tab's.

    The database says so by an IntegrityError, so that nearly every choice is stored at the first
    attempt. Each further one means that one more choice of the same browser was stored meanwhile.
    """
    for _attempt in range(MOST_ATTEMPTS):
        # Inside a transaction of the caller, an error would end that one.
        attempt = transaction.atomic() if connection.in_atomic_block else nullcontext()
        try:
            with attempt:
                return store(made_choice)
        except IntegrityError:
            head = _head_of(made_choice.supersedes_id)
            if head == made_choice.supersedes_id:
                raise
            made_choice = replace(made_choice, supersedes_id=head)
    return store(made_choice)


def _head_of(record_id: UUID | None) -> UUID | None:
    """The last record of the chain, which may be this one. None where nothing is superseded."""
    if record_id is None:
        return None
    number = ConsentRecord._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [number.get_db_prep_value(record_id, connection)])
        row = cursor.fetchone()
    return UUID(str(row[0])) if row else record_id


def _store_within_limits(
    made_choice: MadeChoice, network_key: str | None, limits: Limits
) -> Attempt:
    values = _columns(made_choice) | {
        "window_start": _moment(made_choice.made_at - limits.window),
        "most_of_all": limits.most_of_all,
    }
    if network_key is None:
        return Attempt(number=0, is_stored=_insert(_STORE_UNLESS_FLOODED, values))
    at, window = made_choice.made_at, limits.window
    if connection.vendor == "postgresql":
        values |= rate_limits.hit_values(network_key, window=window, at=at)
        return _count_and_store(values | {"most_of_network": limits.most_of_network})
    with transaction.atomic():
        number = RateCount.objects.hit(network_key, window=window, at=at)
        is_allowed = number <= limits.most_of_network
        return Attempt(number, is_allowed and _insert(_STORE_UNLESS_FLOODED, values))


def _insert(statement: str, values: dict[str, Any]) -> bool:
    """Whether the statement stored a record."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount)


def _count_and_store(values: dict[str, Any]) -> Attempt:
    """Send the statement, over a new connection if the database has closed the old one.

    Django would ask first whether the connection still works, with a statement of its own. To send
    ours again is harmless: it stores a record once, and says whether the record is there.
    """
    is_first_use = connection.connection is None
    # test_storing.py fails where Django no longer reads it.
    connection.health_check_done = True  # type: ignore[attr-defined] # its types lack it
    try:
        return _sent(values)
    except (OperationalError, InterfaceError):
        if is_first_use or connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _sent(values)


def _sent(values: dict[str, Any]) -> Attempt:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_AND_STORE, values)
        number, is_stored = cursor.fetchone()
    return Attempt(number, is_stored)


def _columns(made_choice: MadeChoice) -> dict[str, Any]:
    """The values of a record by column, as the database takes them."""
    row = ConsentRecord(
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
        supersedes_id=made_choice.supersedes_id,
    )
    row.hash = hash_of(row)
    columns = {
        str(field.column): field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in ConsentRecord._meta.concrete_fields
        if field.name != "stored_at"
    }
    # The cookie may name a record of a database that a backup has replaced since. Only the
    # statement finds out, so it gets the hash of both.
    without_earlier = row.hash
    if row.supersedes_id:
        row.supersedes_id = None
        without_earlier = hash_of(row)
    return columns | {"hash_without_earlier": without_earlier}


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
