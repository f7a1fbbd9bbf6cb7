"""`check_evidence` names each change of sealed evidence: by its leaf, the tree, or a kept checkpoint."""

import base64
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from consent.models import ConsentRecord
from consent.records.record_hash import hash_of
from evidence.deletion_window import Reason, deletion_window
from evidence.management.commands import check_evidence
from evidence.models import Checkpoint, Leaf
from evidence.seal import note
from evidence.seal.tree import SealedRow
from tests.evidence.seal.sealed import make_evidence, seal
from tests.tampering import tampered
from trial.models import MarketingWithdrawal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def checkpoint() -> Checkpoint:
    make_evidence()
    return seal()


def problem(*kept: Path) -> str:
    """What `check_evidence` says is wrong."""
    err = StringIO()
    try:
        call_command("check_evidence", checkpoint=[*kept], stdout=StringIO(), stderr=err)
    except SystemExit:
        return err.getvalue()
    return ""


def as_stored(record: ConsentRecord) -> Any:
    return ConsentRecord._meta.pk.get_db_prep_value(record.pk, connection)


def altered_record() -> tuple[ConsentRecord, str]:
    """A record of which somebody makes an English one, and the hash that then fits."""
    record = ConsentRecord.objects.first()
    record.language = "en"
    return record, hash_of(record)


ALTER_RECORD = "UPDATE consent_consentrecord SET language = 'en', hash = %s WHERE id = %s"


def test_untouched_evidence_matches() -> None:
    assert problem() == ""


def test_a_record_that_was_changed_with_its_hash_differs_from_its_leaf() -> None:
    """Red when: the leaf is made of the number of the record alone."""
    record, hash_ = altered_record()
    leaf = Leaf.objects.get(row=record.pk)

    with tampered(ALTER_RECORD, hash_, as_stored(record)):
        assert problem() == (
            f"Does not match: evidence_leaf, id {leaf.position} (record {record.pk}): its row has "
            f"changed since it was sealed.\n{check_evidence.WHAT_TO_DO}\n"
        )


def test_a_record_changed_with_its_leaf_differs_from_the_checkpoint(tmp_path) -> None:
    """Red when: checkpoints are not computed again."""
    record, hash_ = altered_record()
    forged = SealedRow("record", record.pk, hash_).leaf_hash()

    with tampered(ALTER_RECORD, hash_, as_stored(record)), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_leaf SET hash = %s WHERE row = %s", [forged, as_stored(record)]
        )
        assert "evidence_checkpoint" in problem()
        assert "the leaves that it covers give another root today" in problem()


def test_whoever_changes_the_checkpoint_too_differs_from_the_one_that_was_kept(
    checkpoint: Checkpoint, tmp_path: Path
) -> None:
    """Red when: `--checkpoint` compares with the stored checkpoint."""
    kept = tmp_path / "kept.txt"
    kept.write_text(checkpoint.note)
    assert problem(kept) == ""
    with tampered(
        "UPDATE evidence_checkpoint SET root = %s, note = %s",
        b"forged".rjust(32).hex(),
        note.write(checkpoint.size, b"forged".rjust(32)),
    ):
        kept_of_forger = tmp_path / "forged.txt"
        kept_of_forger.write_text(Checkpoint.objects.get().note)
        assert "evidence_checkpoint" in problem()
        assert "give another root today" in problem(kept_of_forger)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM consent_consentrecord", "its row is missing, and did not end by retention"),
        ("DELETE FROM evidence_leaf WHERE id = 0", "the leaf at position 0 is missing before it"),
        (
            "DELETE FROM evidence_leaf WHERE id = (SELECT max(id) FROM evidence_leaf)",
            "and has no leaf",
        ),
        ("UPDATE trial_marketingwithdrawal SET method = 'staff'", "its row has changed since"),
        ("UPDATE evidence_checkpoint SET root = '00'", "its root is not that of its note"),
        ("UPDATE evidence_checkpoint SET note = 'x'", "This is not a checkpoint"),
        ("UPDATE evidence_checkpoint SET size = 2", "its size is not that of its note"),
        (
            "UPDATE evidence_checkpoint SET covers_until = '2999-01-01 00:00:00+00:00'",
            "it covers a time after it was made",
        ),
    ],
)
def test_each_change_is_named(statement: str, expected: str) -> None:
    with tampered(statement):
        assert expected in problem()


def test_a_checkpoint_that_lost_its_signature_is_named(settings: Any) -> None:
    """Red when: a forger without our key can replace a signed checkpoint by one without."""
    settings.SEAL_KEY = base64.b64encode(bytes(32)).decode()
    in_days = [timezone.now() + timedelta(days=days) for days in (2, 3)]
    seal(at=in_days[0])
    assert problem() == ""
    settings.SEAL_KEY = ""
    seal(at=in_days[1])
    assert problem() == ""  # the operator stopped to sign

    settings.SEAL_KEY = base64.b64encode(bytes(32)).decode()

    assert "it has no signature, and an earlier one has" in problem()


def test_what_ends_by_erasure_is_no_mismatch(checkpoint: Checkpoint, tmp_path: Path) -> None:
    """I20. Red when: a leaf without its row counts as altered."""
    kept = tmp_path / "kept.txt"
    kept.write_text(checkpoint.note)

    with deletion_window(Reason.ERASURE):
        ConsentRecord.objects.all().delete()
        MarketingWithdrawal.objects.get().consent.delete()

    assert problem(kept) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "This is not a checkpoint"),
        ("a\n1\n!!!\n", "This is not a checkpoint"),
        ("a\n01\n" + "A" * 43 + "=\n", "This is not a checkpoint"),
        (
            "elsewhere.example/seal\n1\n" + "A" * 43 + "=\n",
            "a checkpoint of elsewhere.example/seal",
        ),
    ],
)
def test_another_file_is_refused_with_a_sentence(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    path.write_text(text)

    with pytest.raises(CommandError, match=message):
        problem(path)
    with pytest.raises(CommandError, match="cannot be read"):
        problem(tmp_path / "nowhere.txt")
