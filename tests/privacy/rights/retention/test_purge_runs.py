"""Retention runs once a day among all replicas, goes on after a crash, and says when it is late."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from consent.models import ConsentRecord
from delivery import worker
from delivery.models import Token
from privacy.models import PurgeRun
from privacy.rights.retention import purge, purge_runs
from tests.privacy.rights.people import START, days, make_people, make_record
from trial.models import SignUp

LATER = START + days(2000)
RECORDS = 40


@pytest.fixture(autouse=True)
def small_batches(monkeypatch) -> None:
    monkeypatch.setattr(purge, "ROWS_AT_ONCE", 3)


def make_records() -> None:
    for _number in range(RECORDS):
        make_record(made_at=START)


def work_off(*, at=LATER) -> None:
    while purge_runs.purge_daily(at):
        pass


def counted() -> list[int]:
    return [run.counts["consent_consentrecord 1"] for run in PurgeRun.objects.order_by("pk")]


@pytest.mark.django_db
def test_the_worker_purges_once_a_day() -> None:
    """Red when: the job is not registered, or runs again on the same day."""
    make_people(at=START)

    worker.work_off(LATER)
    worker.work_off(LATER + days(1) / 24)
    assert [run.is_complete for run in PurgeRun.objects.all()] == [True]
    assert not SignUp.objects.exists()

    worker.work_off(LATER + days(1))
    assert PurgeRun.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_purge_once() -> None:
    """Red when: the run of a day is made twice, or two workers take the same batch."""
    make_records()
    together = Barrier(2)

    def work() -> None:
        together.wait(timeout=10)
        work_off()
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(work) for _worker in range(2)]:
            each.result()
    work_off()  # if both skipped the last batch because of the other

    assert not ConsentRecord.objects.exists()
    assert counted() == [RECORDS]


@pytest.mark.django_db(transaction=True)
def test_two_commands_at_once_purge_once(time_machine) -> None:
    """Red when: a row is counted by both, or one of them fails."""
    time_machine.move_to(LATER)
    make_records()
    together = Barrier(2)

    def run() -> None:
        together.wait(timeout=10)
        call_command("purge_expired", stdout=mock.Mock())
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(run) for _command in range(2)]:
            each.result()

    assert not ConsentRecord.objects.exists()
    assert sum(counted()) == RECORDS
    assert all(run.is_complete for run in PurgeRun.objects.all())


class Killed(BaseException):
    """What ends a process in the middle, without any handler of ours."""


@pytest.mark.django_db(transaction=True)
def test_a_run_goes_on_after_a_crash_in_the_middle_of_a_batch(monkeypatch) -> None:
    """Red when: a batch is deleted and not counted, or a run that died is never taken up again."""
    make_records()
    delete_companions = purge._delete_companions
    batches = 0

    def crash_in_the_fifth_batch(*arguments: object) -> None:
        nonlocal batches
        batches += 1
        if batches == 5:
            raise Killed
        delete_companions(*arguments)

    monkeypatch.setattr(purge, "_delete_companions", crash_in_the_fifth_batch)
    with pytest.raises(Killed):
        work_off()
    assert ConsentRecord.objects.count() == RECORDS - 4 * 3

    work_off(at=LATER + days(1) / 24)

    assert not ConsentRecord.objects.exists()
    assert counted() == [RECORDS]


@pytest.mark.django_db
def test_a_rule_that_fails_keeps_no_other_from_its_turn(monkeypatch) -> None:
    """Red when: one error ends the run, or the run counts as complete in spite of it."""
    make_people(at=START)
    some = purge.purge_some

    def fail_for_tokens(rule: purge.Rule, **options: object) -> int:
        if rule.model is Token:
            raise ValueError
        return some(rule, **options)

    monkeypatch.setattr(purge, "purge_some", fail_for_tokens)
    work_off()

    [run] = PurgeRun.objects.all()
    assert (run.is_complete, run.left_rules()) == (False, ["privacy_token 1"])
    assert not ConsentRecord.objects.exists()
    with pytest.raises(CommandError, match="These could not be purged: privacy_token 1"):
        call_command("purge_expired")

    monkeypatch.setattr(purge, "purge_some", some)
    call_command("purge_expired")
    assert PurgeRun.objects.last_complete() is not None


@pytest.mark.django_db
def test_a_run_that_is_late_is_a_problem() -> None:
    """Red when: a run that is unfinished or failed counts, or 26 hours become more."""
    at = timezone.now()
    assert purge_runs.problem(at=at).startswith("rows past their period were never purged: ")

    run = PurgeRun.objects.create(started_at=at, finished_at=at, is_complete=True)
    assert purge_runs.problem(at=at + days(26) / 24) == ""
    PurgeRun.objects.create(started_at=at + days(1))
    assert purge_runs.problem(at=at + days(26.001) / 24) == (
        f"rows past their period were last purged at {run} UTC: start manage.py worker, or run "
        "manage.py purge_expired"
    )
