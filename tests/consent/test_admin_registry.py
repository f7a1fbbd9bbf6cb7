"""Declarations in the admin: complete or refused, and in force after the next poll."""

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import DeclaredCookie, Provider
from content import store
from tests.pages import Page

pytestmark = pytest.mark.django_db

ADD = reverse("admin:consent_declaredcookie_add")


@pytest.fixture
def staff(admin_user) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


def _change(name: str) -> str:
    pk = Cookie.objects.get(name=name).pk
    return reverse("admin:consent_declaredcookie_change", args=[pk])


def _complete(staff: Client) -> dict[str, str]:
    return Page(staff.get(ADD).content).form_fields | {
        "cookiegroup": str(CookieGroup.objects.get(varname="analytics").pk),
        "name": "_zebra",
        "path": "/",
        "description": "Cel po polsku.",
        "details-0-purpose_en": "Purpose in English.",
        "details-0-provider": str(Provider.objects.get(name="Google").pk),
        "details-0-party": "third",
        "details-0-storage": "cookie",
        "details-0-life": "fixed",
        "details-0-max_age_seconds": "86400",
        "details-0-is_active": "on",
    }


def _names(client: Client, address: str, where: str) -> list[str]:
    return [e.text for e in Page(client.get(address).content).all("code") if e.is_inside(where)]


def test_a_complete_row_is_in_the_banner_and_in_the_policy_after_a_poll(staff, client) -> None:
    """Red when: `save_related` does not keep a notice."""
    form = _complete(staff)
    assert staff.post(ADD, form).status_code == 302
    assert "_zebra" not in _names(client, "/en/", "section")

    store.poll(timezone.now())

    assert "_zebra" in _names(client, "/en/", "section")
    assert "_zebra" in _names(client, "/en/privacy-policy/", "article")
    assert "_zebra" in _names(client, "/cookies/", "table")
    assert b"Purpose in English." in client.get("/en/").content
    assert b"Cel po polsku." in client.get("/").content


_INCOMPLETE = {
    "no-name": {"name": ""},
    "bad-name": {"name": "a b;c"},
    "no-group": {"cookiegroup": ""},
    "no-polish-purpose": {"description": ""},
    "no-english-purpose": {"details-0-purpose_en": ""},
    "no-provider": {"details-0-provider": ""},
    "no-party": {"details-0-party": ""},
    "no-life": {"details-0-life": ""},
    "no-seconds": {"details-0-max_age_seconds": ""},
    "no-time-at-all": {"details-0-max_age_seconds": "0"},
    "longer-than-ninety-days": {"details-0-max_age_seconds": str(90 * 24 * 60 * 60 + 1)},
    "optional-without-an-end": {"details-0-life": "deleted", "details-0-max_age_seconds": ""},
    "optional-for-staff-only": {"details-0-is_staff_only": "on"},
    "necessary-without-a-reason": {"cookiegroup": "necessary"},
}


@pytest.mark.parametrize("fields", _INCOMPLETE.values(), ids=_INCOMPLETE)
def test_a_row_that_lacks_something_is_refused(staff, fields: dict[str, str]) -> None:
    """Red when: `RequiredFormSet` or `CookieDetails.clean` lets it through."""
    form = _complete(staff) | fields
    if form["cookiegroup"] == "necessary":
        form["cookiegroup"] = str(CookieGroup.objects.get(varname="necessary").pk)

    response = staff.post(ADD, form)

    assert response.status_code == 200
    assert Page(response.content).with_class("errorlist")
    assert not DeclaredCookie.objects.filter(description="Cel po polsku.").exists()


def test_a_row_whose_details_are_left_empty_is_refused(staff) -> None:
    """Red when: `empty_permitted` stays True: the row would be saved without them."""
    untouched = Page(staff.get(ADD).content).form_fields
    form = untouched | {
        name: value for name, value in _complete(staff).items() if not name.startswith("details-")
    }

    response = staff.post(ADD, form)

    assert response.status_code == 200
    assert not Cookie.objects.filter(name="_zebra").exists()


def test_a_row_that_is_switched_off_is_gone_from_banner_and_policy(staff, client) -> None:
    """Red when: the snapshot contains rows that are not active."""
    form = Page(staff.get(_change("_gid")).content).form_fields
    del form["details-0-is_active"]

    assert staff.post(_change("_gid"), form).status_code == 302
    store.poll(timezone.now())

    assert "_gid" not in _names(client, "/en/", "section")
    assert "_gid" not in _names(client, "/en/privacy-policy/", "article")
    assert "_gat" in _names(client, "/en/", "section")


def test_a_deleted_row_is_gone_after_a_poll(staff, client) -> None:
    """Red when: `delete_model` keeps no notice."""
    address = reverse(
        "admin:consent_declaredcookie_delete", args=[Cookie.objects.get(name="_gid").pk]
    )

    assert staff.post(address, {"post": "yes"}).status_code == 302
    store.poll(timezone.now())

    assert "_gid" not in _names(client, "/en/", "section")


def test_a_group_whose_last_row_is_switched_off_is_not_asked_about(staff, client) -> None:
    form = Page(staff.get(_change("L7_geoip")).content).form_fields
    del form["details-0-is_active"]

    staff.post(_change("L7_geoip"), form)
    store.poll(timezone.now())

    boxes = Page(client.get("/en/").content).all("input", name="group")
    assert [box["value"] for box in boxes] == ["analytics", "marketing"]


def test_the_admin_shows_evidence_and_allows_no_change(staff) -> None:
    """Red when: `EvidenceAdmin` allows a change."""
    for name in ("consentrecord", "notice", "registrysnapshot"):
        assert staff.get(reverse(f"admin:consent_{name}_changelist")).status_code == 200
        assert staff.get(reverse(f"admin:consent_{name}_add")).status_code == 403
