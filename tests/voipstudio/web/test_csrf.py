"""Forged requests: refused by Fetch Metadata on public pages, by the stock token in the admin."""

import pytest
from django.test import Client

from consent.models import ConsentRecord
from tests.factories import make_form
from tests.pages import PAGES, Page
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def _reject(client: Client, **headers: str):
    return client.post("/cookies/", make_form("reject"), content_type=FORM, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://testserver"},
        {"Origin": "http://127.0.0.1:8000"},
        {},
    ],
    ids=["same-origin", "none", "own-host", "site-origin", "neither"],
)
def test_our_own_form_is_accepted_without_token_and_cookie(client, headers) -> None:
    """Old browsers and programs that are not browsers send neither header."""
    response = _reject(client, **headers)

    assert response.status_code == 303
    assert [*response.cookies] == ["l7_choice"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
    ],
    ids=["cross-site", "same-site", "foreign", "null", "look-alike"],
)
def test_a_form_from_elsewhere_is_refused_and_changes_nothing(client, headers) -> None:
    """Red when: PublicCsrfMiddleware is taken out of the settings."""
    response = _reject(client, **headers)

    assert response.status_code == 403
    assert not response.cookies
    assert not ConsentRecord.objects.exists()


@pytest.mark.parametrize("address", PAGES)
def test_no_public_page_sets_or_shows_a_token(client, address: str) -> None:
    """Red when: a template asks for a token."""
    response = client.get(address)

    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content


def test_the_admin_needs_the_stock_token(client, admin_user) -> None:
    """Red when: PublicCsrfMiddleware answers for staff pages too."""
    login = client.get("/admin/login/")
    fields = {"username": "admin", "password": "password"}
    assert "csrftoken" in login.cookies

    assert client.post("/admin/login/", fields).status_code == 403

    token = Page(login.content).one("input", name="csrfmiddlewaretoken")["value"]
    response = client.post("/admin/login/?next=/admin/", fields | {"csrfmiddlewaretoken": token})
    assert response.status_code == 302
    assert {"sessionid", "csrftoken"} <= {*response.cookies}


def test_the_admin_needs_its_token_despite_a_same_origin_header(client) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}

    assert client.post("/admin/login/", {}, headers=headers).status_code == 403
