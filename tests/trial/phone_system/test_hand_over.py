"""A confirmed trial reaches the phone system, signed, and sets up one account (I17)."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from delivery.deliveries import BACKOFF, LEASE
from tests.factories import make_trial
from tests.phone_system import BREAK_OFF, HANG, NotSigned, PhoneSystem, phone_system, verify
from trial import actions
from trial.models import HandOver, SignUp
from trial.phone_system import hand_over, webhook

pytestmark = pytest.mark.django_db

State = HandOver.State


@pytest.fixture
def at() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def system(settings, at) -> Iterator[PhoneSystem]:
    with phone_system() as running:
        settings.PROVISIONING_URL, settings.PROVISIONING_SECRET = running.url, running.secret
        running.clock = at.timestamp
        yield running


@pytest.fixture
def trial(system, at) -> SignUp:
    return make_trial("email", at=at)


def test_the_phone_system_gets_only_the_data_that_it_needs(system, trial, at) -> None:
    """Red when: a consent, an attribution or a token is sent."""
    assert hand_over.deliver_next(at) is True

    [account] = system.accounts.values()
    assert account == {
        "trial_id": str(trial.pk),
        "name": "Anna Nowak",
        "email": "anna@example.com",
        "company": "Firma Przykładowa",
        "phone": "+48221234567",
        "extension": None,
        "language": "pl",
        "ends_at": (at + timedelta(days=30)).isoformat(),
    }
    row = HandOver.objects.get()
    assert (row.state, row.finished_at) == (State.DELIVERED, at)
    assert hand_over.deliver_next(at) is False
    assert len(system.requests) == 1


def test_the_example_of_the_specification_gets_its_signature(settings) -> None:
    """The values are from the tests of the specification's libraries. Red when: the signed message
    lacks a part, or has another order."""
    settings.PROVISIONING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    assert (
        webhook.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
        == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize("changed", ["body", "id", "stamp", "signature", "secret"])
def test_the_receiver_notices_every_change_of_a_message(system, trial, at, changed: str) -> None:
    """Red when: the signature leaves out the body, the id or the stamp."""
    hand_over.deliver_next(at)
    [(_path, headers, body)] = system.requests
    assert verify(system.secret, headers, body, now=at.timestamp())
    if changed == "body":
        body = body.replace(b"anna@", b"eve@")
    elif changed == "id":
        headers["webhook-id"] = headers["webhook-id"].translate(str.maketrans("0f", "f0"))[::-1]
    elif changed == "stamp":
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) + 1)
    elif changed == "signature":
        headers["webhook-signature"] = headers["webhook-signature"].replace("v1,", "v1,AAAA")
    secret = "whsec_" + "A" * 44 if changed == "secret" else system.secret

    with pytest.raises(NotSigned):
        verify(secret, headers, body, now=at.timestamp())


def test_the_receiver_refuses_an_old_message_that_a_stranger_sends_again(system, trial, at) -> None:
    hand_over.deliver_next(at)
    [(_path, headers, body)] = system.requests

    with pytest.raises(NotSigned):
        verify(system.secret, headers, body, now=at.timestamp() + 301)


def test_each_attempt_has_a_new_signature_and_the_same_id(system, trial, at) -> None:
    """Red when: every attempt has the stamp of the first, which would be refused as too old; or
    each attempt has a new id, which would set up two accounts."""
    system.answer = 500
    moment = at
    for _attempt in range(5):
        system.clock = moment.timestamp
        assert hand_over.deliver_next(moment) is True
        moment = HandOver.objects.get().next_attempt_at
    system.answer, system.clock = 204, moment.timestamp
    hand_over.deliver_next(moment)

    assert HandOver.objects.get().state == State.DELIVERED
    assert len({headers["webhook-id"] for _path, headers, _body in system.requests}) == 1
    assert len({headers["webhook-timestamp"] for _path, headers, _body in system.requests}) == 6
    assert list(system.accounts) == [str(HandOver.objects.get().pk)]


def test_a_lost_answer_sets_up_no_second_account(system, trial, at, monkeypatch) -> None:
    """Red when: the id is not that of the row."""
    with monkeypatch.context() as dying:

        def die(*_args: object, **_kwargs: object) -> None:
            raise SystemExit

        dying.setattr(HandOver, "finish", die)
        with pytest.raises(SystemExit):
            hand_over.deliver_next(at)
    assert hand_over.deliver_next(at + LEASE - timedelta(seconds=1)) is False
    assert hand_over.deliver_next(at + LEASE) is True

    assert (len(system.requests), len(system.accounts)) == (2, 1)
    assert HandOver.objects.get().state == State.DELIVERED


@pytest.mark.parametrize(
    ("answer", "error"),
    [(500, "HTTPError 500"), (302, "HTTPError 302"), (BREAK_OFF, "RemoteDisconnected")],
)
def test_any_answer_but_2xx_is_tried_again(
    system, trial, at, answer: int | str, error: str
) -> None:
    """Red when: such an error is not caught, or counts as delivered."""
    system.answer = answer
    assert hand_over.deliver_next(at) is True

    row = HandOver.objects.get()
    assert (row.state, row.last_error) == (State.WAITING, error)
    assert row.next_attempt_at == at + BACKOFF[0]


def test_a_redirect_is_not_followed(system, trial, at) -> None:
    """Red when: the opener follows redirects: personal data would go to another address."""
    system.answer = 302
    hand_over.deliver_next(at)

    assert [path for path, _headers, _body in system.requests] == ["/"]


def test_an_attempt_ends_when_the_receiver_hangs(system, trial, at, monkeypatch) -> None:
    """Red when: the request has no time limit."""
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.05)
    system.answer = HANG
    assert hand_over.deliver_next(at) is True

    assert HandOver.objects.get().last_error == "TimeoutError"


def test_an_unreachable_receiver_is_tried_again_later(settings, trial, at) -> None:
    with phone_system() as stopped_system:
        pass
    settings.PROVISIONING_URL = stopped_system.url
    hand_over.deliver_next(at)

    assert HandOver.objects.get().last_error == "URLError"


def test_a_hand_over_is_delivered_once_the_receiver_has_the_right_secret(system, trial, at) -> None:
    right, system.secret = system.secret, "whsec_" + "A" * 44
    hand_over.deliver_next(at)
    row = HandOver.objects.get()
    assert (row.state, row.last_error) == (State.WAITING, "HTTPError 401")
    system.secret, system.clock = right, row.next_attempt_at.timestamp
    hand_over.deliver_next(row.next_attempt_at)

    assert len(system.accounts) == 1


@pytest.mark.parametrize("secret", ["whsec_no Base64!", "whsec_żółw"])
def test_a_broken_secret_does_not_stop_the_worker(settings, system, trial, at, secret: str) -> None:
    """Red when: only errors of the connection are caught."""
    settings.PROVISIONING_SECRET = secret
    assert hand_over.deliver_next(at) is True

    assert HandOver.objects.get().state == State.WAITING


def test_after_the_last_attempt_the_hand_over_is_failed_and_logged(
    system, trial, at, caplog
) -> None:
    """Red when: it is deleted, tried for ever, or given up without a log line."""
    system.answer = 500
    with caplog.at_level(logging.ERROR):
        moment = at
        while hand_over.deliver_next(moment):
            moment = HandOver.objects.get().next_attempt_at

    row = HandOver.objects.get()
    assert (row.state, row.last_error) == (State.FAILED, "HTTPError 500")
    assert len(system.requests) == len(BACKOFF) + 1
    assert caplog.messages == [f"{row.pk} was given up: HTTPError 500"]


def test_a_hand_over_waits_while_provisioning_url_is_empty(settings, system, trial, at) -> None:
    """Red when: an attempt without an address counts."""
    settings.PROVISIONING_URL = ""
    assert hand_over.deliver_next(at) is False
    assert HandOver.objects.get().attempts == 0
    settings.PROVISIONING_URL = system.url
    assert hand_over.deliver_next(at) is True

    assert len(system.accounts) == 1


def test_a_trial_that_staff_ended_is_not_handed_over(system, trial, at) -> None:
    """Red when: an account is set up for a trial that is over."""
    actions.end_trial(trial, at=at)
    assert hand_over.deliver_next(at) is True

    assert (HandOver.objects.get().state, system.requests) == (State.CANCELED, [])


def test_without_a_phone_system_nothing_is_queued(settings, at) -> None:
    settings.PROVISIONING_URL = ""
    make_trial(at=at)

    assert HandOver.objects.count() == 0


def test_a_missing_telephone_number_is_null(system, at) -> None:
    make_trial(at=at, phone="")
    hand_over.deliver_next(at)

    [(_path, _headers, body)] = system.requests
    assert json.loads(body)["data"]["phone"] is None
    assert json.loads(body)["timestamp"] == at.astimezone(UTC).isoformat()


def test_the_log_holds_no_personal_data(system, trial, at, log_lines, monkeypatch) -> None:
    """Red when: the text of an error, or the payload, is logged."""
    system.answer = 500
    hand_over.deliver_next(at)
    monkeypatch.setattr(hand_over, "payload", lambda _row: int("anna@example.com"))
    hand_over.deliver_next(HandOver.objects.get().next_attempt_at)

    logged = "\n".join(log_lines)
    assert "could not be sent." in logged
    assert '"ValueError"' in logged
    words = ("Anna", "'anna@", "221234567", "Przyk")
    assert [word for word in words if word in logged] == []
