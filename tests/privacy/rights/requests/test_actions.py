"""What becomes of a request, step by step, and what is refused with its reason."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from delivery.models import Mail
from privacy.models import DataRequest
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions
from privacy.rights.requests.actions import NotPossible
from tests.privacy.rights.requests.made import (
    ANNA,
    START,
    colleague,
    kinds,
    make_complaint_by_letter,
    make_request,
)

pytestmark = pytest.mark.django_db

Act = Callable[[DataRequest, datetime], None]
ACTS: dict[str, Act] = {
    "acknowledge": lambda row, at: actions.acknowledge(row, user=colleague(), at=at),
    "verify": lambda row, at: actions.verify(row, text="Called back.", user=colleague(), at=at),
    "pause": lambda row, at: actions.pause(row, reason="Why.", user=colleague(), at=at),
    "resume": lambda row, at: actions.resume(row, user=colleague(), at=at),
    "extend": lambda row, at: actions.extend(row, reason="Why.", user=colleague(), at=at),
    "answer": lambda row, at: actions.answer(
        row, text="Done.", outcome="done", user=colleague(), at=at
    ),
}
# Five weeks after a request its month is over.
LATE = START + timedelta(days=35)


def type_in(person: Person = ANNA, **changes) -> DataRequest:
    typed = {
        "kind": "access",
        "source": "letter",
        "language": "en",
        "text": "Please send me my data.",
        "received_on": date(2026, 4, 30),
        "verified_by": "",
        "sends_mail": False,
        "user": colleague(),
        "at": START,
    }
    return actions.type_in(person, **typed | changes)


@pytest.mark.parametrize("sends_mail", [True, False])
@pytest.mark.parametrize("person", [ANNA, Person("")])
def test_a_typed_in_request_is_acknowledged_where_the_box_says_so_and_there_is_an_address(
    person: Person, sends_mail: bool
) -> None:
    """Red when: a letter is acknowledged by nobody, and counts as acknowledged."""
    request = type_in(person, sends_mail=sends_mail)

    is_mailed = sends_mail and bool(person.email)
    assert Mail.objects.count() == is_mailed
    assert (request.acknowledged_at == START) == is_mailed
    assert kinds(request) == ["received", *["acknowledged"] * is_mailed]
    assert request.steps.first().user == colleague()


def test_the_clock_of_a_letter_runs_from_its_day() -> None:
    """Red when: it runs from the day on which staff typed it in."""
    request = type_in()

    assert (request.received_on, request.due_on) == (date(2026, 4, 30), date(2026, 5, 30))


def test_what_came_today_came_at_this_moment() -> None:
    """Red when: it came at noon, which may still be to come."""
    assert type_in(received_on=date(2026, 5, 4)).opened_at == START


def test_the_same_form_sent_twice_is_one_request() -> None:
    """Red when: a double click asks the person's data twice, with two clocks."""
    first, second = type_in(), type_in()

    assert first == second
    assert type_in(received_on=date(2026, 4, 29)) != first
    assert DataRequest.objects.count() == 2


def test_who_typed_it_in_may_have_verified_the_person() -> None:
    request = type_in(verified_by="Called back on the number of the account.")

    assert request.is_verified
    assert kinds(request) == ["received", "verified"]
    assert request.steps.last().text == "Called back on the number of the account."


@pytest.mark.parametrize(
    ("before", "act", "at"),
    [
        (["verify"], "pause", START),
        (["pause"], "pause", START),
        ([], "pause", LATE),
        ([], "resume", START),
        (["extend"], "extend", START),
        ([], "extend", LATE),
        (["verify"], "verify", START),
        ([], "acknowledge", START),
        *((["answer"], act, START) for act in ACTS),
    ],
)
def test_a_step_that_is_not_possible_is_refused_and_leaves_nothing(
    before: list[str], act: str, at: datetime
) -> None:
    """Red when: the law's limits are a matter of remembering."""
    request = make_request()
    for each in before:
        ACTS[each](request, START)
    steps, mails = kinds(request), Mail.objects.count()
    values = DataRequest.objects.values().get()

    with pytest.raises(NotPossible) as refusal:
        ACTS[act](request, at)

    assert len(str(refusal.value)) > 10
    assert (kinds(request), Mail.objects.count()) == (steps, mails)
    assert DataRequest.objects.values().get() == values


