"""Cookies of staff: under /admin/ only, declared, and as strict as they can be."""

import pytest
import time_machine
from django.test import Client

from consent.registry import registry
from tests.pages import PAGES
from tests.privacy.policies.drafts import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(admin_client) -> Client:
    return admin_client


def test_the_admin_sets_the_cookies_that_the_registry_declares_for_staff(admin_user) -> None:
    """Red when: a staff cookie is not declared: the guard drops it, and staff cannot sign in."""
    draft = make_draft()
    client = Client()
    fields = {"username": "admin", "password": "password"}
    signed_in = client.post("/admin/login/?next=/admin/", fields)
    step = f"/admin/privacy/policyversion/{draft.pk}/submit/"
    submitted = client.post(step, {"revision": draft.revision})

    assert {*signed_in.cookies} == {"csrftoken", "sessionid"}
    assert "messages" in submitted.cookies
    declared = registry.current()
    for morsel in [*signed_in.cookies.values(), *submitted.cookies.values()]:
        row = declared.find(morsel.key)
        assert row is not None
        assert row.is_staff_only
        assert morsel["samesite"] == "Lax"
        assert morsel["httponly"] is True


@time_machine.travel("2026-03-01 12:00 +0000", tick=False)
def test_a_session_lasts_for_the_twelve_hours_that_are_declared(admin_user) -> None:
    client = Client()
    response = client.post(
        "/admin/login/?next=/admin/", {"username": "admin", "password": "password"}
    )

    declared = registry.current().find("sessionid")
    assert response.cookies["sessionid"]["max-age"] == declared.max_age_seconds == 12 * 60 * 60


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_sets_nothing_for_staff_who_are_signed_in(staff, address: str) -> None:
    """Red when: a public page touches the session or the messages."""
    staff.get("/admin/")

    assert not staff.get(address).cookies


def test_no_cache_keeps_a_page_of_the_admin(staff) -> None:
    response = staff.get("/admin/")

    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
