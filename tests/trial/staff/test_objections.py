"""Staff note objections to marketing, and take none back."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from tests.factories import make_person_to_call, make_trial
from tests.pages import Page
from tests.staff import act, make_staff, message_levels
from tests.trial.staff.test_export import read
from trial.marketing import objections
from trial.models import MarketingConsent, Objection
from trial.staff import export

pytestmark = pytest.mark.django_db

OBJECTIONS = "/admin/trial/objection/"
SIGN_UPS = "/admin/trial/signup/"
NUMBER = "+48 22 765 43 21"
E164 = "+48227654321"


def type_number(client, number: str):
    return client.post(f"{OBJECTIONS}add/", {"number": number}, follow=True)


@pytest.mark.parametrize("typed", [NUMBER, "22 765 43 21", "227654321 wew. 3", "0048227654321"])
def test_a_number_that_staff_typed_is_called_by_nobody(admin_client, typed: str) -> None:
    """Red when: the key covers the spelling or the extension; the list is not asked."""
    make_person_to_call(phone=NUMBER)

    type_number(admin_client, typed)

    assert len(read(export.call_list(at=timezone.now()))) == 1
    assert Objection.objects.get().channel == "phone"


def test_only_a_keyed_hash_of_the_number_is_stored(admin_client, settings) -> None:
    """Red when: the number is stored, logged or shown; the hash has no key."""
    page = type_number(admin_client, NUMBER)

    row = Objection.objects.get()
    assert "7654321" not in "".join(filter(str.isdigit, row.key + str(row) + page.text))
    entry = LogEntry.objects.get()
    assert (entry.object_id, "765" in entry.object_repr) == (str(row.pk), False)
    settings.EVIDENCE_KEYS = ["a" * 32]
    assert objections.keys_of(E164)[0] != row.key


def test_a_number_is_noted_once_and_must_be_a_number(admin_client, settings) -> None:
    """Red when: a rotated key lets a number in twice."""
    settings.EVIDENCE_KEYS = ["a" * 32]
    type_number(admin_client, NUMBER)
    settings.EVIDENCE_KEYS = ["b" * 32, "a" * 32]
    again = type_number(admin_client, NUMBER)
    wrong = type_number(admin_client, "12")

    assert "Ten numer jest już na liście." in again.text
    assert wrong.status_code == 200
    assert Page(wrong.content).with_class("errorlist")
    assert Objection.objects.count() == 1


def test_staff_can_neither_change_nor_delete_an_objection(admin_client) -> None:
    """Red when: the page has a form, a list has the action that deletes."""
    row, _is_new = objections.record("phone", E164, at=timezone.now())
    page = f"{OBJECTIONS}{row.pk}/change/"

    assert admin_client.get(page).status_code == 200
    assert admin_client.post(page, {"number": "+48221112233"}).status_code == 403
    assert admin_client.post(f"{OBJECTIONS}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    act(admin_client, OBJECTIONS, "delete_selected", row)
    row.refresh_from_db()
    assert row.key == objections.keys_of(E164)[0]


def test_an_objection_by_phone_or_letter_is_noted_for_a_sign_up(admin_client) -> None:
    """Red when: the consents stay, the history is silent, or a second note counts as done."""
    trial = make_trial("email", "phone")

    assert message_levels(act(admin_client, SIGN_UPS, "object_to_marketing", trial)) == ["success"]
    assert message_levels(act(admin_client, SIGN_UPS, "object_to_marketing", trial)) == ["warning"]

    assert not MarketingConsent.objects.standing(at=timezone.now()).exists()
    assert Objection.objects.count() == 2
    assert LogEntry.objects.get().object_id == str(trial.pk)


def test_staff_who_may_only_view_sign_ups_note_no_objection() -> None:
    """Red when: the action asks for no permission of its own."""
    act(make_staff("view_signup"), SIGN_UPS, "object_to_marketing", make_trial("email"))

    assert not Objection.objects.exists()
