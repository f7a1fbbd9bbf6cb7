"""Refusals on disk: a crash loses no refusal, each is recorded once, and no refusal stops another."""

import errno
import json
import logging
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError

from consent.models import ConsentRecord
from consent.records import record as consent_record
from consent.records.made_choice import MadeChoice
from consent.records.storing import store_record
from tests.factories import make_made_choice

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def make_refusal(**fields: object) -> MadeChoice:
    return make_made_choice(**{"made_at": AT} | fields)


def on_disk(suffix: str = "json") -> set[str]:
    return {path.stem for path in folder().glob(f"*.{suffix}")}


def folder() -> Path:
    return Path(settings.STATE_DIR) / "refusals"


def recorded() -> set[uuid.UUID]:
    return set(ConsentRecord.objects.values_list("pk", flat=True))


def test_a_kept_refusal_is_recorded_as_it_was_made() -> None:
    made = make_refusal(supersedes_id=uuid.uuid4(), language="en")
    consent_record._keep_on_disk(made)
    assert on_disk() == {str(made.record_id)}

    consent_record.store_kept_refusals()

    record = ConsentRecord.objects.get()
    assert (record.pk, record.made_at, record.language) == (made.record_id, AT, "en")
    assert (record.offered, record.granted, record.is_refusal) == (["analytics"], [], True)
    assert record.supersedes is None  # the record that it named is not in the database
    assert list(folder().iterdir()) == []


def test_json_keeps_every_field_of_a_choice() -> None:
    made = make_refusal(supersedes_id=uuid.uuid4(), granted=("a", "b"), notice_id=7)

    assert MadeChoice.from_json(json.loads(json.dumps(made.as_json()))) == made


def test_an_empty_or_missing_folder_changes_nothing() -> None:
    consent_record.store_kept_refusals()
    folder().mkdir(exist_ok=True)
    consent_record.store_kept_refusals()

    assert recorded() == set()


def test_a_refusal_that_was_recorded_already_is_not_recorded_twice() -> None:
    """Red when: `store_record` stores a record again, or raises for it."""
    made = make_refusal()
    store_record(made)
    consent_record._keep_on_disk(made)
    consent_record._keep_on_disk(made)

    consent_record.store_kept_refusals()

    assert recorded() == {made.record_id}
    assert list(folder().iterdir()) == []


def test_a_refusal_stays_on_disk_until_the_database_takes_it(caplog) -> None:
    """Red when: a file is deleted although the database failed."""
    made = make_refusal()
    consent_record._keep_on_disk(made)

    with mock.patch("consent.records.record.store_record", side_effect=OperationalError("gone")):
        consent_record.store_kept_refusals()

    assert (recorded(), on_disk()) == (set(), {str(made.record_id)})
    consent_record.store_kept_refusals()
    assert (recorded(), on_disk()) == ({made.record_id}, set())


@pytest.mark.parametrize("error", [IntegrityError, TypeError], ids=lambda error: error.__name__)
def test_a_refusal_that_can_never_be_recorded_is_set_aside_and_stops_no_other(
    error, caplog
) -> None:
    """Red when: one refusal that cannot be recorded is tried for ever, or is lost."""
    poisoned, good = make_refusal(), make_refusal()
    consent_record._keep_on_disk(poisoned)
    consent_record._keep_on_disk(good)

    def refuse(made: MadeChoice) -> None:
        if made.record_id == poisoned.record_id:
            raise error("never")
        store_record(made)

    with mock.patch("consent.records.record.store_record", side_effect=refuse):
        consent_record.store_kept_refusals()

    assert recorded() == {good.record_id}
    assert (on_disk(), on_disk("rejected")) == (set(), {str(poisoned.record_id)})


@pytest.mark.parametrize(
    "content",
    [
        b"",
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
    ],
)
def test_a_file_that_is_not_readable_is_logged_set_aside_and_stops_no_other(
    content: bytes, caplog
) -> None:
    """Red when: AttributeError or ValueError is not caught."""
    made = make_refusal()
    consent_record._keep_on_disk(made)
    (folder() / "damaged.json").write_bytes(content)

    with caplog.at_level(logging.ERROR, logger="consent.records.record"):
        consent_record.store_kept_refusals()
        consent_record.store_kept_refusals()

    assert recorded() == {made.record_id}
    assert (on_disk(), on_disk("rejected")) == (set(), {"damaged"})
    assert [record.getMessage() for record in caplog.records] == [
        "A refusal on disk cannot be recorded; its file ends in .rejected now. Mend what "
        "this log says, then let the file end in .json again."
    ]


def test_a_file_that_a_killed_process_left_half_written_is_not_read() -> None:
    """Red when: `_keep_on_disk` writes under the final name."""
    made = make_refusal()
    with (
        mock.patch("evidence.durable_file.os.fsync", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        consent_record._keep_on_disk(made)

    consent_record.store_kept_refusals()

    assert (recorded(), on_disk("rejected")) == (set(), set())


def test_a_refusal_and_its_file_name_are_synced_before_the_answer() -> None:
    """Red when: the file, or the folder that holds its name, is not synced."""
    folder().mkdir(parents=True)
    with mock.patch("evidence.durable_file.os.fsync") as fsync:
        consent_record._keep_on_disk(make_refusal())

    assert fsync.call_count == 2


def test_many_refusals_are_recorded_over_several_polls() -> None:
    """Red when: one poll records all of them, and so delays the other tasks."""
    made = [make_refusal() for _number in range(consent_record.MAX_FILES_PER_POLL + 1)]
    for refusal in made:
        consent_record._keep_on_disk(refusal)

    consent_record.store_kept_refusals()
    assert len(recorded()) == consent_record.MAX_FILES_PER_POLL
    consent_record.store_kept_refusals()

    assert recorded() == {refusal.record_id for refusal in made}


def test_a_full_disk_leaves_no_empty_draft(log_lines) -> None:
    """Red when: the draft of a failed write stays for ever. The refusal is in force even so."""
    with (
        mock.patch("consent.records.record.database_answers", return_value=False),
        mock.patch("evidence.durable_file.os.fsync", side_effect=OSError(errno.ENOSPC, "full")),
    ):
        outcome = consent_record.record(make_refusal(), network_key=None)

    assert outcome is consent_record.Outcome.KEPT_ON_DISK
    assert list(folder().iterdir()) == []
    assert ["neither be recorded nor kept" in line for line in log_lines] == [True]


def test_an_old_draft_of_a_killed_process_is_removed_and_said(log_lines) -> None:
    """Red when: such drafts pile up, or the draft of a process that still writes is removed."""
    folder().mkdir(parents=True)
    old, new = folder() / "old.draft", folder() / "new.draft"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))

    consent_record.store_kept_refusals()

    assert on_disk("draft") == {"new"}
    assert ["the draft was removed" in line for line in log_lines] == [True]


def test_a_flood_without_a_database_does_not_fill_the_disk(monkeypatch, log_lines) -> None:
    """Red when: `_keep_on_disk` writes without a limit."""
    monkeypatch.setattr(consent_record, "MAX_FILES", 3)

    with mock.patch("consent.records.record.database_answers", return_value=False):
        outcomes = {consent_record.record(make_refusal(), network_key=None) for _ in range(5)}

    assert outcomes == {consent_record.Outcome.KEPT_ON_DISK}
    assert len(on_disk()) == 3
    assert sum("neither be recorded nor kept" in line for line in log_lines) == 2