@pytest.mark.parametrize("kind", ["complaint", "automated"])
def test_only_requests_under_articles_15_to_21_can_be_paused(kind: str) -> None:
    with pytest.raises(NotPossible):
        ACTS["pause"](make_request(kind), START)


def test_a_pause_ends_with_the_verification_or_with_the_answer() -> None:
    for act in ("verify", "answer"):
        request = make_request(person=Person(f"{act}@example.com"))
        ACTS["pause"](request, START)
        ACTS[act](request, START + timedelta(days=5))
        request.refresh_from_db()
        assert (request.paused_on, request.paused_days) == (None, 5)


def test_whoever_is_told_anything_knows_that_we_have_the_complaint() -> None:
    """Red when: an answered complaint still waits for its acknowledgement."""
    for act in ("extend", "answer"):
        request = make_complaint_by_letter()
        ACTS[act](request, START)
        request.refresh_from_db()
        assert request.acknowledged_at == START


def test_a_complaint_is_acknowledged_once_by_mail_or_otherwise() -> None:
    by_letter, by_mail = (
        make_complaint_by_letter(),
        make_complaint_by_letter(person=ANNA, sends_mail=False),
    )

    actions.acknowledge(by_letter, at=START, user=colleague(), sends_mail=True)
    actions.acknowledge(by_mail, at=START, user=colleague(), sends_mail=True)

    [mail] = Mail.objects.all()
    assert (mail.kind, mail.about) == (actions.RECEIVED, str(by_mail.pk))
    assert kinds(by_letter) == kinds(by_mail) == ["received", "acknowledged"]


def test_a_note_is_possible_at_any_time() -> None:
    request = make_request()
    ACTS["answer"](request, START)

    actions.note(request, text="They called to thank.", user=colleague(), at=START)

    assert kinds(request)[-3:] == ["answered", "closed", "note"]


def test_the_queue_has_the_late_first_then_by_day_then_the_paused_and_the_closed() -> None:
    """Red when: a paused or a closed request stands above one that waits."""
    now = START + timedelta(days=60)
    made = {
        name: make_request(person=Person(f"{name}@example.com"), at=now - timedelta(days=days))
        for name, days in {
            "closed": 50,
            "closed-later": 49,
            "paused": 29,
            "soon": 28,
            "new": 1,
            "late": 40,
            "later": 33,
        }.items()
    }
    # Received on 1 March, so that its 30 days are over before its month is.
    march = START.replace(month=3, day=1)
    for name, at in (("closed", START), ("closed-later", now)):
        ACTS["answer"](made[name], at)
    ACTS["pause"](made["paused"], now - timedelta(days=20))
    rows = [row.email.partition("@")[0] for row in DataRequest.objects.by_clock(at=now)]
    assert rows == ["late", "later", "soon", "new", "paused", "closed-later", "closed"]

    DataRequest.objects.all().delete()
    make_request(at=march - timedelta(days=1) + timedelta(hours=1))
    complaint = make_complaint_by_letter(at=march)
    at = march + timedelta(days=30)
    assert not complaint.is_overdue(at=at)
    assert complaint.is_late(at=at)
    assert [*DataRequest.objects.late_to_acknowledge(at=at)] == [complaint]
    assert not DataRequest.objects.late_to_acknowledge(at=at - timedelta(days=1)).exists()


def test_the_last_day_for_an_answer_is_in_time() -> None:
    """Red when: the list or the mail to the officer calls it late a day too early."""
    request = make_request(at=START)
    last_moment = START.replace(month=6, hour=23, minute=59)

    assert not DataRequest.objects.overdue(at=last_moment).exists()
    assert DataRequest.objects.overdue(at=last_moment + timedelta(minutes=1)).get() == request
