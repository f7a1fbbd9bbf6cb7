"""The first page of the admin says what staff must look at again, to those whom it concerns."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.models import LegalHold, PurgeRun
from privacy.rights.cases import erasure_cases
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Person
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

ANNA = Person("anna@example.com")


@pytest.fixture(autouse=True)
def run_of_retention() -> None:
    PurgeRun.objects.create(started_at=timezone.now(), is_complete=True)


def reminders(client, page: str = "/admin/") -> list[str]:
    return client.get(page).context["reminders"]


def hold(*, days: int) -> None:
    today = timezone.localdate()
    LegalHold.objects.create(
        **fields_of(ANNA), opened_at=timezone.now(), reason="x", review_on=today + timedelta(days)
    )


def test_nothing_is_said_where_nothing_is_to_be_done(admin_client) -> None:
    hold(days=1)
    erasure_cases.request(Person("ewa@example.com"), at=timezone.now() - timedelta(hours=25))

    assert reminders(admin_client) == []


def test_a_legal_hold_whose_day_has_come_is_named(admin_client) -> None:
    """Red when: a hold is forgotten for ever."""
    hold(days=0)

    for page in ("/admin/", "/admin/privacy/legalhold/"):
        [text] = reminders(admin_client, page)
        assert text.startswith("Trzeba ponownie sprawdzić 1 wstrzymanie usuwania danych")


def test_an_erasure_that_is_late_is_named(admin_client) -> None:
    erasure_cases.request(ANNA, at=timezone.now() - timedelta(hours=27))

    [text] = reminders(admin_client)
    assert text.startswith("Dane, które miały już zostać usunięte")
    assert text in admin_client.get("/admin/").text
    assert "erasures of people that are late: 1" in admin_client.get("/readyz").text


def test_staff_without_the_permission_read_nothing() -> None:
    hold(days=0)
    erasure_cases.request(Person("ewa@example.com"), at=timezone.now() - timedelta(hours=27))
    PurgeRun.objects.all().delete()

    assert reminders(make_staff("view_signup")) == []
