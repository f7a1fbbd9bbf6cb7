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
from privacy.models import Restriction
from tests.factories import (
    make_sign_up,
    make_token_of,
    make_trial,
)
from tests.pages import Page
from trial.marketing import objections
from trial.models import Channel, MarketingConsent, MarketingWithdrawal, SignUp

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def confirm_path(token: str) -> str:
    return f"/en/free-trial/confirm/{token}/"


def main_text(response) -> str:
    return Page(response.content).one("main").text


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_the_link_confirms_nothing(client, method: str) -> None:
    """I15 (only POST acts): mail scanners open every link. Red when: GET confirms."""
    sign_up = make_sign_up()
    path = confirm_path(make_token_of(sign_up))
    for _again in range(3):
        getattr(client, method)(path)

    assert not SignUp.objects.confirmed().exists()
    assert not Token.objects.filter(used_at__isnull=False).exists()
    assert client.post(path).status_code == 303


def test_the_page_with_the_button_shows_the_person_and_the_consents(client) -> None:
    """Another person may have typed the address. Red when: the consents are not shown."""
    sign_up = make_sign_up("email", language="en")
    text = main_text(client.get(confirm_path(make_token_of(sign_up))))

    consent = sign_up.email_wording.texts["en"]
    for words in (sign_up.name, sign_up.email, sign_up.company, consent):
        assert words in text


def test_the_button_leads_to_an_address_without_token_or_id(client) -> None:
    token = make_token_of(make_sign_up())

    response = client.post(confirm_path(token))

    assert (response.status_code, response["Location"]) == (303, "/en/free-trial/started/#started")


def test_an_expired_link_says_so_and_offers_a_new_one(client) -> None:
    """Red when: the new link needs the form again."""
    sign_up = make_sign_up(at=NOW - timedelta(days=3))
    token = make_token_of(sign_up, at=NOW - timedelta(days=3))

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
    sign_up = make_sign_up()
    path = confirm_path(make_token_of(sign_up))
    client.post(path)

    for response in (client.get(path), client.post(path)):
        assert response.status_code == 410
        assert "The trial is running until" in main_text(response)


def test_the_link_of_a_second_sign_up_says_that_there_is_a_trial(client) -> None:
    make_trial()
    path = confirm_path(make_token_of(make_sign_up()))

    response = client.post(path)

    assert response.status_code == 410
    assert SignUp.objects.confirmed().count() == 1


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 43 + ")", "a/b", "%2e%2e/x"])
def test_an_unknown_link_is_answered_with_a_page(client, token: str) -> None:
    response = client.get(confirm_path(token))

    assert response.status_code == 404
    assert "We do not know this link" in main_text(response)


def test_an_unknown_token_gets_no_new_link(client) -> None:
    response = client.post(f"/en/free-trial/new-link/{'x' * 43}/")

    assert response.status_code == 404
    assert not Mail.objects.exists()


@pytest.mark.parametrize("age", [0, 3])
def test_a_link_whose_sign_up_is_deleted_is_unknown(client, age: int) -> None:
    """Its token can be read just before it goes too. Red when: a page asks for the row by `get`."""
    sign_up = make_sign_up()
    token = make_token_of(sign_up, at=NOW - timedelta(days=age))
    sign_up.delete()
    Mail.objects.all().delete()

    answers = [client.get(confirm_path(token)), client.post(confirm_path(token))]
    answers.append(client.post(f"/en/free-trial/new-link/{token}/", follow=True))

    for response in answers:
        assert response.status_code == 404
        assert "We do not know this link" in main_text(response)
    assert not Mail.objects.exists()


def test_without_a_database_nothing_is_confirmed_and_the_link_stays_valid(client) -> None:
    path = confirm_path(make_token_of(make_sign_up()))
    for failure in (
        patch("trial.actions.confirm", side_effect=OperationalError),
        patch("content.store.database_answers", return_value=False),
    ):
        with failure:
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
    notice = withdrawn.one("p", id="done")
    assert notice.text == "Done. The consent to marketing by telephone is withdrawn."
    assert MarketingWithdrawal.objects.get().method == "page"


