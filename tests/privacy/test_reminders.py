"""The first page of the admin says what staff must look at again, to those whom it concerns."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from privacy.models import LegalHold, PolicyVersion, PurgeRun, Recipient
from privacy.policies import actions
from privacy.reminders import Reminder
from privacy.rights.cases import erasure_cases
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Person
from tests.pages import Page
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

ANNA = Person("anna@example.com")
LISTS = "/admin/privacy/"


@pytest.fixture(autouse=True)
def run_of_retention() -> None:
    PurgeRun.objects.create(started_at=timezone.now(), is_complete=True)


@pytest.fixture
def is_approved(admin_user) -> None:
    """A person has approved the first version."""
    actions.approve(version=PolicyVersion.objects.get(), user=admin_user, at=timezone.now())


def reminders(client, page: str = "/admin/") -> list[Reminder]:
    return client.get(page).context["reminders"]


def hold(*, days: int) -> None:
    today = timezone.localdate()
    LegalHold.objects.create(
        **fields_of(ANNA), opened_at=timezone.now(), reason="x", review_on=today + timedelta(days)
    )


@pytest.mark.usefixtures("is_approved")
def test_nothing_is_said_where_nothing_is_to_be_done(admin_client) -> None:
    hold(days=1)
    erasure_cases.request(Person("ewa@example.com"), at=timezone.now() - timedelta(hours=25))

    assert reminders(admin_client) == []


@pytest.mark.usefixtures("is_approved")
def test_a_legal_hold_whose_day_has_come_is_named(admin_client) -> None:
    """Red when: a hold is forgotten for ever, or the list links to itself."""
    hold(days=0)

    for page, link in (("/admin/", f"{LISTS}legalhold/"), (f"{LISTS}legalhold/", "")):
        [reminder] = reminders(admin_client, page)
        assert reminder.text.startswith("Trzeba ponownie sprawdzić 1 wstrzymanie usuwania danych")
        assert reminder.link == link
        assert (
            reminder.text in Page(admin_client.get(page).content).one("li", class_="warning").text
        )


@pytest.mark.usefixtures("is_approved")
def test_an_erasure_that_is_late_is_named(admin_client) -> None:
    erasure_cases.request(ANNA, at=timezone.now() - timedelta(hours=27))

    [reminder] = reminders(admin_client)
    assert reminder.text.startswith("Dane, które miały już zostać usunięte")
    assert reminder.text in admin_client.get("/admin/").text
    assert "erasures of people that are late: 1" in admin_client.get("/readyz").text


def test_each_reminder_leads_to_its_page_and_policies_come_first(admin_client) -> None:
    """Red when: a reminder has no link, a link leads nowhere, or the first version is not first."""
    hold(days=0)
    erasure_cases.request(Person("ewa@example.com"), at=timezone.now() - timedelta(hours=27))
    PurgeRun.objects.all().delete()
    Recipient.objects.filter(key="hosting").update(review_on=date(2020, 1, 1))
    version = PolicyVersion.objects.get()

    page = Page(admin_client.get("/admin/").content)

    links = [
        link["href"]
        for link in page.all("a")
        if link.is_inside("li") and "warning" in link.parents[-1].classes
    ]
    assert links == [
        f"{LISTS}policyversion/{version.pk}/change/",
        f"{LISTS}purgerun/",
        f"{LISTS}erasurecase/",
        f"{LISTS}legalhold/",
        f"{LISTS}recipient/",
    ]
    assert [admin_client.get(link).status_code for link in links] == [200] * 5


def test_staff_without_the_permission_read_nothing() -> None:
    hold(days=0)
    erasure_cases.request(Person("ewa@example.com"), at=timezone.now() - timedelta(hours=27))
    PurgeRun.objects.all().delete()

    assert reminders(make_staff("view_signup")) == []
