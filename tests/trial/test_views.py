"""The pages of the trial: what they answer, to whom, and what they keep to themselves."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy import content, worker
from privacy.company import COMPANY
from privacy.models import Mail, Token
from tests.factories import (
    make_client,
    make_sign_up,
    make_sign_up_form,
    make_token_of,
    make_trial,
    ticked,
)
from tests.pages import Page
from tests.privacy.drafts import make_published
from trial import actions, attribution
from trial.attribution import Attribution
from trial.models import Channel, MarketingConsent, MarketingWithdrawal, SignUp

pytestmark = pytest.mark.django_db

FORM = "/en/free-trial/"
NOW = timezone.now()


def confirm_path(token: str) -> str:
    return f"/en/free-trial/confirm/{token}/"


def main_text(response) -> str:
    return Page(response.content).one("main").text


# --- The form


@pytest.mark.parametrize("address", ["/darmowy-okres-probny/", FORM])
def test_the_page_also_says_how_to_reach_a_person(client, address: str) -> None:
    links = list(Page(client.get(address).content).links)

    assert f"mailto:{COMPANY['email']}" in links
    assert COMPANY["phone_href"] in links


def test_a_wrong_form_comes_back_with_everything_that_was_typed(client) -> None:
    """Red when: the status is 200, a value is left out, or the title does not say so."""
    typed = make_sign_up_form(email="anna", phone="12", name='Anna "A" <b>', **ticked("email"))

    response = client.post(FORM, typed)

    page = Page(response.content)
    assert response.status_code == 422
    assert page.one("title").text.startswith("Error: ")
    for name in ("name", "email", "company", "phone"):
        assert page.one("input", name=name)["value"] == typed[name]
    assert "checked" in page.one("input", name="marketing_email").attributes
    assert "checked" not in page.one("input", name="marketing_phone").attributes
    assert not SignUp.objects.exists()


def test_what_is_wrong_is_said_beside_the_field_and_in_a_summary_that_takes_the_focus(
    client,
) -> None:
    """WCAG 3.3.1. Red when: the error is not tied to its field, or autofocus is left out."""
    page = Page(client.post(FORM, make_sign_up_form(email="anna")).content)

    field = page.one("input", name="email")
    assert field["aria-invalid"] == "true"
    described = " ".join(page.one(id=i).text for i in field["aria-describedby"].split())
    sentence = "Enter an e-mail address in the form name@company.com."
    assert sentence in described
    [summary] = page.with_attribute("autofocus")
    assert (summary["tabindex"], summary["role"]) == ("-1", "alert")
    [link] = [a for a in page.all("a", href="#email") if summary in a.parents]
    assert link.text == sentence
    assert "aria-invalid" not in page.one("input", name="name").attributes


def test_a_box_over_words_that_changed_is_not_ticked_again(client) -> None:
    """A new text must be read first. Red when: `_box` looks at whether anything was sent."""
    response = client.post(FORM, make_sign_up_form(marketing_email="0" * 16))

    box = Page(response.content).one("input", name="marketing_email")
    assert response.status_code == 422
    assert "checked" not in box.attributes
    assert box["value"] == ticked("email")["marketing_email"]


def test_the_trap_is_hidden_until_somebody_fell_into_it(client) -> None:
    """Red when: the trap is shown to people, or is not shown to who must get out of it."""
    field = Page(client.get(FORM).content).one("input", name="website")
    assert any("hidden" in parent.attributes for parent in field.parents)

    wrong = Page(client.post(FORM, make_sign_up_form(website="x")).content)

    field = wrong.one("input", name="website")
    assert not any("hidden" in parent.attributes for parent in field.parents)


def test_the_terms_are_linked_to_once_they_are_in_force(client) -> None:
    """Red when: people accept terms that nobody has published."""
    note = Page(client.get(FORM).content).with_class("form__note")[0]
    assert "terms" not in note.text

    make_published(policy="terms")
    content.forget()

    note = Page(client.get(FORM).content).with_class("form__note")[0]
    assert "accept the terms of service" in note.text
    client.post(FORM, make_sign_up_form())
    assert SignUp.objects.get().terms_version.policy == "terms"
    assert SignUp.objects.get().policy_version.policy == "privacy"


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"name=%00&email=a", b"a" * 3000, b"&".join([b"name=x"] * 300)],
    ids=["empty", "no-utf8", "null", "one-long-word", "many"],
)
def test_garbage_is_answered_with_the_form(client, body: bytes) -> None:
    response = client.post(FORM, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 422
    assert not SignUp.objects.exists()


def test_the_page_of_the_form_asks_the_database_for_nothing(client) -> None:
    """I18. Red when: the terms or the wordings are read from the database."""
    client.get(FORM)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(FORM).status_code == 200

    assert list(queries) == []


# --- Sent


def test_the_answer_shows_where_the_mail_goes_and_lets_it_be_corrected(client) -> None:
    form = make_sign_up_form(phone="0044 20 3432 9230", **ticked("email"))
    sent = Page(client.post(FORM, form).content)
    assert "anna@example.com" in sent.one("main").text
    assert "+44 20 3432 9230" in sent.one("main").text.replace("\u00a0", " ")

    again = client.post(FORM, sent.form_fields | {"email": "anna@firma.pl"})

    assert again.status_code == 200
    corrected = SignUp.objects.get(email="anna@firma.pl")
    first = SignUp.objects.get(email="anna@example.com")
    kept = ("name", "company", "phone", "email_wording_id", "phone_wording_id")
    assert [getattr(corrected, n) for n in kept] == [getattr(first, n) for n in kept]
    assert first.email_wording_id


def answer_and_work(address: str) -> tuple[bytes, list[str], list[str]]:
    """What somebody sees who signs up with an address, the queries behind it, and the new mails."""
    before = set(Mail.objects.values_list("pk", flat=True))
    client = Client()
    with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as queries:
        response = client.post(FORM, make_sign_up_form(email=address))
    assert response.status_code == 200
    shapes = [re.sub(r"'[^']*'|\b[0-9a-f]{32}\b|\d+", "?", query["sql"]) for query in queries]
    kinds = Mail.objects.exclude(pk__in=before).values_list("kind", flat=True)
    return response.content.replace(address.encode(), b"ADDRESS"), shapes, list(kinds)


def test_a_known_address_gets_the_same_answer_for_the_same_work() -> None:
    """I16. Red when: the view or the action asks whether the address is known."""
    make_trial(email="known@firma.pl")
    make_sign_up(email="waits@firma.pl")
    content.current()  # as every process has it in memory

    known, waits, fresh = map(
        answer_and_work, ("known@firma.pl", "waits@firma.pl", "fresh@firma.pl")
    )

    assert known[0] == fresh[0] == waits[0]
    assert known[1] == fresh[1] == waits[1]
    assert len(known[1]) >= 4
    assert known[2] == fresh[2] == waits[2] == [actions.CONFIRM]


def test_of_a_thousand_posts_for_one_address_three_become_mails(settings) -> None:
    """From a thousand networks. Red when: `_may_mail` is not asked, or its answer is shown."""
    settings.TRUSTED_PROXIES = 1
    answers = set()
    client = Client()
    with time_machine.travel(NOW, tick=False):
        form = make_sign_up_form()
        for number in range(1000):
            network = f"10.{number // 250}.{number % 250}.1"
            response = client.post(FORM, form, headers={"X-Forwarded-For": network})
            answers.add((response.status_code, response.content))

    assert len(answers) == 1
    assert SignUp.objects.count() == Mail.objects.count() == 3


def test_a_network_that_signs_up_too_often_is_told_and_loses_nothing(client) -> None:
    with time_machine.travel(NOW, tick=False):
        for number in range(10):
            assert client.post(FORM, make_sign_up_form(email=f"a{number}@b.pl")).status_code == 200
        response = client.post(FORM, make_sign_up_form(email="a10@b.pl"))

    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "Too many sign-ups came from your network." in response.text
    assert Page(response.content).one("input", name="email")["value"] == "a10@b.pl"


@pytest.mark.parametrize("address", ["/darmowy-okres-probny/", FORM])
def test_without_a_database_the_form_answers_503_and_keeps_what_was_typed(
    client, address: str
) -> None:
    """I18. Red when: the DatabaseError is not caught, or the form comes back empty."""
    content.current()
    with patch("trial.actions.sign_up", side_effect=DatabaseError):
        response = client.post(address, make_sign_up_form(**ticked("email")))

    page = Page(response.content)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert page.one("input", name="company")["value"] == "Firma Przykładowa"
    assert "checked" in page.one("input", name="marketing_email").attributes
    assert page.one("html")["lang"] == ("en" if address == FORM else "pl")


def test_a_database_known_to_be_gone_is_not_even_asked(client) -> None:
    """I18. Red when: `database_answers` is not asked: a frozen one would hold the thread."""
    content.current()
    with (
        patch("privacy.content.database_answers", return_value=False),
        patch("trial.actions.sign_up") as sign_up,
    ):
        assert client.post(FORM, make_sign_up_form()).status_code == 503

    sign_up.assert_not_called()


# --- Attribution


AD = Attribution(referrer="https://ads.example", landing="/", parameters={"gclid": "x"})


@pytest.mark.parametrize(
    ("groups", "is_kept"), [(("marketing",), True), (("analytics",), False), ((), False)]
)
def test_where_a_visit_came_from_goes_along_only_while_marketing_is_granted(
    groups: tuple[str, ...], is_kept: bool
) -> None:
    """I7. Red when: the cookie is read without asking for the grant."""
    client = make_client(*groups)
    client.cookies["Xl7ref"] = attribution.sign(AD)

    client.post(FORM, make_sign_up_form())

    kept = SignUp.objects.get().attribution
    assert kept == ({**vars(AD)} if is_kept else None)


# --- Confirm


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
        patch("privacy.content.database_answers", return_value=False),
    ):
        with gone:
            response = client.post(path)

        assert response.status_code == 503
        assert response["Cache-Control"] == "private, no-store"
        assert "reload this page in a few minutes" in main_text(response)
    assert client.post(path).status_code == 303


# --- Consents


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


# --- Private pages


def private_answers() -> list:
    trial = make_trial("email", email="b@firma.pl")
    waiting = make_sign_up(email="a@firma.pl")
    token = make_token_of(waiting)
    expired = make_token_of(waiting, at=NOW - timedelta(days=3))
    consent = trial.consents.get()
    client = make_client("analytics", "marketing", "preferences")
    return [
        client.post(FORM, make_sign_up_form(email="")),
        client.post(FORM, make_sign_up_form()),
        client.get(confirm_path(token)),
        client.get(confirm_path(f"{token})")),
        client.get(confirm_path(f"{token}/more")),
        client.get(confirm_path(expired)),
        client.put(confirm_path(token)),
        client.get(f"/en/free-trial/new-link/{expired}/"),
        client.post(f"/en/free-trial/new-link/{expired}/"),
        client.post(confirm_path(token)),
        client.get(confirm_path(token)),
        client.get(f"/en/free-trial/consents/{consent.pk}/"),
        client.get(f"/en/free-trial/consents/{consent.pk}x/"),
        client.post(f"/en/free-trial/consents/{consent.pk}/", {"channel": "email"}),
    ]


def test_a_page_with_a_token_or_a_person_names_nobody_else_and_is_kept_nowhere(settings) -> None:
    """I15. Red when: a view is not marked `private_page`, or the mark is forgotten for errors."""
    settings.GOOGLE_TAG_ID, settings.GOOGLE_ADS_ID = "G-TEST", "AW-123"
    answers = private_answers()

    assert [a.status_code for a in answers] == [
        422, 200, 200, 404, 404, 410, 405, 405, 200, 303, 410, 200, 404, 200,
    ]  # fmt: skip
    for answer in answers:
        where = answer.wsgi_request.path
        assert "google" not in answer["Content-Security-Policy"], where
        assert "google" not in answer.text.lower(), where
        assert answer["Referrer-Policy"] == "strict-origin", where
        assert answer["Cache-Control"] == "private, no-store", where
        assert answer["X-Robots-Tag"] == "noindex", where
        assert "data-ask" not in answer.text, where
        assert {*answer.cookies} <= {"Xl7ref", "L7_geoip"}, where


def test_a_private_page_asks_nothing_about_cookies(client) -> None:
    """A choice would reload the page, and what was typed be lost. Red when: it shows the banner."""
    asked = Page(client.get(FORM).content).with_attribute("data-ask")
    assert len(asked) == 1

    for response in (
        client.post(FORM, make_sign_up_form(email="")),
        client.post(FORM, make_sign_up_form()),
        client.get(confirm_path(make_token_of(make_sign_up()))),
    ):
        assert Page(response.content).with_attribute("data-ask") == []


def test_a_private_page_that_was_never_reached_is_private_too(settings) -> None:
    """A forged POST is refused before the view. Red when: only what the view did is looked at."""
    settings.GOOGLE_TAG_ID = "G-TEST"
    path = confirm_path(make_token_of(make_sign_up()))
    client = make_client("analytics")
    client.handler.enforce_csrf_checks = True

    response = client.post(path, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert "google" not in response.text.lower() + response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "strict-origin"


def test_a_page_of_one_person_is_not_kept_in_memory(client) -> None:
    """I13, I15. Red when: PageCacheMiddleware keeps the answers of private pages."""
    waiting = make_sign_up()
    path = confirm_path(make_token_of(waiting))
    assert waiting.company in client.get(path).text
    client.post(path)

    assert waiting.company not in client.get(path).text


def test_a_visit_of_a_private_page_is_no_visit_from_an_ad() -> None:
    """The landing page of an ad would be the token's address. Red when: it is remembered."""
    client = make_client("marketing", "preferences")
    path = confirm_path(make_token_of(make_sign_up()))

    response = client.get(f"{path}?gclid=x")

    assert not response.cookies


def test_the_started_page_is_as_good_for_everybody(client) -> None:
    """Its address says nothing of whom, so it may be kept and counted."""
    response = client.get("/en/free-trial/started/")

    assert response.status_code == 200
    assert Page(response.content).one("meta", name="robots")["content"] == "noindex"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "A person in our team sets up your account"),
        ("https://phone.example/trials", "Our system is setting up your account now"),
    ],
)
def test_the_started_page_says_what_really_happens_next(client, settings, url, words) -> None:
    settings.PROVISIONING_URL = url

    assert words in main_text(client.get("/en/free-trial/started/"))


def test_a_file_that_somebody_sends_along_is_kept_nowhere(client) -> None:
    """Red when: Django's upload handlers write it to memory or disk."""
    file = SimpleUploadedFile("x.bin", b"x" * 100_000)

    response = client.post(FORM, make_sign_up_form() | {"file": file})

    assert response.status_code == 200
    assert not response.wsgi_request.FILES
