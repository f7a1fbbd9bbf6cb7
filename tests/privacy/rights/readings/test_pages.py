"""Whatever staff read of people in the admin is in the log before they see it."""

import uuid
from dataclasses import replace

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery.models import Mail
from privacy.models import ErasureCase, PersonNumber, Reading
from privacy.rights.cases import erasure, erasure_cases, restrictions
from privacy.rights.map.declarations import Person
from privacy.rights.readings import checks
from privacy.rights.readings.pages import data_of_others
from privacy.rights.readings.personal_data import all_numbers_of
from tests.factories import make_person_to_call, make_trial
from tests.privacy.rights.somebody import make_somebody
from tests.staff import act, make_staff
from trial.marketing import objections
from trial.models import MarketingConsent, Objection, SignUp

pytestmark = pytest.mark.django_db

SIGN_UPS = "/admin/trial/signup/"
CONSENTS = "/admin/trial/marketingconsent/"
ERASE = "/admin/privacy/erasurecase/add/"
ANNA = Person("anna@example.com")
# Models of which staff see a row that has no address: a hash, or a number of the log.
OF_NOBODY_KNOWN = {"trial_struckoffnumber", "privacy_reading"}


def page_of(row, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def log() -> list[tuple[str, str, bool, int | None]]:
    """What was done, with which table, whether about one person, and the number of rows."""
    rows = Reading.objects.order_by("pk")
    return [(row.what, row.kind, bool(row.about), row.rows) for row in rows]


def personal_models() -> list[type]:
    return [model for model in admin.site._registry if data_of_others(model)]


def test_every_personal_model_with_a_page_says_whose_a_row_is() -> None:
    """Red when: a new page of the admin shows rows of which nobody knows the person."""
    assert len(personal_models()) >= 10
    assert checks.problems(admin.site._registry) == []


def test_a_model_that_does_not_say_it_is_an_error(monkeypatch) -> None:
    data = data_of_others(SignUp)
    assert data
    monkeypatch.setattr(checks, "data_of_others", {SignUp: replace(data, person_of=None)}.get)

    [error] = checks.problems([SignUp, User])

    assert (error.id, error.msg.partition(" ")[0]) == ("privacy.E007", "trial.SignUp")


def test_the_page_of_each_kind_of_row_is_logged_with_its_person(admin_client, settings) -> None:
    """Red when: a page of a ModelAdmin is not logged, or the way back to the person is missing."""
    settings.PROVISIONING_URL = "https://phone.example.com/trials"
    make_somebody("ola", phone="+48221111111")
    restrictions.restrict(Person("ola@example.com"), reason="x", at=timezone.now())
    erasure_cases.request(Person("ola@example.com"), at=timezone.now())
    rows = [
        data_of_others(model).model._default_manager.exclude(**closed).latest("pk")
        for model in personal_models()
        for closed in [{"undone_at__isnull": False} if model is ErasureCase else {}]
    ]
    for row in rows:
        before = Reading.objects.latest("pk").pk
        assert admin_client.get(page_of(row)).status_code == 200
        new = Reading.objects.get(pk__gt=before)
        assert (new.what, new.kind, new.rows) == ("read", row._meta.db_table, 1)
        assert bool(new.about) is (row._meta.db_table not in OF_NOBODY_KNOWN), row


def test_pages_of_one_person_lead_to_the_same_number(admin_client, settings) -> None:
    settings.PROVISIONING_URL = "https://phone.example.com/trials"
    trial = make_trial("email", email="anna@example.com")

    for row in (
        trial,
        trial.hand_over,
        trial.consents.get(),
        Mail.objects.latest("pk"),
    ):
        admin_client.get(page_of(row))

    assert {*Reading.objects.values_list("about", flat=True)} == {all_numbers_of(ANNA).get().number}
    assert Reading.objects.count() == 4


def test_who_and_when_is_logged(admin_client, admin_user) -> None:
    trial = make_trial()
    before = timezone.now()

    admin_client.get(page_of(trial))

    row = Reading.objects.get()
    assert row.user == admin_user
    assert before <= row.read_at <= timezone.now()


def test_the_history_of_a_row_is_a_page_about_its_person(admin_client) -> None:
    admin_client.get(page_of(make_trial(), "history"))

    assert log() == [("read", "trial_signup", True, 1)]


def test_a_list_of_many_is_one_row_without_a_person(admin_client) -> None:
    for number in range(3):
        make_trial(email=f"{number}@example.com")

    admin_client.get(SIGN_UPS)

    assert log() == [("read", "trial_signup", False, 3)]
    assert not PersonNumber.objects.exists()


def test_a_list_that_shows_one_person_is_a_reading_about_the_person(admin_client) -> None:
    """Red when: staff read whom they search for in the list, and the log does not know of whom."""
    make_trial(email="anna@example.com")
    make_trial(email="ewa@example.com")

    admin_client.get(SIGN_UPS, {"q": "ewa@example.com"})

    assert log() == [("read", "trial_signup", True, 1)]
    assert all_numbers_of(Person("ewa@example.com")).exists()


def test_an_empty_list_is_not_logged(admin_client) -> None:
    admin_client.get(SIGN_UPS, {"q": "nobody@example.com"})

    assert log() == []


def test_a_download_of_many_is_one_row_and_of_one_is_about_the_person(admin_client) -> None:
    anna, ewa = make_trial(), make_trial(email="ewa@example.com")

    act(admin_client, SIGN_UPS, "download_csv", anna, ewa)
    act(admin_client, SIGN_UPS, "download_csv", anna)
    form = {"action": "download_csv", "_selected_action": [str(anna.pk)], "select_across": "1"}
    admin_client.post(SIGN_UPS, form)

    assert log() == [
        ("exported", "trial_signup", False, 2),
        ("exported", "trial_signup", True, 1),
        ("exported", "trial_signup", False, 2),
    ]


def test_the_call_list_is_logged(admin_client) -> None:
    make_person_to_call()

    assert admin_client.get(f"{CONSENTS}call-list/").status_code == 200

    assert log() == [("exported", "trial_marketingconsent", False, 1)]


def test_what_an_erasure_would_do_is_a_reading_about_the_person(admin_client) -> None:
    """Red when: the form of an erasure tells what is held of anybody, and nothing is logged."""
    make_trial(email="anna@example.com")
    assert admin_client.get(ERASE).status_code == 200
    assert log() == []

    admin_client.post(ERASE, {"email": "ANNA@example.com", "show": ""})

    assert log() == [("read", "privacy_erasurecase", True, None)]
    assert all_numbers_of(ANNA).exists()


def test_a_form_that_shows_nobody_is_not_logged(admin_client) -> None:
    for page in ("/admin/privacy/restriction/add/", "/admin/trial/objection/add/"):
        assert admin_client.get(page).status_code == 200

    assert log() == []


def test_pages_without_data_of_people_are_not_logged(admin_client, admin_user) -> None:
    """Red when: the log fills with pages of texts, plans and colleagues."""
    for page in ("/admin/", "/admin/pricing/plan/", "/admin/auth/user/", page_of(admin_user)):
        assert admin_client.get(page).status_code == 200

    assert log() == []


def test_what_shows_nothing_is_not_logged(admin_client) -> None:
    """HEAD, an address without a row, and somebody without the permission."""
    trial = make_trial()

    assert admin_client.head(page_of(trial)).status_code == 200
    assert admin_client.get(f"{SIGN_UPS}{uuid.uuid4()}/change/").status_code == 302
    assert admin_client.get("/admin/trial/nothing/").status_code == 404
    assert admin_client.get(SIGN_UPS, {"created_at__year": "9" * 11}).status_code == 400
    other = make_staff("view_mail")
    for page in (SIGN_UPS, page_of(trial), f"{CONSENTS}call-list/"):
        assert other.get(page).status_code == 403
        assert Client().get(page).status_code == 302

    assert log() == []


def test_staff_who_read_about_themselves_are_not_logged(admin_client, admin_user) -> None:
    make_trial(email="anna@example.com")
    User.objects.filter(pk=admin_user.pk).update(email="Anna@Example.com")

    admin_client.get(page_of(SignUp.objects.get()))
    admin_client.get(SIGN_UPS)

    assert log() == []


def test_names_are_not_completed_beside_the_log(admin_client) -> None:
    """Red when: Django's completion of names answers, which no page of this admin needs."""
    make_trial()
    names = {"app_label": "trial", "model_name": "handover", "field_name": "sign_up", "term": ""}

    assert admin_client.get("/admin/autocomplete/", names).status_code == 404


def test_an_objection_is_a_hash_of_nobody_known(admin_client) -> None:
    objections.record("phone", "+48221111111", at=timezone.now())

    admin_client.get(page_of(Objection.objects.get()))

    assert log() == [("read", "trial_struckoffnumber", False, 1)]


def test_a_proof_whose_person_was_erased_leads_to_nobody(admin_client) -> None:
    make_trial("email", email="anna@example.com")
    erasure.erase(ANNA, at=timezone.now())

    admin_client.get(page_of(MarketingConsent.objects.get()))

    assert log() == [("read", "trial_marketingconsent", False, 1)]
