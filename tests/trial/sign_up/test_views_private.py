"""Pages of one person name no third party and are stored nowhere (I15)."""

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
    sign_up = make_sign_up(email="a@firma.pl")
    token = make_token_of(sign_up)
    expired = make_token_of(sign_up, at=NOW - timedelta(days=3))
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


def test_a_page_with_a_token_or_personal_data_names_no_third_party_and_is_not_stored(
    settings,
) -> None:
    """I15. Red when: a view is not marked `private_page`, or its errors lose the mark."""
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


def test_a_private_page_has_no_banner(client) -> None:
    """A choice would reload the page and lose the typed values. Red when: it shows the banner."""
    banners = Page(client.get(FORM).content).with_attribute("data-ask")
    assert len(banners) == 1

    for response in (
        client.post(FORM, make_sign_up_form(email="")),
        client.post(FORM, make_sign_up_form()),
        client.get(confirm_path(make_token_of(make_sign_up()))),
    ):
        assert Page(response.content).with_attribute("data-ask") == []


def test_a_refused_request_for_a_private_page_is_private_too(settings) -> None:
    """A forged POST is refused before the view. Red when: only the view makes an answer private."""
    settings.GOOGLE_TAG_ID = "G-TEST"
    path = confirm_path(make_token_of(make_sign_up()))
    client = make_client("analytics")
    client.handler.enforce_csrf_checks = True

    response = client.post(path, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert "google" not in response.text.lower() + response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "strict-origin"


def test_a_private_page_is_not_stored_in_the_page_cache(client) -> None:
    """I13, I15 (never shared). Red when: PageCacheMiddleware stores answers of private pages."""
    sign_up = make_sign_up()
    path = confirm_path(make_token_of(sign_up))
    assert sign_up.company in client.get(path).text
    client.post(path)

    assert sign_up.company not in client.get(path).text


def test_a_private_page_is_never_stored_as_the_landing_page_of_an_ad() -> None:
    """Its address holds the token. Red when: the visit is stored in a cookie."""
    client = make_client("marketing", "preferences")
    path = confirm_path(make_token_of(make_sign_up()))

    response = client.get(f"{path}?gclid=x")

    assert not response.cookies


def test_the_started_page_is_not_private_and_not_indexed(client) -> None:
    """Its address holds no token and no personal data."""
    response = client.get("/en/free-trial/started/")

    assert response.status_code == 200
    assert Page(response.content).one("meta", name="robots")["content"] == "noindex"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Someone on our team will set up your account"),
        ("https://phone.example/trials", "Our system is setting up your account now"),
    ],
)
def test_the_started_page_says_how_the_account_is_set_up(client, settings, url, words) -> None:
    settings.PROVISIONING_URL = url

    assert words in main_text(client.get("/en/free-trial/started/"))


def test_an_uploaded_file_is_not_stored(client) -> None:
    """Red when: Django's upload handlers write it to memory or disk."""
    file = SimpleUploadedFile("x.bin", b"x" * 100_000)

    response = client.post(FORM, make_sign_up_form() | {"file": file})

    assert response.status_code == 200
    assert not response.wsgi_request.FILES
