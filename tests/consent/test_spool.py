"""Refusals on disk: kept through crashes, recorded once, and no garbage stops the rest."""

import dataclasses
import json
import logging
import uuid
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.db import OperationalError

from consent import spool
from consent.actions import MadeChoice, record_choice
from consent.models import ConsentRecord

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def make_refusal(**fields: object) -> MadeChoice:
    refusal = MadeChoice(
        record_id=uuid.uuid4(),
        made_at=AT,
        notice_id=None,
        language="pl",
        offered=("analytics",),
        granted=(),
        method="banner",
        has_javascript=True,
        has_gpc_signal=False,
        policy_version_id=None,
        supersedes_id=None,
    )
    return dataclasses.replace(refusal, **fields)


def path() -> Path:
    return Path(settings.STATE_DIR) / "refusals.jsonl"


def recorded() -> set[uuid.UUID]:
    return set(ConsentRecord.objects.values_list("pk", flat=True))


def test_what_is_kept_is_recorded_as_it_was_made() -> None:
    made = make_refusal(supersedes_id=uuid.uuid4(), language="en")
    spool.keep(made)

    spool.drain()

    record = ConsentRecord.objects.get()
    assert (record.pk, record.made_at, record.language) == (made.record_id, AT, "en")
    assert (record.offered, record.granted, record.is_refusal) == (["analytics"], [], True)
    assert record.supersedes is None  # the record it named is no more
    assert path().read_text() == ""


def test_json_keeps_every_field_of_a_choice() -> None:
    made = make_refusal(supersedes_id=uuid.uuid4(), granted=("a", "b"), notice_id=7)

    assert MadeChoice.from_json(json.loads(json.dumps(made.as_json()))) == made


def test_an_empty_or_missing_file_is_nothing_to_do() -> None:
    spool.drain()
    path().touch()
    spool.drain()

    assert recorded() == set()


def test_a_refusal_that_was_recorded_already_is_not_recorded_twice() -> None:
    """Red when: `record_choice` stores again what is there."""
    made = make_refusal()
    record_choice(made)
    spool.keep(made)
    spool.keep(made)

    spool.drain()

    assert recorded() == {made.record_id}
    assert path().read_text() == ""


def test_what_the_database_does_not_take_stays_for_the_next_time(caplog) -> None:
    """Red when: the file is emptied whatever happened."""
    first, second = make_refusal(), make_refusal()
    spool.keep(first)
    spool.keep(second)

    def take_the_second(made: MadeChoice) -> None:
        if made.record_id == first.record_id:
            raise OperationalError("gone")
        record_choice(made)

    with mock.patch("consent.spool.record_choice", side_effect=take_the_second):
        spool.drain()

    assert recorded() == {second.record_id}
    assert str(first.record_id) in path().read_text()
    spool.drain()
    assert recorded() == {first.record_id, second.record_id}


@pytest.mark.parametrize(
    "line",
    [
        b"garbage",
        b"{}",
        b"[]",
        b"null",
        b'"text"',
        b"5",
        b'{"record_id": 5, "made_at": "2026-03-01T12:00:00+00:00", "supersedes_id": null, '
        b'"offered": [], "granted": []}',
        b'{"record_id": "x", "supersedes_id": null}',
        b'{"record_id": "\xff\xfe"',
        b"\x00\x00\x00",
        b"{" * 100,
    ],
)
def test_a_line_that_is_not_readable_is_logged_and_stops_no_other(line: bytes, caplog) -> None:
    """Red when: AttributeError is not caught, or the file is read as strict UTF-8."""
    made = make_refusal()
    path().write_bytes(line + b"\n")
    spool.keep(made)

    with caplog.at_level(logging.ERROR, logger="consent.spool"):
        spool.drain()

    assert recorded() == {made.record_id}
    assert path().read_text() == ""
    assert [record.getMessage() for record in caplog.records] == [
        "A line of the refusals on disk is not readable; it is dropped."
    ]


@pytest.mark.parametrize("length", [1, 40, 200])
def test_a_line_that_a_killed_process_left_half_written_takes_no_other_along(length: int) -> None:
    """Red when: `keep` writes right behind what is there."""
    torn, whole = make_refusal(), make_refusal()
    path().write_text(json.dumps(torn.as_json())[:length])

    spool.keep(whole)
    spool.drain()

    assert recorded() == {whole.record_id}


def test_a_refusal_is_on_disk_before_it_is_acknowledged() -> None:
    """Red when: `fsync` is left out."""
    with mock.patch("consent.spool.os.fsync") as fsync:
        spool.keep(make_refusal())

    assert fsync.call_count == 1
