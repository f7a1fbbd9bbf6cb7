"""What was typed into a form of the admin is not lost with the session or with the token."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.pages import Page
from trial.models import MarketingMail

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/trial/marketingmail/add/"
MAIL = {
    "subject_pl": "Nowości „<b>”",
    "subject_en": "News",
    "text_pl": "Pierwszy akapit.\n\nDrugi.",
    "text_en": "One.",
}


@pytest.fixture
def strict() -> Client:
    """A browser of a colleague, whose forms are checked for their token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("anna", password="x"))
    return client


def send(client: Client, address: str, form: dict[str, str], **headers: str) -> Any:
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    return client.post(address, {"csrfmiddlewaretoken": token} | form, headers=headers)


def kept(response: Any) -> dict[str, str]:
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert not MarketingMail.objects.exists()
    form = Page(response.content).form_fields
    return {name: value for name, value in form.items() if name != "csrfmiddlewaretoken"}


def test_a_form_that_is_sent_after_the_session_ended_is_kept(strict) -> None:
    """Red when: only the editor of policies keeps what was typed."""
    strict.get(ADDRESS)
    del strict.cookies["sessionid"]

    form = kept(send(strict, ADDRESS, MAIL))

    assert form == MAIL
    strict.force_login(User.objects.get())
    strict.get(ADDRESS)
    assert send(strict, ADDRESS, form).status_code == 302
    assert MarketingMail.objects.get().text_pl.split() == MAIL["text_pl"].split()


def test_a_form_with_the_token_from_before_another_login_is_kept(strict, settings) -> None:
    """Red when: the answer says only that the form did not come from our site."""
    strict.get(ADDRESS)

    response = send(
        strict, ADDRESS, MAIL | {"csrfmiddlewaretoken": "x" * 64}, Origin=settings.SITE_ORIGIN
    )

    assert kept(response) == MAIL


@pytest.mark.parametrize("origin", [{}, {"Origin": "null"}, {"Origin": "https://evil.example"}])
def test_a_form_of_another_site_is_not_shown_as_ours(strict, origin: dict[str, str]) -> None:
    """Red when: another site can lay a text before staff, with a button that saves it."""
    response = send(strict, ADDRESS, MAIL, **origin)

    assert response.status_code == 403
    assert "Pierwszy akapit" not in response.content.decode()


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/admin/login/", {"username": "anna", "password": "secret-word"}),
        ("/admin/password_change/", {"old_password": "secret-word", "new_password1": "x"}),
        ("/admin/auth/user/add/", {"username": "jan", "password1": "secret-word"}),
    ],
)
def test_a_password_is_never_shown_again(settings, address: str, form: dict[str, str]) -> None:
    """Red when: any form of the admin is kept."""
    client = Client(enforce_csrf_checks=True)
    assert b"secret-word" not in send(client, address, form, Origin=settings.SITE_ORIGIN).content
    client.get("/admin/login/")
    assert b"secret-word" not in send(client, address, form).content


def test_the_login_works_for_who_is_not_signed_in(client) -> None:
    """Red when: the form of the login itself is kept."""
    User.objects.create_superuser("anna", password="x")

    response = client.post("/admin/login/?next=/admin/", {"username": "anna", "password": "x"})

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert client.post("/admin/login/", {"username": "anna"}).status_code == 200


def test_a_form_without_anything_typed_leads_to_the_login(client) -> None:
    response = client.post("/admin/logout/")

    assert response.status_code == 302
