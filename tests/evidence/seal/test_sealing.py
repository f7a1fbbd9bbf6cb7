"""Every row of evidence gets one leaf, on the day after it was stored."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from consent.models import ConsentRecord, Notice
from consent.records import record_hashes, storing
from evidence.deletion_window import Reason, deletion_window
from evidence.models import Checkpoint, Leaf, Node
from evidence.seal import merkle, note, sealing, tree, verification
from privacy.models import PolicyVersion
from tests.evidence.seal.sealed import (
    make_evidence,
    make_record,
    record_of_release_before,
    seal,
    tomorrow,
)
from tests.factories import make_made_choice
from tests.tampering import tampered
from trial.models import ConsentWording, MarketingWithdrawal

pytestmark = pytest.mark.django_db


def sealed_ids(code: str) -> list[uuid.UUID | None]:
    return [*Leaf.objects.filter(series=code).values_list("row", flat=True)]


def test_each_row_of_evidence_gets_one_leaf() -> None:
    """Red when: a series is not registered, or a leaf has no number of its row."""
    make_evidence()

    checkpoint = seal()

    assert sorted(sealed_ids("record"), key=str) == sorted(
        ConsentRecord.objects.values_list("pk", flat=True), key=str
    )
    assert sealed_ids("withdrawal") == [
        *MarketingWithdrawal.objects.values_list("consent", flat=True)
    ]
    for code, rows in {
        "notice": Notice.objects.all(),
        "policy": PolicyVersion.objects.published(),
        "wording": ConsentWording.objects.all(),
    }.items():
        assert {row.int for row in sealed_ids(code)} == {*rows.values_list("pk", flat=True)}
        assert rows
    positions = [*Leaf.objects.values_list("position", flat=True)]
    assert positions == [*range(checkpoint.size)]


def test_the_checkpoint_is_the_root_over_the_leaves() -> None:
    """Red when: a leaf lacks its series, number or hash, or the root leaves one out."""
    make_evidence()
    checkpoint = seal()
    record = ConsentRecord.objects.first()
    leaf = Leaf.objects.get(row=record.pk)

    hashes = [bytes(each) for each in Leaf.objects.values_list("hash", flat=True)]
    assert checkpoint.root == _root_over(hashes).hex()
    assert bytes(leaf.hash) == merkle.leaf_hash(f"record\n{record.pk}\n{record.hash}".encode())
    assert note.read(checkpoint.note) == note.Body(
        note.origin(), checkpoint.size, bytes.fromhex(checkpoint.root)
    )


def _root_over(hashes: list[bytes]) -> bytes:
    return merkle.root(
        len(hashes), lambda level, index: merkle.over(hashes[index << level : (index + 1) << level])
    )


def test_a_day_is_sealed_once_and_the_next_day_extends_it() -> None:
    """Red when: the seal looks at the hour alone, or seals a row twice."""
    make_evidence()
    first = seal()

    assert sealing.seal_due(tomorrow()) is False
    make_record(stored_at=tomorrow())
    second = seal(at=tomorrow() + timedelta(days=1))

    assert second.size == first.size + 1
    merkle.check_consistency(
        earlier=first.size,
        earlier_root=bytes.fromhex(first.root),
        size=second.size,
        size_root=bytes.fromhex(second.root),
        path=second.path_from(first),
    )


def test_nothing_of_today_is_sealed_before_the_day_is_over() -> None:
    """Red when: a row of a transaction that has not ended yet could be missed."""
    make_evidence()
    now = timezone.now()

    assert sealing.due_until(now) <= timezone.localtime(now)
    sealing.seal_due(now)
    assert not sealed_ids("record")


def test_a_day_without_news_keeps_its_checkpoint() -> None:
    make_evidence()
    first = seal()

    second = seal(at=tomorrow() + timedelta(days=1))

    assert (second.size, second.root, second.note) == (first.size, first.root, first.note)
    assert second.path_from(first) == []
    assert sealing.seal_due(tomorrow() + timedelta(days=1)) is False


def test_a_refusal_that_waited_on_disk_is_sealed_when_it_was_stored() -> None:
    """I18. Red when: the seal goes by the moment of the choice."""
    make_evidence()
    first = seal()
    waited = make_record(made_at=timezone.now() - timedelta(days=5), stored_at=tomorrow())

    second = seal(at=tomorrow() + timedelta(days=1))

    assert second.size == first.size + 1
    assert waited.pk in sealed_ids("record")


def test_the_database_says_when_a_record_was_stored() -> None:
    """Red when: `stored_at` is the moment of the choice."""
    waited = make_made_choice(made_at=timezone.now() - timedelta(days=5))

    storing.store_record(waited)

    stored_at = ConsentRecord.objects.get(pk=waited.record_id).stored_at
    assert abs(timezone.now() - stored_at) < timedelta(minutes=5)


def test_a_record_of_the_release_before_waits_for_its_hash() -> None:
    """Red when: `is_ready` is left out: such a record would be sealed without a hash."""
    record_of_release_before()

    assert sealing.seal_due(tomorrow()) is False
    assert record_hashes.fill_in_some(timezone.now()) is True
    assert record_hashes.fill_in_some(timezone.now()) is False
    assert seal().size >= 2
    assert len(sealed_ids("record")) == 2


def test_a_record_that_gets_its_hash_later_is_not_of_a_sealed_day() -> None:
    """Red when: it keeps the moment of the choice: then `check_evidence` misses its leaf for ever."""
    sealed_until = seal().covers_until
    record = record_of_release_before(
        made_at=sealed_until - timedelta(days=3), stored_at=sealed_until + timedelta(days=1)
    )

    record_hashes.fill_in_some(timezone.now())

    assert ConsentRecord.objects.get(pk=record.pk).stored_at == sealed_until
    assert [*verification.rows()] == []


def test_more_rows_than_one_checkpoint_takes_follow_at_once(monkeypatch) -> None:
    """Red when: the rest is left for the next day, or sealed twice."""
    monkeypatch.setattr(sealing, "MOST_LEAVES_OF_A_SERIES", 3)
    monkeypatch.setattr(sealing, "LEAVES_AT_ONCE", 2)
    make_evidence(visitors=5)

    sizes = []
    while sealing.seal_due(tomorrow()):
        sizes.append(Checkpoint.objects.latest("number").size)
        assert len(sizes) < 20

    assert len(sizes) >= 3
    assert sizes == sorted(sizes)
    assert len(sealed_ids("record")) == len({*sealed_ids("record")}) == 10


@pytest.mark.parametrize("count", [255, 256, 257, 700])
def test_stored_nodes_change_no_root(count: int) -> None:
    """Red when: a node is stored before its subtree is whole, or misses a leaf."""
    rows = [tree.SealedRow("record", uuid.uuid4(), f"{number:064x}") for number in range(count)]
    for start in range(0, count, 100):
        tree.append(rows[start : start + 100])

    hashes = [row.leaf_hash() for row in rows]
    assert merkle.root(count, tree.subtree_reader()) == _root_over(hashes)
    assert Node.objects.count() == count // 256


def test_a_row_that_ends_is_forgotten_and_its_leaf_stays() -> None:
    """I20. Red when: the trigger is left out, or the leaf goes with the row."""
    make_evidence()
    checkpoint = seal()
    record = ConsentRecord.objects.first()
    withdrawal = MarketingWithdrawal.objects.get()

    with deletion_window(Reason.ERASURE):
        ConsentRecord.objects.filter(pk=record.pk).delete()
        withdrawal.consent.delete()

    assert not Leaf.objects.filter(row__in=[record.pk, withdrawal.consent_id])
    assert Leaf.objects.filter(row=None).count() == 2
    assert merkle.root(checkpoint.size, tree.subtree_reader()).hex() == checkpoint.root


def test_a_row_that_ended_as_it_was_to_be_sealed_leaves_no_number(monkeypatch) -> None:
    """I20. Red when: `_append` does not ask `_held` which rows are still there."""
    [records] = [each for each in sealing.all_series() if each.code == "record"]
    erased = make_record()
    read_before = [(erased.pk, erased.hash, timezone.now())]
    with deletion_window(Reason.ERASURE):
        ConsentRecord.objects.filter(pk=erased.pk).delete()
    stale = replace(records, stored=lambda since, until: read_before)
    monkeypatch.setattr(sealing, "_series", {"record": stale})

    seal()

    assert not Leaf.objects.exists()


def test_a_leaf_is_neither_changed_nor_deleted_not_even_in_a_deletion_window() -> None:
    """Red when: `deletes=False` is left out of the migration."""
    make_evidence()
    seal()

    for change in (
        "DELETE FROM evidence_leaf",
        "UPDATE evidence_leaf SET series = 'x', row = NULL",
    ):
        with (
            pytest.raises(IntegrityError),
            deletion_window(Reason.RETENTION),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Leaf.objects.update(row=None)


def test_of_two_workers_one_seals() -> None:
    """Red when: a leaf can be added twice at one position."""
    make_evidence()
    row = tree.SealedRow("record", uuid.uuid4(), "0" * 64)
    tree.append([row])

    with pytest.raises(IntegrityError), transaction.atomic():
        Leaf.objects.create(position=0, series="record", row=uuid.uuid4(), hash=b"\x00" * 32)
    with pytest.raises(IntegrityError), transaction.atomic():
        tree.append([row])


def test_sealing_reads_no_more_rows_each_day() -> None:
    """Red when: the rows of all earlier days are read again."""
    make_evidence()
    seal()
    with tampered(
        "UPDATE consent_consentrecord SET stored_at = %s", timezone.now() - timedelta(days=9)
    ):
        series = next(each for each in sealing.all_series() if each.code == "record")
        since = Checkpoint.objects.get().covers_until - sealing.LAG
        assert [*series.stored(since, tomorrow())] == []
