"""One worker at a time claims a row, and every row ends as delivered, failed or canceled."""

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
    """Red when: the UPDATE of `claim_next` does not check again that the row is due."""
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
def test_a_claim_that_waited_for_another_transaction_sees_its_changes(at) -> None:
    """Red when: the row is claimed by its id alone."""
    put(at)
    both_read = threading.Barrier(2)

    class Hesitant(type(Mail.objects.all())):
        def first(self) -> Mail | None:
            row = super().first()
            if row is not None:
                both_read.wait()  # both workers have read the same row before either claims it
            return row

    def claim(_worker: int) -> Mail | None:
        try:
            return Hesitant(Mail).claim_next(at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        claimed = list(workers.map(claim, range(2)))

    assert sorted(row is None for row in claimed) == [False, True]


@pytest.mark.django_db
def test_no_other_worker_claims_a_row_until_the_lease_ends(at) -> None:
    """Red when: `due` does not check `claimed_until`."""
    mail = put(at)
    assert Mail.objects.claim_next(at=at) == mail
    assert Mail.objects.claim_next(at=at + LEASE - timedelta(seconds=1)) is None
    again = Mail.objects.claim_next(at=at + LEASE)

    assert (again, again.attempts) == (mail, 2)


@pytest.mark.django_db
def test_the_oldest_due_row_is_claimed_first(at) -> None:
    put(at)
    oldest = put(at - timedelta(hours=1))
    put(at - timedelta(minutes=1))

    assert Mail.objects.claim_next(at=at) == oldest


@pytest.mark.django_db
def test_every_attempt_waits_longer_and_the_last_failure_is_logged_as_an_error(at, caplog) -> None:
    """Red when: the index into BACKOFF is off by one, or giving up is not logged."""
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
def test_a_failed_delivery_starts_over_when_staff_ask_for_it(at) -> None:
    """Red when: `try_again` keeps the number of attempts, so that the next failure is the last."""
    mail = put(at, attempts=len(BACKOFF) + 1)
    mail.retry_later(at=at, error="TimeoutError")
    mail.try_again(at=at)

    claimed = Mail.objects.claim_next(at=at)
    assert (claimed, claimed.attempts, claimed.finished_at) == (mail, 1, None)


@pytest.mark.django_db
def test_trying_again_changes_nothing_while_a_worker_has_claimed_the_row(at) -> None:
    """Red when: `try_again` ends the claim, and a second worker sends the mail as well."""
    put(at)
    claimed = Mail.objects.claim_next(at=at)
    Mail.objects.get().try_again(at=at)
    assert Mail.objects.claim_next(at=at) is None
    claimed.finish(State.DELIVERED, at=at)

    assert Mail.objects.get().state == State.DELIVERED


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["finish", "retry", "write"])
def test_a_worker_that_lost_its_claim_writes_nothing(at, end: str) -> None:
    """Red when: `write` does not compare the claim with the stored row."""
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
def test_a_long_error_is_cut_to_fit_its_column(at) -> None:
    mail = put(at)
    mail.finish(State.FAILED, at=at, error="x" * 500)

    assert Mail.objects.get().last_error == "x" * 200
