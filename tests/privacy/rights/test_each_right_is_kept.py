"""Whatever is killed between two steps, each acknowledged request has its outcome once (I17).

With real processes: tests/chaos/rights.py, by `make chaos`.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import OperationalError, transaction
from django.utils import timezone

from delivery import deliveries, outbox, worker
from delivery.models import Mail
from privacy.models import DataRequest, PurgeRun, RateCount
from privacy.rights.map.register import all_declared
from tests.dying import Killed, counted_steps
from tests.privacy.rights.asked_rights import (
    EMAIL,
    FINAL,
    RIGHTS,
    START,
    AskedRight,
    at_start,
    make_anna,
)
from trial.phone_system import webhook

pytestmark = pytest.mark.django_db

each_right = pytest.mark.parametrize("right", RIGHTS, ids=[right.name for right in RIGHTS])
# Each of the others asks for one more mail, or is refused the second time.
REPEATABLE = [right for right in RIGHTS if right.is_repeatable]


@pytest.fixture(autouse=True)
def places(settings, tmp_path, monkeypatch) -> None:
    settings.STATE_DIR = tmp_path / "state"
    settings.PROVISIONING_URL = "https://phone.example.com/trials"
    monkeypatch.setattr(webhook, "_post", lambda *arguments, **options: None)


@pytest.fixture
def page(places) -> str:
    """The open page of a person. No purge runs on these days: it is tested in its own place."""
    for day in (START, FINAL):
        PurgeRun.objects.create(
            day=timezone.localdate(day), started_at=day, finished_at=day, is_complete=True
        )
    with at_start():
        return make_anna()


@contextmanager
def taken_back() -> Iterator[None]:
    """What the block changes in the database, among the mails and on the disk is undone."""
    mail.outbox.clear()
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        for path in settings.STATE_DIR.rglob("*.*"):
            path.unlink()


def work(moments: Sequence[datetime], deaths: list[int]) -> int:
    """Let workers work off what is due at each moment. Returns how many of them were killed.

    The first is killed before its step with the number deaths[0], counted over all moments, the
    next before deaths[1], and so on. The next one starts when the lease of the dead one has ended.
    """
    killed, done = 0, 0
    for moment in moments:
        at = moment
        while True:
            last = deaths[killed] - done if killed < len(deaths) else None
            try:
                with counted_steps(last, also=((webhook, "_post"),)) as steps:
                    worker.work_off(at)
            except Killed:
                killed, done = killed + 1, 0
                at += deliveries.LEASE + timedelta(seconds=1)
            else:
                done += steps.number
                break
    return killed


def assert_it_is_kept(right: AskedRight, log_lines: list[str], *, killed: int = 0) -> None:
    """One outcome of each request, one mail of each, a second copy for a killed worker at most."""
    found = sorted((request.kind, request.outcome) for request in DataRequest.objects.all())
    assert found == sorted(right.requests)
    assert all(request.acknowledged_at for request in DataRequest.objects.all())
    copies = Counter(message.subject.partition(" (")[0] for message in mail.outbox)
    # Two that died right before the content may each have sent it, so no third one tries. The log
    # says so, and staff send such a mail anew.
    given_up = sum(outbox.POSSIBLY_SENT_TWICE in line for line in log_lines)
    assert given_up <= (killed == 2)
    assert {*copies} <= {*right.mails}
    assert len(copies) >= len(right.mails) - given_up
    assert max(copies.values(), default=0) <= 2
    assert copies.total() - len(right.mails) <= killed
    assert {each for message in mail.outbox for each in message.to} <= {EMAIL}
    assert not Mail.objects.filter(
        state=Mail.State.WAITING, next_attempt_at__lte=right.moments[-1]
    ).exists()
    right.check()


@each_right
@pytest.mark.parametrize("deaths", [1, 2])
def test_a_worker_that_is_killed_between_two_steps_loses_nothing(
    right: AskedRight, deaths: int, page: str, log_lines: list[str]
) -> None:
    """Red when: a row is written outside the transaction of its cause, an erasure is final without
    its journal, a copy is counted after the mail was sent, or the next worker repeats an effect."""
    with at_start():
        right.before(page)
        assert right.ask(page) in {200, 303}
        for number in itertools.count():
            log_lines.clear()
            with taken_back():
                killed = work(right.moments, [number] * deaths)
                assert_it_is_kept(right, log_lines, killed=killed)
            if not killed:
                break
    # Claim, copy, mail and end of each mail are steps.
    assert number >= 4 * len(right.mails)


def stop(error: type[BaseException]) -> Callable[[], None]:
    def end() -> None:
        raise error

    return end


def everything() -> dict[str, list[Any]]:
    """Every row of the person. How often a form was sent may be counted all the same."""
    models = [data.model for data in all_declared() if data.model is not RateCount]
    return {
        model._meta.label: [*model._default_manager.order_by("pk").values()] for model in models
    }


@each_right
@pytest.mark.parametrize("error", [Killed, OperationalError], ids=["killed", "database gone"])
def test_what_was_not_acknowledged_does_not_half_exist(
    right: AskedRight, error: type[BaseException], page: str, log_lines: list[str]
) -> None:
    """The web process dies, or loses its database, before each step; then the person asks again.
    Red when: a restriction exists without its request, or a request without its mail."""
    with at_start():
        right.before(page)
        before = everything()
        for number in itertools.count():
            with taken_back():
                is_answered = ask_until(right, number, error, page)
                if not is_answered:
                    assert everything() == before, number
                    right.ask(page)
                work(right.moments, [])
                assert_it_is_kept(right, log_lines)
            if is_answered:
                break
    assert number >= len(right.requests) + len(right.mails)


def ask_until(right: AskedRight, number: int, error: type[BaseException], page: str) -> bool:
    """Ask while the process ends before its step with this number. Whether it was answered."""
    try:
        with counted_steps(number, end=stop(error)):
            status = right.ask(page)
    except error:
        return False
    assert status in {200, 303, 503}
    return status != 503


@pytest.mark.parametrize("right", REPEATABLE, ids=[right.name for right in REPEATABLE])
def test_asking_twice_has_one_outcome(right: AskedRight, page: str, log_lines: list[str]) -> None:
    """Somebody whose first answer got lost on its way asks again. Red when: an action does not look
    for what was done before."""
    with at_start():
        right.before(page)
        for _again in range(2):
            assert right.ask(page) in {200, 303}
        work(right.moments, [])
        assert_it_is_kept(right, log_lines)
