"""Changes of the registry in the admin, and what they do to earlier choices."""

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import ConsentRecord, Notice
from content import store
from tests.factories import make_client, post_choice
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(admin_client) -> Client:
    return admin_client


@pytest.fixture
def visitor() -> Client:
    """A visitor who granted everything before staff change something."""
    client = make_client()
    post_choice(client, "accept")
    return client


def edit_ga(staff: Client, **fields: str) -> None:
    pk = Cookie.objects.get(name="_ga").pk
    address = reverse("admin:consent_declaredcookie_change", args=[pk])
    form = Page(staff.get(address).content).form_fields | fields
    assert staff.post(address, form).status_code == 302
    store.poll(timezone.now())


def is_asked(visitor: Client) -> bool:
    return visitor.get("/").wsgi_request.consent.shows_banner


def test_a_corrected_typo_asks_no_visitor(staff, visitor) -> None:
    """Red when: `MeaningForm` raises the meaning with every save."""
    before = Notice.objects.count()

    edit_ga(staff, **{"details-0-purpose_en": "Tells visitors apart.", "description": "Cel."})

    assert Notice.objects.count() == before + 1
    assert not is_asked(visitor)
    assert "analytics" in visitor.get("/").wsgi_request.consent.granted


def test_a_change_that_staff_mark_as_one_of_meaning_asks_visitors_again(staff, visitor) -> None:
    """Red when: `MeaningForm` never raises the meaning."""
    edit_ga(
        staff,
        **{"details-0-purpose_en": "Follows you.", "details-0-changes_meaning": "on"},
    )

    assert is_asked(visitor)
    assert visitor.get("/").wsgi_request.consent.granted == {"preferences", "marketing"}


@pytest.mark.parametrize("by", ["its own page", "the list"])
def test_deleting_a_group_deletes_no_record(staff, visitor, by: str) -> None:
    """Red when: a record points to the group, or the deletion keeps no notice."""
    group = CookieGroup.objects.get(varname="analytics")
    record = ConsentRecord.objects.get()
    shown = record.notice

    if by == "its own page":
        address = reverse("admin:consent_declaredgroup_delete", args=[group.pk])
        form = {"post": "yes"}
    else:
        address = reverse("admin:consent_declaredgroup_changelist")
        form = {"action": "delete_selected", "_selected_action": str(group.pk), "post": "yes"}
    assert staff.post(address, form).status_code == 302
    store.poll(timezone.now())

    assert not CookieGroup.objects.filter(varname="analytics").exists()
    record.refresh_from_db()
    assert (record.granted, record.notice) == (["preferences", "analytics", "marketing"], shown)
    assert Notice.objects.first() != shown
    assert visitor.get("/").wsgi_request.consent.granted == {"preferences", "marketing"}
    assert not is_asked(visitor)


@pytest.mark.parametrize("model", ["declaredgroup", "declaredcookie"])
def test_what_the_site_itself_needs_cannot_be_deleted(staff, model: str) -> None:
    """Red when: staff can delete the cookie that remembers every choice."""
    row = {
        "declaredgroup": CookieGroup.objects.get(varname="necessary"),
        "declaredcookie": Cookie.objects.get(name="l7_choice"),
    }[model]

    one = staff.post(reverse(f"admin:consent_{model}_delete", args=[row.pk]), {"post": "yes"})
    staff.post(
        reverse(f"admin:consent_{model}_changelist"),
        {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"},
    )

    assert one.status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("address", "labels"),
    [
        ("notice", ("Migawka rejestru", "Treść", "Skrót SHA-256", "Utworzono")),
        ("registrysnapshot", ("Zawartość", "Skrót SHA-256", "Utworzono")),
    ],
)
def test_each_field_of_the_evidence_has_a_polish_name(
    admin_client, address: str, labels: tuple[str, ...]
) -> None:
    """Red when: a field has no verbose name, so that its English one is shown."""
    html = admin_client.get(f"/admin/consent/{address}/1/change/").content.decode()

    assert [label for label in labels if f"{label}:" not in html] == []
