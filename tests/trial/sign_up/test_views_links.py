"""What the links in the mails do: confirm, ask for a new link, withdraw."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from delivery import worker
from delivery.models import Mail, Token
from tests.factories import (
    make_sign_up,
    make_token_of,
    make_trial,
)
from tests.pages import Page
from trial.models import Channel, MarketingConsent, MarketingWithdrawal, SignUp

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def confirm_path(token: str) -> str:
    return f"/en/free-trial/confirm/{token}/"


def main_text(response) -> str:
    return Page(response.content).one("main").text


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_the_link_confirms_nothing(client, method: str) -> None:
    """I15: scanners of mail open every link. Red when: GET confirms."""
    waiting = make_sign_up()
    path = confirm_path(make_token_of(waiting))
    for _again in range(3):
        getattr(client, method)(path)

    assert not SignUp.objects.confirmed().exists()
    assert not Token.objects.filter(used_at__isnull=False).exists()
    assert client.post(path).status_code == 303


def test_the_page_with_the_button_shows_what_it_will_do(client) -> None:
    """Somebody else may have typed the address. Red when: the consents are not shown."""
    waiting = make_sign_up("email", language="en")
    text = main_text(client.get(confirm_path(make_token_of(waiting))))

    for said in (waiting.name, waiting.email, waiting.company, waiting.email_wording.texts["en"]):
        assert said in text


def test_the_button_leads_to_a_page_whose_address_says_nothing(client) -> None:
    token = make_token_of(make_sign_up())

    response = client.post(confirm_path(token))

    assert (response.status_code, response["Location"]) == (303, "/en/free-trial/started/#started")


def test_an_expired_link_says_so_and_offers_a_new_one(client) -> None:
    """Red when: what was typed is lost with the link."""
    waiting = make_sign_up(at=NOW - timedelta(days=3))
    token = make_token_of(waiting, at=NOW - timedelta(days=3))

    expired = client.get(confirm_path(token))
    assert expired.status_code == 410
    assert "This link has expired" in main_text(expired)
    assert client.post(confirm_path(token)).status_code == 410

    [form] = [f for f in Page(expired.content).all("form") if f.is_inside("main")]
    assert client.post(form["action"]).status_code == 200
    worker.work_off(timezone.now())
    links = re.findall(r"/en/\S+|/darmowy\S+", mail.outbox[-1].body)
    assert client.post(links[0]).status_code == 303
    assert SignUp.objects.get().confirmed_at


def test_a_used_link_says_that_the_trial_is_running(client) -> None:
    waiting = make_sign_up()
    path = confirm_path(make_token_of(waiting))
    client.post(path)

    for response in (client.get(path), client.post(path)):
        assert response.status_code == 410
        assert "The trial is running, until" in main_text(response)


def test_the_link_of_a_second_sign_up_says_that_there_is_a_trial(client) -> None:
    make_trial()
    path = confirm_path(make_token_of(make_sign_up()))

    response = client.post(path)

    assert response.status_code == 410
    assert SignUp.objects.confirmed().count() == 1


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 43 + ")", "a/b", "%2e%2e/x"])
def test_a_link_that_we_did_not_send_is_answered_in_a_sentence(client, token: str) -> None:
    response = client.get(confirm_path(token))

    assert response.status_code == 404
    assert "We do not know this link" in main_text(response)


def test_a_new_link_is_not_made_for_a_token_that_we_did_not_make(client) -> None:
    response = client.post(f"/en/free-trial/new-link/{'x' * 43}/")

    assert response.status_code == 404
    assert not Mail.objects.exists()


def test_without_a_database_nothing_is_confirmed_and_the_link_stays_good(client) -> None:
    path = confirm_path(make_token_of(make_sign_up()))
    for gone in (
        patch("trial.actions.confirm", side_effect=OperationalError),
        patch("content.store.database_answers", return_value=False),
    ):
        with gone:
            response = client.post(path)

        assert response.status_code == 503
        assert response["Cache-Control"] == "private, no-store"
        assert "reload this page in a few minutes" in main_text(response)
    assert client.post(path).status_code == 303


def test_a_consent_is_withdrawn_on_a_page_without_login(client) -> None:
    trial = make_trial("email", "phone", language="en")
    path = f"/en/free-trial/consents/{trial.consents.get(channel='email').pk}/"
    page = Page(client.get(path).content)
    assert {b["value"] for b in page.all("button", name="channel")} == {"email", "phone"}

    withdrawn = Page(client.post(path, {"channel": "phone"}).content)

    assert [b["value"] for b in withdrawn.all("button", name="channel")] == ["email"]
    assert "Withdrawn on" in withdrawn.one("main").text
    assert MarketingWithdrawal.objects.get().method == "page"


def test_opening_the_page_of_consents_withdraws_nothing(client) -> None:
    """RFC 8058, 3.2: only a POST may. Red when: the address can say what only a body may."""
    consent = make_trial("email").consents.get()
    for query in ("", "?channel=email", "?List-Unsubscribe=One-Click"):
        response = client.get(f"/darmowy-okres-probny/zgody/{consent.pk}/{query}")
        assert response.status_code == 200

    assert MarketingConsent.objects.live(Channel.EMAIL).exists()


def test_a_mail_server_withdraws_with_one_click(settings) -> None:
    """RFC 8058: a POST without Origin and cookies. Red when: the view is not exempt from CSRF."""
    consent = make_trial("email", "phone").consents.get(channel="email")
    client = Client(enforce_csrf_checks=True)
    for _twice in range(2):
        response = client.post(
            f"/darmowy-okres-probny/zgody/{consent.pk}/",
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert response.status_code == 200

    assert MarketingWithdrawal.objects.get().method == "one-click"
    assert MarketingConsent.objects.live(Channel.PHONE).exists()


@pytest.mark.parametrize(
    "consent_id", ["x", "0" * 32, "x/y", "12345678-1234-1234-1234-123456789012"]
)
def test_consents_that_nobody_gave_are_not_there(client, consent_id: str) -> None:
    assert client.get(f"/en/free-trial/consents/{consent_id}/").status_code == 404
