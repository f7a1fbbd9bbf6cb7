"""Each acknowledged choice has one record and one leaf, whoever writes beside it.

The long form, with fifty writers: `make chaos`.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from consent.records import storing
from evidence.models import Leaf
from evidence.seal import sealing, verification
from privacy.rights.cases import erasure
from privacy.rights.map.declarations import Person
from tests.evidence.seal.parallel_writers import due_now, problems_of, seal_now, write_in_parallel
from tests.factories import make_made_choice

# `make chaos` lets fifty write.
WRITERS = int(os.environ.get("WRITERS") or 8)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time."
    ),
]


@contextmanager
def unfinished(work: Callable[[], Any]) -> Iterator[None]:
    """Do the work in a transaction of another thread, which ends after the block."""
    is_done, may_end = threading.Event(), threading.Event()

    def do() -> None:
        with transaction.atomic():
            work()
            is_done.set()
            may_end.wait(20)
        connection.close()

    thread = threading.Thread(target=do)
    thread.start()
    try:
        assert is_done.wait(20)
        yield
    finally:
        may_end.set()
        thread.join()


def test_many_writers_lose_nothing_and_seal_nothing_twice(monkeypatch) -> None:
    """Red when: two seals add a leaf for the same row, or two tabs supersede the same record."""
    monkeypatch.setattr(sealing, "due_until", due_now)

    outcome = write_in_parallel(writers=WRITERS, choices=12)
    monkeypatch.setattr(sealing, "LEAVES_AT_ONCE", 7)
    assert seal_now()

    assert outcome.done["choices"] == WRITERS * 12
    assert min(outcome.done["publications"], outcome.done["erasures"], outcome.seals) >= 1
    assert problems_of(outcome) == []
    for check in (verification.leaves, verification.nodes, verification.checkpoints):
        assert [row for row in check() if row.mismatch] == []
    assert sealing.seal_due(timezone.now())


def test_a_record_whose_transaction_ends_after_the_seal_is_in_the_next_one(monkeypatch) -> None:
    """Red when: the next seal begins where the last one ended: `- LAG` is left out."""
    monkeypatch.setattr(sealing, "due_until", due_now)
    record = make_made_choice()

    with unfinished(lambda: storing.store_record(record)):
        assert seal_now()
    assert not Leaf.objects.filter(row=record.record_id)

    assert seal_now()

    assert Leaf.objects.filter(row=record.record_id).count() == 1


def test_a_record_whose_erasure_has_not_ended_gets_no_leaf(monkeypatch) -> None:
    """I20. Red when: `_held` takes no lock: the trigger, which ran before, forgets no leaf."""
    monkeypatch.setattr(sealing, "due_until", due_now)
    record = make_made_choice()
    storing.store_record(record)
    person = Person("", frozenset({record.record_id}))

    with unfinished(lambda: erasure.erase(person, at=timezone.now())):
        assert seal_now()

    assert not Leaf.objects.filter(series="record").exists()
    assert seal_now()
