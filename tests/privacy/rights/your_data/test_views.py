"""The way to a person's data: the form, the mail, the button, and the number of a record."""

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.models import ConsentRecord
from delivery import worker
from delivery.models import Mail, Token
from privacy.models import DataLink, DataRequest, RateCount
from privacy.rights.your_data import data_link
from tests.factories import make_client, make_trial, post_choice
from tests.pages import Page
from tests.privacy.rights.your_data.open_pages import START, ask_for_link, open_page

pytestmark = pytest.mark.django_db


def main_text(response) -> str:
    return Page(response.content).one("main").text


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_form_sends_a_mail_with_a_link_that_opens_the_data_once(client, language: str) -> None:
    make_trial(email="anna@firma.pl", name="Anna Nowak", company="Firma Nowak")
    assert client.post(START[language], {"email": "Anna@FIRMA.pl"}).status_code == 200
    mail.outbox.clear()
    path = ask_for_link("anna@firma.pl", language=language)

    assert mail.outbox[-1].to == ["anna@firma.pl"]
    response = client.post(path)
    assert response.status_code == 303
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "Firma Nowak" in main_text(page)
    assert client.post(path).status_code == 410


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_the_link_uses_nothing(client, method: str) -> None:
    """I15 (only POST acts): mail scanners open every link. Red when: GET opens the data."""
    path = ask_for_link("anna@firma.pl")
    for _again in range(3):
        getattr(client, method)(path)
    assert not Token.objects.filter(used_at__isnull=False).exists()
    assert not Token.objects.filter(purpose=data_link.PAGE).exists()
    assert client.post(path).status_code == 303


def test_the_link_works_for_48_hours_and_the_page_for_one() -> None:
    at = timezone.now()
    path = ask_for_link("anna@firma.pl", at=at)
    with time_machine.travel(at + timedelta(hours=48), tick=False):
        assert Client().post(path).status_code == 410
    with time_machine.travel(at + timedelta(hours=47), tick=False):
        page = Client().post(path)["Location"]
        assert Client().get(page).status_code == 200
    with time_machine.travel(at + timedelta(hours=48), tick=False):
        assert Client().get(page).status_code == 410


def test_no_token_is_stored_as_it_is() -> None:
    path = ask_for_link("anna@firma.pl")
    page = Client().post(path)["Location"]
    stored = {value for row in Token.objects.values() for value in map(str, row.values())}
    assert not stored & {*path.split("/"), *page.split("/")} - {""}


def test_an_unknown_link_is_a_404_and_a_closed_page_a_410(client) -> None:
    assert client.get("/en/your-data/link/x/y/").status_code == 404
    assert client.post("/en/your-data/page/x/choose/", {"do": "restrict"}).status_code == 404
    page = open_page("anna@firma.pl")
    assert client.post(f"{page}choose/", {"do": "close"})["Location"] == "/en/your-data/#closed"
    assert client.get(page).status_code == 410


@pytest.mark.parametrize("form", ["link", "complaint"])
def test_known_and_unknown_addresses_get_the_same_answer_for_the_same_work(
    client, form: str
) -> None:
    """I16. Red when: a view looks the address up."""
    make_trial("email", "phone", email="known@firma.pl", phone="+48221234567")
    path = "/en/your-data/" if form == "link" else "/en/your-data/complaint/"
    answers, jobs, statements = [], [], []
    for email in ("known@firma.pl", "other@firma.pl"):
        before = Mail.objects.count()
        with CaptureQueriesContext(connection) as counted:
            response = client.post(path, {"email": email, "text": "Something went wrong."})
        body = response.content.decode().replace(email, "EMAIL")
        for request in DataRequest.objects.filter(email=email):
            body = body.replace(request.reference, "REFERENCE")
        answers.append((response.status_code, body, sorted(response.headers.items())))
        jobs.append(Mail.objects.count() - before)
        statements.append(len(counted))
    assert answers[0] == answers[1]
    assert jobs == [1, 1]
    assert statements[0] == statements[1] > 0


@pytest.mark.parametrize("is_known", [True, False])
def test_only_the_mail_says_whether_we_hold_data(is_known: bool) -> None:
    if is_known:
        make_trial(email="anna@firma.pl")
        mail.outbox.clear()
    ask_for_link("anna@firma.pl")
    body = mail.outbox[-1].body
    assert ("We do hold data about you." in body) is is_known
    assert ("We hold no data about you" in body) is not is_known
    ask_for_link("anna@firma.pl", language="pl")
    assert ("Mamy Twoje dane." in mail.outbox[-1].body) is is_known


def test_one_mailbox_gets_three_mails_a_day_and_the_answer_stays_the_same(client) -> None:
    answers = {
        client.post("/en/your-data/", {"email": email}).content
        for email in ("anna@firma.pl", "anna@firma.pl", "ANNA@firma.pl", "anna@firma.pl")
    }
    assert len(answers) <= 2  # the address is shown as it was typed
    assert Mail.objects.count() == 3


def test_one_network_may_ask_ten_times_an_hour(client) -> None:
    statuses = [
        client.post("/en/your-data/", {"email": f"a{number}@firma.pl"}).status_code
        for number in range(11)
    ]
    assert statuses == [200] * 10 + [429]
    assert DataLink.objects.count() == 10


def test_a_wrong_address_is_shown_again_with_what_was_typed(client) -> None:
    response = client.post("/en/your-data/", {"email": "anna@"})
    assert response.status_code == 422
    assert Page(response.content).one("input", id="email")["value"] == "anna@"


def test_without_a_database_the_form_keeps_what_was_typed(client) -> None:
    """I18. Red when: the error is not caught."""
    with patch.object(RateCount.objects, "hit", side_effect=OperationalError):
        response = client.post("/en/your-data/", {"email": "anna@firma.pl"})
    assert response.status_code == 503
    assert Page(response.content).one("input", id="email")["value"] == "anna@firma.pl"
    assert "Retry-After" in response.headers


def test_a_visitor_opens_their_record_by_its_number(client) -> None:
    visitor = make_client()
    post_choice(visitor, "accept")
    record = ConsentRecord.objects.get()
    response = client.post("/en/your-data/record/", {"number": f" {str(record.pk).upper()} "})
    assert response.status_code == 303
    assert str(record.pk) in main_text(client.get(response["Location"]))


@pytest.mark.parametrize("number", ["1", "3f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c", ""])
def test_a_number_that_no_record_has_is_refused(client, number: str) -> None:
    response = client.post("/en/your-data/record/", {"number": number})
    assert response.status_code == 422
    assert Page(response.content).one("input", id="number").get("value") == number
    assert not DataLink.objects.exists()


@pytest.mark.parametrize("path", ["", "file/", "erase/"])
def test_a_page_with_data_is_kept_nowhere_and_names_no_third_party(path: str) -> None:
    """I15. Red when: a view is no private page."""
    page = open_page("anna@firma.pl")
    response = make_client("analytics", "marketing").get(page + path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "strict-origin"
    assert "google" not in response["Content-Security-Policy"]
    assert b"google" not in response.content.replace(b"google.com/", b"")


def test_the_mail_of_a_link_is_not_sent_twice(client) -> None:
    client.post("/en/your-data/", {"email": "anna@firma.pl"})
    worker.work_off(timezone.now())
    worker.work_off(timezone.now())
    assert len(mail.outbox) == 1
