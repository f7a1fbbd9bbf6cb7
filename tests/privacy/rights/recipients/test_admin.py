"""Recipients in the admin: kept by staff, in force at once, and looked at again in time."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content import store
from privacy.models import Recipient
from tests.factories import make_client
from tests.pages import Page
from tests.staff import act, make_staff

pytestmark = pytest.mark.django_db

LIST = reverse("admin:privacy_recipient_changelist")
ADD = reverse("admin:privacy_recipient_add")
INDEX = "/admin/"
WARNING = "Do 27 grudnia 2031 trzeba ponownie sprawdzić"
PERMISSIONS = ("view_recipient", "add_recipient", "change_recipient", "delete_recipient")


@pytest.fixture
def officer() -> Client:
    return make_staff(*PERMISSIONS)


def page_of(key: str, page: str = "change") -> str:
    return reverse(f"admin:privacy_recipient_{page}", args=[Recipient.objects.get(key=key).pk])


def save(officer: Client, address: str, **fields: str) -> Page | None:
    """Send the form of a page with these fields. The page again, where the form was refused."""
    form = Page(officer.get(address).content).form_fields | fields
    response = officer.post(address, form)
    store.poll(timezone.now())
    return None if response.status_code == 302 else Page(response.content)


NEW = {
    "key": "post", "name": "Poczta", "role": "processor", "purpose_pl": "listy",
    "purpose_en": "letters", "data_pl": "adres", "data_en": "address",
}  # fmt: skip


def test_a_save_is_in_the_policy_and_in_the_history(officer) -> None:
    """Red when: a change waits for the next release, or nobody can tell who made it."""
    assert save(officer, page_of("hosting"), name="Hosting SA", country="DE") is None

    policy = make_client().get("/polityka-prywatnosci/").text
    assert "Hosting SA" in policy
    assert "Niemcy (EOG)" in Page(policy).one("body").text
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_repr) == ("colleague", "Hosting SA")
    assert "państwo przetwarzania" in entry.get_change_message().lower()


def test_a_row_that_staff_add_is_in_the_policy_and_can_be_deleted(officer) -> None:
    assert save(officer, ADD, **NEW) is None
    assert "Poczta" in make_client().get("/polityka-prywatnosci/").text

    officer.post(page_of("post", "delete"), {"post": "yes"})
    store.poll(timezone.now())

    assert not Recipient.objects.filter(key="post").exists()
    assert "Poczta" not in make_client().get("/polityka-prywatnosci/").text


def test_what_staff_delete_from_the_list_leaves_the_policy(officer) -> None:
    """Red when: the action of the list keeps no new table."""
    save(officer, ADD, **NEW)
    post = Recipient.objects.get(key="post")

    form = {"action": "delete_selected", "_selected_action": [str(post.pk)], "post": "yes"}
    officer.post(LIST, form)
    store.poll(timezone.now())

    assert not Recipient.objects.filter(key="post").exists()
    assert "Poczta" not in make_client().get("/polityka-prywatnosci/").text


def test_what_the_map_names_keeps_its_key_and_cannot_be_deleted(officer) -> None:
    """Red when: the map loses a recipient by an action of staff."""
    assert save(officer, page_of("hosting"), key="other") is None
    assert officer.post(page_of("hosting", "delete"), {"post": "yes"}).status_code == 403
    act(officer, LIST, "delete_selected", *Recipient.objects.all())
    form = {
        "action": "delete_selected",
        "_selected_action": [str(row.pk) for row in Recipient.objects.all()],
        "post": "yes",
    }
    officer.post(LIST, form)

    assert Recipient.objects.count() == 7
    assert Recipient.objects.filter(key="hosting").exists()


def test_a_confirmation_without_its_facts_is_refused_with_a_sentence(officer) -> None:
    page = save(officer, page_of("hosting"), is_confirmed="on")

    assert page is not None
    errors = [e.text for e in page.all("ul") if "errorlist" in e.classes]
    assert errors == ["Uzupełnij to, zanim potwierdzisz wiersz, albo cofnij potwierdzenie."] * 3
    assert not Recipient.objects.get(key="hosting").is_confirmed


def test_the_list_says_which_recipients_the_policy_prints(officer) -> None:
    """Red when: staff cannot tell which rows readers see."""
    page = Page(officer.get(LIST).content)

    printed = [e["alt"] for e in page.all("img") if "field-is_in_policy" in e.parents[-1].classes]
    keys = [e.text for e in page.all("th") if "field-key" in e.classes]
    assert dict(zip(keys, printed, strict=True)) == {
        "ourselves": "True",
        "hosting": "True",
        "mail": "True",
        "phone-system": "True",
        "error-reports": "False",
        "google-analytics": "True",
        "google-ads": "True",
    }


@pytest.mark.parametrize("address", [INDEX, LIST])
@pytest.mark.parametrize(
    ("today", "is_shown"),
    [
        (datetime(2031, 6, 26, 12, tzinfo=UTC), False),
        (datetime(2031, 6, 27, 12, tzinfo=UTC), True),
        (datetime(2032, 6, 27, 12, tzinfo=UTC), True),
    ],
)
def test_the_first_page_and_the_list_warn_six_months_before_a_review(
    address: str, today: datetime, is_shown: bool
) -> None:
    """Red when: the end of the adequacy decision for the United Kingdom passes unseen."""
    with time_machine.travel(today, tick=False):
        page = Page(make_staff(*PERMISSIONS).get(address).content)

    warnings = [e.text for e in page.all("li") if "warning" in e.classes]
    assert [text.startswith(WARNING) for text in warnings] == [True] * is_shown


def test_only_those_who_may_see_recipients_are_warned() -> None:
    """Red when: the first page shows every colleague what only some can mend."""
    with time_machine.travel(datetime(2031, 7, 1, 12, tzinfo=UTC), tick=False):
        colleague = make_staff("view_signup")
        page = Page(colleague.get(INDEX).content)
        assert [e for e in page.all("li") if "warning" in e.classes] == []
        assert colleague.get(LIST).status_code == 403


def test_a_new_date_ends_the_warning() -> None:
    with time_machine.travel(datetime(2031, 7, 1, 12, tzinfo=UTC), tick=False):
        officer = make_staff(*PERMISSIONS)
        assert save(officer, page_of("ourselves"), review_on="2035-12-27") is None
        page = Page(officer.get(LIST).content)

    assert [e for e in page.all("li") if "warning" in e.classes] == []


def test_countries_are_offered_by_name(officer) -> None:
    """Red when: staff must know the two letters of a country."""
    page = Page(officer.get(page_of("ourselves")).content)

    names = {e["value"]: e.text for e in page.all("option") if e.parents[-1]["name"] == "country"}
    assert names["GB"] == "Wielka Brytania"
    assert len(names) > 240