def test_opening_the_page_of_consents_withdraws_nothing(client) -> None:
    """RFC 8058, 3.2: only a POST unsubscribes. Red when: the query string is read as well."""
    consent = make_trial("email").consents.get()
    for query in ("", "?channel=email", "?List-Unsubscribe=One-Click"):
        response = client.get(f"/darmowy-okres-probny/zgody/{consent.pk}/{query}")
        assert response.status_code == 200

    assert MarketingConsent.objects.live(Channel.EMAIL, at=timezone.now()).exists()


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
    assert MarketingConsent.objects.live(Channel.PHONE, at=timezone.now()).exists()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("", "application/x-www-form-urlencoded"),
        ("", "text/plain"),
        ("List-Unsubscribe=One-Click", "text/plain"),
        ("List-Unsubscribe=One-Click", "application/octet-stream"),
        ('{"List-Unsubscribe": "One-Click"}', "application/json"),
        ("list-unsubscribe=one-click", "application/x-www-form-urlencoded"),
        ("List-Unsubscribe=One-Click\r\n", "application/x-www-form-urlencoded"),
        (
            '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--',
            "multipart/form-data; boundary=b",
        ),
    ],
)
def test_a_click_with_any_body_withdraws_the_linked_consent(body: str, content_type: str) -> None:
    """A mail program looks at the status alone. Red when: 200 is answered and nothing is done."""
    consent = make_trial("email", "phone").consents.get(channel="email")

    response = Client().post(
        f"/en/free-trial/consents/{consent.pk}/",
        body,
        content_type=content_type,
        CONTENT_TYPE=content_type,
    )

    assert response.status_code == 200
    withdrawal = MarketingWithdrawal.objects.get()
    assert (withdrawal.consent, withdrawal.method) == (consent, "one-click")


@pytest.mark.parametrize("channel", ["", "fax", "phone", "EMAIL"])
def test_a_form_that_names_no_consent_of_the_person_gets_400_and_a_sentence(
    client, channel: str
) -> None:
    """Red when: 200 is answered and nothing is done."""
    consent = make_trial("email").consents.get()

    response = client.post(f"/en/free-trial/consents/{consent.pk}/", {"channel": channel})

    assert response.status_code == 400
    alert = Page(response.content).one("p", role="alert")
    assert alert.text == "We could not tell which consent to withdraw. Please use a button below."
    assert not MarketingWithdrawal.objects.exists()


def test_a_body_that_cannot_be_read_gets_400_and_withdraws_nothing(client) -> None:
    consent = make_trial("email").consents.get()

    response = client.post(
        f"/en/free-trial/consents/{consent.pk}/", "x", content_type="multipart/form-data"
    )

    assert response.status_code == 400
    assert not MarketingWithdrawal.objects.exists()


@pytest.mark.parametrize(
    "consent_id", ["x", "0" * 32, "x/y", "12345678-1234-1234-1234-123456789012"]
)
def test_an_unknown_consent_is_not_found(client, consent_id: str) -> None:
    assert client.get(f"/en/free-trial/consents/{consent_id}/").status_code == 404


@pytest.mark.parametrize("button", ["lift", "undo", "join", "close", ""])
def test_an_unsubscribe_link_restricts_and_stops_and_does_nothing_else(client, button: str) -> None:
    """The link is old and may be in other hands. Red when: whoever posts without the page lifts a
    restriction, or undoes an erasure."""
    path = f"/en/free-trial/consents/{make_trial('email').consents.get().pk}/"
    assert client.post(path, {"do": "restrict"}).status_code == 200

    response = client.post(path, {"do": button})

    assert response.status_code == 400
    assert Restriction.objects.get().lifted_at is None
    assert not MarketingWithdrawal.objects.exists()


def test_an_unsubscribe_link_stops_a_channel_without_a_consent_too(client) -> None:
    """Policy 10.2: one page of all choices. Red when: who gave a number and no consent to calls
    finds no button for it, or the button does nothing."""
    trial = make_trial("email", phone="+48221234567", language="en")
    path = f"/en/free-trial/consents/{trial.consents.get().pk}/"
    buttons = [button.get("value") for button in Page(client.get(path).content).all("button")]
    assert "stop-phone" in buttons
    assert "stop-email" not in buttons  # the consent above has its own button

    response = client.post(path, {"do": "stop-phone"})

    assert response.status_code == 200
    assert objections.stands_against_number(trial.phone)
    assert not objections.stands_against_address(trial.email)
