"""From which networks the admin can be reached, and when a session ends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from tests.pages import Page
from tests.privacy.policies.drafts import make_draft
from tests.voipstudio.accounts.people import (
    LOGIN,
    is_inside,
    make_person,
    send_password,
    signed_in,
)
from voipstudio.accounts.models import StaffSession
from voipstudio.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize(
    ("networks", "address", "is_inside"),
    [
        ([], "198.51.100.7", True),
        (["203.0.113.0/24"], "203.0.113.255", True),
        (["203.0.113.0/24"], "203.0.114.0", False),
        (["203.0.113.0/24"], "::ffff:203.0.113.9", True),
        (["203.0.113.0/24", "2001:db8:1::/48"], "2001:db8:1:ffff::1", True),
        (["203.0.113.0/24", "2001:db8:1::/48"], "2001:db8:2::1", False),
        (["203.0.113.9"], "203.0.113.9", True),
        (["nonsense"], "203.0.113.9", False),
        (["203.0.113.9/24"], "203.0.113.9", False),
        (["0.0.0.0/0"], "", False),
    ],
)
def test_the_admin_answers_its_networks_alone(
    settings, networks: list[str], address: str, is_inside: bool
) -> None:
    """Red when: a malformed network, or an address that cannot be read, lets everybody in."""
    settings.ADMIN_NETWORKS = networks

    response = Client(REMOTE_ADDR=address).get(LOGIN)

    assert response.status_code == (200 if is_inside else 404)


@pytest.mark.parametrize("address", ["/admin/", "/admin", LOGIN, "/admin/design/", "/admin/x/"])
def test_other_networks_get_the_page_of_a_missing_address(settings, address: str) -> None:
    """Red when: the answer shows that there is an admin, by a redirect, a cookie or its words."""
    settings.ADMIN_NETWORKS = ["203.0.113.0/24"]
    make_person()
    client = Client(REMOTE_ADDR="198.51.100.7")
    client.login(username="anna", password="for-tests-only")

    response = client.get(address)

    missing = client.get("/nothing-here/")
    assert response.status_code == missing.status_code == 404
    assert not response.cookies
    page, ordinary = Page(response.content), Page(missing.content)
    assert page.one("h1").text == ordinary.one("h1").text
    assert page.one("title").text == ordinary.one("title").text
    assert "no-store" in response["Cache-Control"]


def test_public_pages_answer_every_network(settings) -> None:
    settings.ADMIN_NETWORKS = ["203.0.113.0/24"]

    assert Client(REMOTE_ADDR="198.51.100.7").get("/").status_code == 200


def test_a_session_ends_after_half_an_hour_without_a_request(clock) -> None:
    """Red when: nothing looks at the time of the last request."""
    make_person()
    client = signed_in()
    assert is_inside(client)

    clock.shift(30 * MINUTE)
    response = client.get("/admin/password_change/", follow=True)

    assert response.redirect_chain == [(f"{LOGIN}?next=/admin/password_change/", 302)]
    assert "bo przez 30 minut nic się nie działo" in response.content.decode()
    assert not StaffSession.objects.exists()


def test_each_request_renews_a_session(clock) -> None:
    """Red when: the time counts from the login."""
    make_person()
    client = signed_in()
    for _request in range(5):
        assert is_inside(client)
        clock.shift(29 * MINUTE)

    assert is_inside(client)


def test_the_time_is_a_setting(clock, settings) -> None:
    settings.ADMIN_IDLE_MINUTES = 5
    make_person()
    client = signed_in()
    assert is_inside(client)

    clock.shift(5 * MINUTE)

    assert not is_inside(client)


def test_a_session_at_work_ends_twelve_hours_after_its_login(clock) -> None:
    """Red when: each request moves the end."""
    make_person()
    client = signed_in()
    thirds_of_an_hour = 0
    while is_inside(client):
        clock.shift(20 * MINUTE)
        thirds_of_an_hour += 1
        assert thirds_of_an_hour < 40

    assert thirds_of_an_hour == 36


def test_the_time_of_a_session_begins_at_the_login(clock) -> None:
    """Red when: it begins at the first request after the login."""
    make_person()
    client = signed_in()
    clock.shift(31 * MINUTE)

    assert not is_inside(client)


def test_a_login_in_the_session_of_before_begins_a_new_time(clock) -> None:
    make_person()
    client = signed_in()
    for _request in range(30):
        clock.shift(20 * MINUTE)
        assert is_inside(client)
    send_password(client)
    for _request in range(30):
        clock.shift(20 * MINUTE)
        assert is_inside(client)


def test_the_cookie_lasts_no_longer_than_its_session(clock) -> None:
    """Red when: a renewal gives the cookie twelve more hours."""
    make_person()
    client = signed_in()
    is_inside(client)
    clock.shift(29 * MINUTE)

    cookie = client.get("/admin/").cookies["sessionid"]

    assert cookie["max-age"] == (12 * 60 - 29) * 60
    assert StaffSession.objects.get().expire_date == NOON + timedelta(hours=12)


def test_requests_within_half_a_minute_cost_one_write(clock) -> None:
    """Red when: each page of the admin writes to the database."""
    make_person()
    client = signed_in()
    is_inside(client)

    clock.shift(timedelta(seconds=29))
    assert "sessionid" not in client.get("/admin/").cookies
    clock.shift(timedelta(seconds=1))
    assert "sessionid" in client.get("/admin/").cookies


def test_a_draft_that_is_sent_after_the_session_ended_is_kept(clock) -> None:
    """Red when: the end of a session takes the text along."""
    make_person(is_superuser=True)
    client = signed_in()
    draft = make_draft()
    is_inside(client)
    clock.shift(31 * MINUTE)

    response = client.post(
        f"/admin/privacy/policyversion/{draft.pk}/change/", {"section_3_pl": "Zebra"}
    )

    assert response.status_code == 403
    assert "Zebra" in response.content.decode()


def test_a_session_knows_its_person_and_ends_with_the_account() -> None:
    user = make_person()
    client = signed_in()
    assert StaffSession.objects.get().user == user

    User.objects.get().delete()

    assert not StaffSession.objects.exists()
    assert not is_inside(client)


def test_a_session_of_an_account_that_is_switched_off_ends() -> None:
    user = make_person()
    client = signed_in()

    user.is_active = False
    user.save()

    assert not is_inside(client)


def test_a_new_password_by_a_superuser_ends_the_sessions() -> None:
    user = make_person()
    client = signed_in()
    assert is_inside(client)

    user.set_password("another")
    user.save()

    assert not is_inside(client)


def test_a_login_deletes_sessions_that_have_ended(clock) -> None:
    """Red when: rows of sessions stay for ever."""
    make_person()
    signed_in()
    clock.shift(timedelta(hours=13))

    assert send_password(Client()).status_code == 302

    assert StaffSession.objects.count() == 1


def test_when_the_database_fails_at_the_session_the_answer_is_a_page(monkeypatch) -> None:
    """I18. Red when: StaffSessionMiddleware lets the error through: the answer is 500."""
    make_person()
    client = signed_in()

    def fail(self: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(SessionStore, "load", fail)
    response = client.get("/admin/")

    assert response.status_code == 503
    assert response["Retry-After"] == "60"
