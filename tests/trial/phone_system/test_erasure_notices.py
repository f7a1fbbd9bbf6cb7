"""The phone system is told which trials were erased, and gets no trial after that."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from delivery import worker
from delivery.deliveries import BACKOFF, LEASE
from privacy.rights.retention import purge
from tests.factories import make_trial
from tests.phone_system import HANG, PhoneSystem, phone_system
from tests.staff import act, make_staff, message_levels
from trial import checks
from trial.models import ErasureNotice, HandOver, HandOverQuerySet, SignUp
from trial.phone_system import hand_over, webhook
from trial.rights import rows_of_person as rows

pytestmark = pytest.mark.django_db

NOTICES = "/admin/trial/erasurenotice/"
State = ErasureNotice.State


@pytest.fixture
def at() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def system(settings, at) -> Iterator[PhoneSystem]:
    with phone_system() as running:
        settings.PROVISIONING_URL, settings.PROVISIONING_SECRET = running.url, running.secret
        running.clock = at.timestamp
        yield running


def erase(*trials: SignUp, at: datetime) -> None:
    """What an erasure does with sign-ups."""
    sign_ups = SignUp.objects.filter(pk__in=[trial.pk for trial in trials])
    with transaction.atomic():
        hand_over.tell_of_erasure(sign_ups, at=at)
        sign_ups.delete()


def make_failed(system: PhoneSystem, at: datetime) -> ErasureNotice:
    erase(make_trial(at=at), at=at)
    notice = ErasureNotice.objects.get()
    notice.finish(State.FAILED, at=at, error="HTTPError 502")
    return notice


def test_the_phone_system_gets_the_number_of_an_erased_trial_and_nothing_else(system, at) -> None:
    """Red when: the notice holds more, is not signed, or is sent twice."""
    trial = make_trial("email", at=at)
    number = str(trial.pk)
    other = make_trial(email="jan@firma.pl", at=at)
    while hand_over.deliver_next(at):
        pass
    erase(trial, at=at)

    assert hand_over.deliver_next_notice(at) is True
    assert hand_over.deliver_next_notice(at) is False

    _path, headers, body = system.requests[-1]
    moment = at.isoformat()
    assert body.decode() == (
        f'{{"type": "trial.erased", "timestamp": "{moment}", "data": {{"trial_id": "{number}"}}}}'
    )
    notice = ErasureNotice.objects.get()
    assert (notice.state, headers["webhook-id"]) == (State.DELIVERED, str(notice.pk))
    assert system.erased == {str(notice.pk): number}
    assert [account["trial_id"] for account in system.accounts.values()] == [str(other.pk)]
    assert system.refusals == []


def test_only_a_trial_with_a_hand_over_has_a_notice_and_one_alone(settings, system, at) -> None:
    """Red when: the phone system is told of people whom it never knew, or twice of one."""
    trial = make_trial(at=at)
    settings.PROVISIONING_URL = ""
    unknown = make_trial(email="jan@firma.pl", at=at)
    number = trial.pk

    with transaction.atomic():
        hand_over.tell_of_erasure(SignUp.objects.all(), at=at)
    erase(trial, unknown, at=at)

    assert ErasureNotice.objects.get().trial_id == number


def test_no_worker_claims_a_trial_between_its_notice_and_its_deletion(system, at) -> None:
    """SQLite has one lock for all. Red when: the rows of the hand-overs are not locked."""
    make_trial(at=at)
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        hand_over.tell_of_erasure(SignUp.objects.all(), at=at)

    [read] = [each["sql"] for each in queries if each["sql"].startswith("SELECT")]
    assert ("FOR UPDATE" in read) is connection.features.has_select_for_update


def test_an_erasure_that_is_rolled_back_leaves_no_notice(system, at) -> None:
    """Red when: the notice is written outside the transaction of the erasure."""
    make_trial(at=at)
    with transaction.atomic():
        hand_over.tell_of_erasure(SignUp.objects.all(), at=at)
        assert ErasureNotice.objects.exists()
        transaction.set_rollback(True)

    assert not ErasureNotice.objects.exists()


def test_a_notice_does_not_overtake_the_trial_that_is_being_sent(system, at) -> None:
    """Red when: the notice is due while another worker may still send the trial."""
    trial = make_trial(at=at)
    HandOver.objects.claim_next(at=at)
    moment = at + timedelta(seconds=30)

    erase(trial, at=moment)

    assert hand_over.deliver_next_notice(at + LEASE - timedelta(seconds=1)) is False
    system.clock = (at + LEASE).timestamp
    assert hand_over.deliver_next_notice(at + LEASE) is True
    assert len(system.erased) == 1


@pytest.mark.parametrize("seconds", [0, LEASE.total_seconds() + 1])
def test_a_notice_is_due_at_once_where_nothing_is_being_sent(system, at, seconds: float) -> None:
    """Red when: a claim that is over, or none, delays or dates back the notice."""
    trial = make_trial(at=at)
    if seconds:
        HandOver.objects.claim_next(at=at)
    moment = at + timedelta(seconds=seconds)

    erase(trial, at=moment)

    assert ErasureNotice.objects.get().next_attempt_at == moment


def test_a_trial_that_is_deleted_right_after_the_claim_is_not_sent(system, at, monkeypatch) -> None:
    """Red when: the worker crashes, or posts the trial."""
    trial = make_trial(at=at)
    claim_next = HandOverQuerySet.claim_next

    def claim_and_lose(rows: HandOverQuerySet, *, at: datetime) -> HandOver | None:
        claimed = claim_next(rows, at=at)
        erase(trial, at=at)
        return claimed

    monkeypatch.setattr(HandOverQuerySet, "claim_next", claim_and_lose)

    assert hand_over.deliver_next(at) is True
    assert system.requests == []


def test_a_row_that_is_deleted_during_its_claim_is_passed_over(system, at, monkeypatch) -> None:
    """Red when: the claim fails because the row is gone, and the worker with it."""
    lost = make_trial(at=at)
    other = make_trial(email="jan@firma.pl", at=at + timedelta(seconds=1))
    refresh = HandOver.refresh_from_db

    def lose_and_refresh(row: HandOver) -> None:
        SignUp.objects.filter(pk=lost.pk).delete()
        refresh(row)

    monkeypatch.setattr(HandOver, "refresh_from_db", lose_and_refresh)

    claimed = HandOver.objects.claim_next(at=at + timedelta(seconds=1))
    assert claimed.sign_up_id == other.pk


def test_a_trial_that_is_deleted_while_it_is_sent_ends_quietly(system, at, monkeypatch) -> None:
    """Red when: the outcome is written to a row that is gone, and the worker crashes; or telling
    of erasures is no job of the worker."""
    trial = make_trial(at=at)
    post = webhook._post

    def post_and_lose(*arguments: Any, **options: Any) -> None:
        post(*arguments, **options)
        erase(trial, at=at)

    with monkeypatch.context() as slow:
        slow.setattr(webhook, "_post", post_and_lose)
        assert hand_over.deliver_next(at) is True

    assert not HandOver.objects.exists()
    assert len(system.accounts) == 1
    system.clock = (at + LEASE).timestamp
    worker.work_off(at + LEASE)
    assert system.accounts == {}


def test_a_notice_is_tried_again_with_the_same_id_and_then_given_up(system, at, caplog) -> None:
    """Red when: a notice has no retries, another id each time, or no end."""
    erase(make_trial(at=at), at=at)
    system.answer = 500
    moment = at
    while hand_over.deliver_next_notice(moment):
        moment = ErasureNotice.objects.get().next_attempt_at

    notice = ErasureNotice.objects.get()
    assert (notice.state, notice.last_error) == (State.FAILED, "HTTPError 500")
    assert len(system.requests) == len(BACKOFF) + 1
    assert {headers["webhook-id"] for _path, headers, _body in system.requests} == {str(notice.pk)}
    assert caplog.messages[-1] == f"{notice.pk} was given up: HTTPError 500"


@pytest.mark.parametrize(("answer", "error"), [(302, "HTTPError 302"), (HANG, "TimeoutError")])
def test_a_notice_follows_no_redirect_and_waits_for_nobody(
    system, at, monkeypatch, answer: int | str, error: str
) -> None:
    """Red when: notices have an attempt of their own, without the limits of a hand-over."""
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.05)
    erase(make_trial(at=at), at=at)
    system.answer = answer

    assert hand_over.deliver_next_notice(at) is True

    assert ErasureNotice.objects.get().last_error == error
    assert [path for path, _headers, _body in system.requests] == ["/"]


def test_a_notice_waits_while_provisioning_url_is_empty(settings, system, at) -> None:
    """Red when: an attempt without an address counts, or nothing warns of it."""
    erase(make_trial(at=at), at=at)
    settings.PROVISIONING_URL = ""

    assert hand_over.deliver_next_notice(at) is False

    assert ErasureNotice.objects.get().attempts == 0
    [warning] = checks.hand_overs_on_their_way(None, databases=["default"])
    sentence = "Erasures that the phone system must be told of: 1; but PROVISIONING_URL is empty."
    assert (warning.id, warning.msg) == ("trial.W004", sentence)


def test_a_notice_that_was_given_up_is_a_warning(system, at) -> None:
    """Red when: nobody learns that the phone system still has the account."""
    make_failed(system, at)

    [warning] = checks.hand_overs_on_their_way(None, databases=["default"])
    sentence = "Erasures that the phone system was not told of, as every attempt failed: 1."
    assert (warning.id, warning.msg) == ("trial.W005", sentence)


def test_staff_see_a_notice_that_was_given_up_and_start_it_over(admin_client, system, at) -> None:
    """Red when: the list lacks the number or the error, or the action does nothing."""
    notice = make_failed(system, at)

    page = admin_client.get(NOTICES).content.decode()
    assert str(notice.trial_id) in page
    assert "HTTPError 502" in page
    assert message_levels(act(admin_client, NOTICES, "try_again", notice)) == ["success"]
    notice.refresh_from_db()
    assert notice.state == State.WAITING


def test_staff_who_may_only_view_notices_cannot_start_one_over(system, at) -> None:
    """Red when: the action needs no permission, or only `view`."""
    notice = make_failed(system, at)

    act(make_staff("view_erasurenotice"), NOTICES, "try_again", notice)

    notice.refresh_from_db()
    assert notice.state == State.FAILED


def purge_notices(at: datetime) -> int:
    [rule] = [rule for rule in purge.rules() if rule.model is ErasureNotice]
    return purge.purge_some(rule, at=at)


@pytest.mark.parametrize(
    ("make", "is_over"),
    [(make_failed, True), (lambda _system, at: erase(make_trial(at=at), at=at), False)],
)
def test_a_notice_ends_90_days_after_it_arrived_or_was_given_up(
    system, at, make: Callable, is_over: bool
) -> None:
    """Red when: the time runs from its creation, or a notice that waits is deleted."""
    make(system, at)

    assert purge_notices(at + timedelta(days=89)) == 0
    assert purge_notices(at + timedelta(days=90)) == is_over
    assert rows.old_erasure_notices(at + timedelta(days=90)).count() == 0
