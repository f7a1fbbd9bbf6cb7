"""The login: what opens when, where it leads, and what happens when it cannot be answered."""

from typing import Any

import pytest
from django.test import Client

from content import store
from tests.pages import Page
from tests.voipstudio.accounts.people import (
    CODES,
    LOGIN,
    PASSWORD,
    SECOND_STEP,
    SETUP,
    code_of,
    is_inside,
    make_app,
    make_passkey,
    make_person,
    send_password,
    signed_in,
    verified,
)

pytestmark = pytest.mark.django_db

INSIDE = (
    "/admin/",
    "/admin/password_change/",
    "/admin/privacy/policyversion/",
    "/admin/design/",
    "/admin/auth/user/",
    "/admin/nothing-here/",
    "/admin/jsi18n/",
)


@pytest.fixture
def https(settings: Any) -> Any:
    """Over HTTPS the second step is required of everybody."""
    settings.SECOND_STEP_REQUIRED = True
    return settings


def test_without_https_a_password_alone_opens_the_admin() -> None:
    """`make serve` stays one command."""
    make_person()

    assert is_inside(signed_in())


@pytest.mark.parametrize("address", INSIDE)
def test_over_https_nothing_opens_before_a_second_step_is_set_up(https, address: str) -> None:
    """Red when: StaffSite.has_permission lets in whoever has the right password."""
    make_person(is_superuser=True)
    client = signed_in()

    response = client.get(address, follow=True)

    assert response.redirect_chain[-1] == (SETUP, 302)
    assert Page(response.content).all("nav", id="nav-sidebar") == []


@pytest.mark.parametrize("make_factor", [make_app, make_passkey])
@pytest.mark.parametrize("address", [*INSIDE, SETUP, f"{SETUP}app/", CODES])
def test_a_person_with_a_second_step_has_to_take_it(make_factor, address: str) -> None:
    """Whether it is required or not. Red when: a password alone opens a page, or changes a factor."""
    make_factor(make_person(is_superuser=True))

    response = signed_in().get(address, follow=True)

    assert response.redirect_chain[-1] == (SECOND_STEP, 302)


@pytest.mark.parametrize("page", ["app/", "remove/", "recovery-codes/", "passkey/options/"])
def test_a_password_alone_changes_no_second_step(settings, page: str) -> None:
    """Red when: a view of the set-up has no guard."""
    settings.HAS_PASSKEYS = True
    user = make_person()
    app = make_app(user)
    client = signed_in()

    response = client.post(f"{SETUP}{page}", {"device": app.persistent_id, "code": "000000"})

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, LOGIN)
    app.refresh_from_db()


@pytest.mark.parametrize("page", ["", "setup/", "setup/app/", "setup/recovery-codes/"])
def test_a_stranger_sees_no_page_of_the_second_step(page: str) -> None:
    response = Client().get(f"{SECOND_STEP}{page}")

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, LOGIN)


def test_a_visitor_with_an_account_that_is_not_of_staff_sees_none_either() -> None:
    make_person(is_staff=False)
    client = Client()
    client.login(username="anna", password=PASSWORD)

    assert client.get(SETUP).status_code == 302


def test_the_app_opens_the_page_that_was_asked_for() -> None:
    app = make_app(make_person())
    client = Client()
    send_password(client, next_page="/admin/password_change/")

    response = client.post(SECOND_STEP, {"code": code_of(app)})

    assert response["Location"] == "/admin/password_change/"
    assert is_inside(client)


@pytest.mark.parametrize("code", ["000000", "", "abc", "9" * 60, "٠٠٠٠٠٠", "1" * 64])
def test_a_wrong_code_opens_nothing(code: str) -> None:
    make_app(make_person())
    client = signed_in()

    assert client.post(SECOND_STEP, {"code": code}).status_code == 422
    assert not is_inside(client)


def test_a_code_is_good_once() -> None:
    """Somebody may have looked over a shoulder. Red when: the time step is not kept."""
    app = make_app(make_person())
    code = code_of(app)
    assert signed_in().post(SECOND_STEP, {"code": code}).status_code == 302

    assert signed_in(address="198.51.100.7").post(SECOND_STEP, {"code": code}).status_code == 422


