"""A row is claimed by one worker at a time, and every state that it can be in has an end."""

import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from delivery.deliveries import BACKOFF, LEASE
from delivery.models import Mail

State = Mail.State


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def put(at: datetime, **fields: object) -> Mail:
    return Mail.objects.create(
        **{"kind": "x", "about": "x", "created_at": at, "next_attempt_at": at} | fields
    )


@pytest.mark.django_db(transaction=True)
def test_two_workers_claim_each_row_once(at) -> None:
    """Red when: `claim_next` does not ask again, as it updates, whether the row is still due."""
    wanted = {put(at).pk for _number in range(30)}
    start = threading.Barrier(2)

    def claim_all(_worker: int) -> list[object]:
        try:
            start.wait()
            return [row.pk for row in iter(lambda: Mail.objects.claim_next(at=at), None)]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        claimed = Counter(pk for pks in workers.map(claim_all, range(2)) for pk in pks)

    assert claimed == dict.fromkeys(wanted, 1)
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_waits_for_another_transaction_sees_what_that_did(at) -> None:
    """Red when: the row is claimed by its number alone."""
    put(at)
    seen = threading.Barrier(2)

    class Hesitant(type(Mail.objects.all())):
        def first(self) -> Mail | None:
            found = super().first()
            if found is not None:
                seen.wait()  # both have found the same row before either claims it
            return found

    def claim(_worker: int) -> Mail | None:
        try:
            return Hesitant(Mail).claim_next(at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        claimed = list(workers.map(claim, range(2)))

    assert sorted(row is None for row in claimed) == [False, True]


@pytest.mark.django_db
def test_a_claimed_row_is_nobody_elses_until_the_lease_ends(at) -> None:
    """Red when: `due` does not look at `claimed_until`."""
    mail = put(at)
    assert Mail.objects.claim_next(at=at) == mail
    assert Mail.objects.claim_next(at=at + LEASE - timedelta(seconds=1)) is None
    again = Mail.objects.claim_next(at=at + LEASE)

    assert (again, again.attempts) == (mail, 2)


@pytest.mark.django_db
def test_the_oldest_is_next(at) -> None:
    put(at)
    oldest = put(at - timedelta(hours=1))
    put(at - timedelta(minutes=1))

    assert Mail.objects.claim_next(at=at) == oldest


@pytest.mark.django_db
def test_every_attempt_waits_longer_and_the_last_is_said_loudly(at, caplog) -> None:
    """Red when: the index into BACKOFF is off by one, or nobody hears of what was given up."""
    put(at)
    moment, waits = at, []
    with caplog.at_level(logging.ERROR):
        while (mail := Mail.objects.claim_next(at=moment)) is not None:
            mail.retry_later(at=moment, error="TimeoutError")
            waits.append(mail.next_attempt_at - moment)
            moment = mail.next_attempt_at

    assert tuple(waits[:-1]) == BACKOFF
    assert sorted(BACKOFF) == list(BACKOFF)
    mail = Mail.objects.get()
    assert (mail.state, mail.finished_at) == (State.FAILED, moment)
    assert (mail.attempts, mail.last_error) == (len(BACKOFF) + 1, "TimeoutError")
    assert caplog.messages == [f"{mail} was given up: TimeoutError"]


@pytest.mark.django_db
def test_what_was_given_up_starts_over_when_somebody_asks(at) -> None:
    """Red when: `try_again` keeps the attempts, so that the first failure is the last again."""
    mail = put(at, attempts=len(BACKOFF) + 1)
    mail.retry_later(at=at, error="TimeoutError")
    mail.try_again(at=at)

    claimed = Mail.objects.claim_next(at=at)
    assert (claimed, claimed.attempts, claimed.finished_at) == (mail, 1, None)


@pytest.mark.django_db
def test_asking_for_it_again_while_a_worker_has_it_changes_nothing(at) -> None:
    """Red when: `try_again` takes the row away from the worker, and a second one sends it."""
    put(at)
    held = Mail.objects.claim_next(at=at)
    Mail.objects.get().try_again(at=at)
    assert Mail.objects.claim_next(at=at) is None
    held.finish(State.DELIVERED, at=at)

    assert Mail.objects.get().state == State.DELIVERED


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["finish", "retry", "write"])
def test_who_lost_its_row_writes_nothing_to_it(at, end: str) -> None:
    """Red when: `write` does not compare what was read with what is there."""
    put(at)
    slow = Mail.objects.claim_next(at=at)
    Mail.objects.claim_next(at=at + LEASE)
    before = Mail.objects.values().get()
    if end == "finish":
        slow.finish(State.FAILED, at=at)
    elif end == "retry":
        slow.retry_later(at=at, error="x")
    else:
        assert slow.write(possible_copies=0) is False

    assert Mail.objects.values().get() == before
    assert slow.state == State.WAITING


@pytest.mark.django_db
def test_a_long_error_is_cut_and_not_refused(at) -> None:
    mail = put(at)
    mail.finish(State.FAILED, at=at, error="x" * 500)

    assert Mail.objects.get().last_error == "x" * 200
