"""How a person has everything erased on the page with their data: asked for, undone, final."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from consent.models import ConsentRecord
from delivery import worker
from privacy.models import DataRequest, ErasureCase, LegalHold
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions as requests
from privacy.rights.requests.data_request import Right
from privacy.rights.retention import purge_runs
from tests.factories import make_client, make_trial, post_choice
from tests.privacy.rights.requests.made import colleague
from tests.privacy.rights.your_data.open_pages import (
    follow,
    main_text,
    open_by_number,
    open_page,
    path_in_mail,
)
from trial.models import HandOver, SignUp

pytestmark = pytest.mark.django_db

EMAIL = "anna@firma.pl"


def purge(at: datetime) -> None:
    """Let retention end what is past its period."""
    purge_runs.start(at=at)
    while purge_runs.go_on(at, waits=True):
        pass


def test_erasure_shows_what_goes_asks_once_more_and_can_be_undone_for_a_day(client) -> None:
    make_trial("email", email=EMAIL)
    page = open_page(EMAIL)
    text = main_text(client.get(f"{page}erase/"))
    assert "sign-ups" in text
    assert not ErasureCase.objects.exists()
    for _again in range(2):
        assert "We will erase your data on" in follow(client.post(f"{page}erase/"))
    case = ErasureCase.objects.get()
    assert DataRequest.objects.get().kind == Right.ERASURE

    assert "We keep your data." in follow(client.post(f"{page}choose/", {"do": "undo"}))
    case.refresh_from_db()
    assert case.undone_at
    assert "There is no erasure to undo" in follow(client.post(f"{page}choose/", {"do": "undo"}))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        worker.work_off(timezone.now())
    assert SignUp.objects.exists()


def test_what_staff_must_erase_by_hand_stays_open_for_them_until_it_is_done(client) -> None:
    """Without a hand-over nobody tells the phone system. Red when: the request is closed."""
    make_trial(email=EMAIL, company="Firma Nowak")
    page = open_page(EMAIL)
    client.post(f"{page}erase/")
    request = DataRequest.objects.get()
    assert request.is_open
    assert "Firma Nowak" in request.text
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        worker.work_off(timezone.now())
    request.refresh_from_db()
    assert not SignUp.objects.exists()
    assert "Firma Nowak" in request.text


def test_a_request_that_was_open_ends_a_week_after_its_answer(client) -> None:
    """Nothing of an erased person stays for two years (I20). Red when: the answer of staff comes
    after the erasure, and the request keeps the address and the words."""
    make_trial(email=EMAIL, company="Firma Nowak")
    client.post(f"{open_page(EMAIL)}erase/")
    now = timezone.now()
    worker.work_off(now)
    assert "until a week after our answer" in mail.outbox[-1].body
    request = DataRequest.objects.get()
    worker.work_off(now + timedelta(days=1, minutes=1))

    requests.answer(
        request,
        text="Firma Nowak is deleted.",
        outcome="done",
        user=colleague(),
        at=now + timedelta(days=3),
    )
    worker.work_off(now + timedelta(days=3, minutes=1))

    assert mail.outbox[-1].to == [EMAIL]
    purge(now + timedelta(days=9))
    assert DataRequest.objects.get().email == EMAIL
    for _again in range(2):
        purge(now + timedelta(days=10, minutes=1))
    request.refresh_from_db()
    assert (request.email, request.text, request.outcome) == ("", "", "done")
    assert {*request.steps.values_list("text", flat=True)} == {""}


def test_an_erasure_that_is_undone_leaves_staff_nothing_to_do(client) -> None:
    make_trial(email=EMAIL)
    page = open_page(EMAIL)
    client.post(f"{page}erase/")
    client.post(f"{page}choose/", {"do": "undo"})
    assert DataRequest.objects.get().outcome == "taken-back"


def test_the_mail_about_an_erasure_undoes_it_too() -> None:
    """Somebody else at the mailbox may have asked for it. Red when: the mail has no link."""
    make_trial(email=EMAIL)
    Client().post(f"{open_page(EMAIL)}erase/")
    worker.work_off(timezone.now())
    assert mail.outbox[-1].subject == "We will erase your data"
    response = Client().post(path_in_mail(mail.outbox[-1].body))
    assert "Keep my data" in follow(response)
    assert "We keep your data." in follow(
        Client().post(f"{response['Location']}choose/", {"do": "undo"})
    )


def test_after_the_day_nothing_leads_to_the_person(client) -> None:
    make_trial("email", email=EMAIL)
    HandOver.objects.create(
        sign_up=SignUp.objects.get(), created_at=timezone.now(), next_attempt_at=timezone.now()
    )
    page = open_page(EMAIL)
    client.post(f"{page}choose/", {"do": "stop-email"})
    client.post(f"{page}erase/")
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        worker.work_off(timezone.now())
    assert not SignUp.objects.exists()
    assert {request.email for request in DataRequest.objects.all()} == {""}
    assert client.get(page).status_code == 404  # its link is gone with the person


def test_a_legal_hold_hands_the_erasure_to_staff(client) -> None:
    """GDPR Art. 12(4) and 17(3)(e). Red when: the person is told nothing, or it is erased."""
    make_trial(email=EMAIL)
    now = timezone.now()
    LegalHold.objects.create(
        **fields_of(Person(EMAIL)), opened_at=now, reason="A claim.", review_on=now
    )
    page = open_page(EMAIL)
    for _again in range(2):
        assert "A legal claim does not let us" in follow(client.post(f"{page}erase/"))
    assert not ErasureCase.objects.exists()
    request = DataRequest.objects.get()
    assert (request.kind, request.is_open) == (Right.ERASURE, True)


def test_an_erasure_of_a_record_does_not_stand_for_one_of_its_person(client) -> None:
    """Red when: the page says that all will be erased, and only the record is."""
    post_choice(make_client(), "accept")
    number = ConsentRecord.objects.get().pk
    make_trial(email=EMAIL)
    client.post(f"{open_by_number(number)}erase/")
    page = open_page(EMAIL)
    follow(client.post(f"{page}choose/", {"do": "join", "number": str(number)}))

    follow(client.post(f"{page}erase/"))

    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        worker.work_off(timezone.now())
    assert not SignUp.objects.exists()
    assert not ConsentRecord.objects.exists()


def test_a_request_for_erasure_names_the_moment_of_the_erasure_not_the_legal_month(client) -> None:
    """Red when: a person reads of two days for one erasure, or is called "the person"."""
    make_trial(email=EMAIL)
    page = open_page(EMAIL)
    text = follow(client.post(f"{page}erase/"))
    assert "erasure (Art. 17): your data is erased on" in text
    assert "you will hear from us by" not in text
    text = follow(client.post(f"{page}choose/", {"do": "undo"}))
    assert "erasure (Art. 17): you took it back" in text