def test_the_session_gets_a_new_key_at_the_second_step() -> None:
    """Red when: whoever stole the cookie after the password is inside after the second step."""
    app = make_app(make_person())
    client = signed_in()
    before = client.cookies["sessionid"].value

    client.post(SECOND_STEP, {"code": code_of(app)})

    thief = Client()
    thief.cookies["sessionid"] = before
    assert is_inside(client)
    assert not is_inside(thief)


def test_the_code_of_a_colleague_opens_nothing() -> None:
    make_app(make_person())
    other = make_app(make_person("jan"))

    assert signed_in().post(SECOND_STEP, {"code": code_of(other)}).status_code == 422


def test_somebody_else_can_sign_in_instead() -> None:
    make_app(make_person())
    client = signed_in()

    assert client.post(f"{SECOND_STEP}start-again/")["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200


def test_the_login_leads_on_whoever_is_already_signed_in() -> None:
    user = make_person()
    make_app(user)

    assert signed_in().get(LOGIN)["Location"] == SECOND_STEP
    client = verified(user)
    assert client.get(LOGIN)["Location"] == "/admin/"
    assert client.get(f"{LOGIN}?next=/cennik/")["Location"] == "/cennik/"


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/admin/privacy/policyversion/?stage=draft", "/admin/privacy/policyversion/?stage=draft"),
        ("http://testserver/admin/password_change/", "/admin/password_change/"),
        ("/cennik/", "/cennik/"),
        ("/en/pricing/", "/en/pricing/"),
        ("", "/admin/"),
        ("/nothing-here/", "/admin/"),
        ("/admin/nothing-here/", "/admin/"),
        ("/admin/privacy/nothing/", "/admin/"),
        ("/healthz", "/admin/"),
        ("/admin/login/", "/admin/"),
        ("/admin/logout/", "/admin/"),
        ("/admin/jsi18n/", "/admin/"),
        ("/admin/second-step/setup/remove/", "/admin/"),
        ("https://evil.example/admin/", "/admin/"),
        ("//evil.example/", "/admin/"),
        ("http://testserver//evil.example/", "/admin/"),
        ("/\\evil.example/", "/admin/"),
        ("http:///evil.example/", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
        ("/cennik/\r\nSet-Cookie: x=y", "/admin/"),
        ("/%2f%2fevil.example/", "/admin/"),
        ("\x00", "/admin/"),
        ("http://[", "/admin/"),
    ],
)
def test_a_login_leads_to_a_page_of_this_site_that_exists(asked: str, led: str) -> None:
    """Red when: page_after_login keeps the host, or does not look whether the page exists."""
    make_person(is_superuser=True)

    assert send_password(Client(), next_page=asked)["Location"] == led


def test_a_form_sent_without_a_session_leads_back_to_its_page() -> None:
    """A button without fields; a form with fields is kept (web/unsent.py). Its address may answer
    forms alone. Red when: the login ends on a 405."""
    form = "/admin/privacy/policyversion/1/change/"
    client = Client(headers={"Referer": f"http://testserver{form}"})

    response = client.post("/admin/privacy/policyversion/1/submit/")
    assert response["Location"] == f"{LOGIN}?next={form}"

    foreign = Client(headers={"Referer": "https://evil.example/admin/"})
    response = foreign.post("/admin/privacy/policyversion/1/submit/")
    assert response["Location"] == f"{LOGIN}?next=/admin/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_database_the_login_answers_503(method: str, monkeypatch) -> None:
    """Red when: the login waits for a database that is frozen."""
    monkeypatch.setattr(store, "database_answers", lambda: False)

    response = getattr(Client(), method)(LOGIN, {"username": "anna", "password": "x"})

    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "Chwilowo nie możemy niczego zapisać." in response.content.decode()


@pytest.mark.parametrize("address", [LOGIN, SECOND_STEP, SETUP, f"{SETUP}app/", CODES])
def test_pages_of_the_login_are_kept_nowhere_and_hold_no_style_or_script(address: str) -> None:
    """I3. Red when: a template, or the picture of the key, has a style of its own."""
    user = make_person()
    client = signed_in()
    if address == SECOND_STEP:
        make_app(user)
    if address == LOGIN:
        client = Client()

    response = client.get(address, follow=True)

    page = Page(response.content)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert page.all("style") == page.with_attribute("style") == page.with_attribute("onclick") == []
    assert [e for e in page.scripts if "src" not in e.attributes] == []
    assert page.unbalanced == []
