"""Pages of one person name nobody else and are kept nowhere (I15)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import (
    make_client,
    make_sign_up,
    make_sign_up_form,
    make_token_of,
    make_trial,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db

FORM = "/en/free-trial/"
NOW = timezone.now()


def confirm_path(token: str) -> str:
    return f"/en/free-trial/confirm/{token}/"


def main_text(response) -> str:
    return Page(response.content).one("main").text


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
