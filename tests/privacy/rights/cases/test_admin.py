"""Staff erase, restrict and hold for people who write or call, and see before what it does."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from privacy.models import ErasureCase, LegalHold, Restriction
from privacy.rights.cases import erasure_cases, restrictions
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Person
from tests.factories import make_trial
from tests.staff import act, make_staff, message_levels
from trial.models import SignUp

pytestmark = pytest.mark.django_db

ERASE = "/admin/privacy/erasurecase/add/"
ERASURES = "/admin/privacy/erasurecase/"
HOLDS = "/admin/privacy/legalhold/"
RESTRICTIONS = "/admin/privacy/restriction/"
ANNA = Person("anna@example.com")


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())


def test_staff_see_what_goes_and_what_stays_before_they_erase(admin_client) -> None:
    """Red when: the first button erases, or the page says less than the map."""
    make_trial("email")

    page = admin_client.post(ERASE, {"email": "ANNA@example.com", "show": ""})

    text = words(page)
    assert "Zgłoszenia i okresy próbne 1" in text
    assert "Zgody marketingowe 1 Dowód pozostaje bez danych tej osoby" in text
    assert "6 lat od wycofania lub wygaśnięcia zgody" in text.replace("\xa0", " ")
    assert not ErasureCase.objects.exists()


def test_the_second_button_asks_for_the_erasure(admin_client) -> None:
    make_trial("email")

    form = {"email": "ANNA@example.com", "shown": "anna@example.com", "erase": ""}
    page = admin_client.post(ERASE, form, follow=True)

    [case] = ErasureCase.objects.all()
    assert case.email == "anna@example.com"
    assert message_levels(page) == ["info"]
    assert SignUp.objects.exists()
    assert "można jeszcze cofnąć" in words(page)
    [entry] = LogEntry.objects.all()
    assert entry.object_id == str(case.pk)
    assert "anna" not in entry.object_repr + entry.change_message


def test_only_the_person_who_was_shown_is_erased(admin_client) -> None:
    """Red when: an address that was changed after the preview is erased unseen."""
    make_trial(email="anna@example.com")
    make_trial(email="ewa@example.com")

    form = {"email": "ewa@example.com", "shown": "anna@example.com", "erase": ""}
    page = admin_client.post(ERASE, form)

    assert "Co stanie się z danymi: ewa@example.com" in words(page)
    assert not ErasureCase.objects.exists()


@pytest.mark.parametrize("button", ["show", "erase"])
def test_a_second_erasure_of_a_person_is_not_opened(admin_client, button: str) -> None:
    """Red when: staff undo one of two erasures, and the other one erases the person."""
    number = uuid.uuid4()
    erasure_cases.request(ANNA, at=timezone.now())

    both = {"email": "anna@example.com", "record_ids": str(number)}
    page = admin_client.post(ERASE, both | {"shown": f"anna@example.com, {number}", button: ""})

    assert "już zlecono" in words(page)
    assert ErasureCase.objects.count() == 1


def test_lists_name_the_person_until_the_erasure_is_over(admin_client) -> None:
    """Red when: staff cannot tell which of two rows to undo or to lift."""
    number = uuid.uuid4()
    case = erasure_cases.request(Person("anna@example.com", frozenset({number})), at=timezone.now())
    make_hold()
    restrictions.restrict(ANNA, reason="x", at=timezone.now())

    assert f"anna@example.com, {number}" in words(admin_client.get(ERASURES))
    for page in (HOLDS, RESTRICTIONS):
        assert "anna@example.com" in words(admin_client.get(page))

    erasure_cases.undo(case, at=timezone.now())
    assert "anna@example.com" not in words(admin_client.get(ERASURES))


@pytest.mark.parametrize("page", [HOLDS, RESTRICTIONS])
def test_a_case_about_nobody_is_a_warning(admin_client, page: str) -> None:
    """Red when: a mistyped address is restricted or held, and staff believe the person is."""
    make_trial()
    form = {"reason": "x", "review_on": "2027-05-01"}

    typo = admin_client.post(f"{page}add/", form | {"email": "ana@example.com"}, follow=True)
    right = admin_client.post(f"{page}add/", form | {"email": "anna@example.com"}, follow=True)

    assert message_levels(typo) == ["warning", "success"]
    assert message_levels(right) == ["success"]


def test_staff_undo_an_erasure(admin_client) -> None:
    case = erasure_cases.request(ANNA, at=timezone.now())
    late = erasure_cases.request(Person("b@firma.pl"), at=timezone.now() - timedelta(days=2))

    page = act(admin_client, ERASURES, "undo", case, late)

    assert "Cofnięto: 1." in words(page)
    assert [*ErasureCase.objects.exclude(undone_at=None)] == [case]


def test_nothing_is_erased_of_a_person_whom_we_do_not_know(admin_client) -> None:
    page = admin_client.post(ERASE, {"email": "nobody@example.com", "show": ""})

    assert "nie mamy nic o tej osobie" in words(page)
    assert 'name="erase"' not in page.text


def test_a_held_person_is_not_erased_and_staff_read_why(admin_client) -> None:
    make_trial()
    make_hold()

    for button in ("show", "erase"):
        page = admin_client.post(ERASE, {"email": "anna@example.com", button: ""})
        assert "art. 17 ust. 3 lit. e" in words(page).replace("\xa0", " ")
    assert not ErasureCase.objects.exists()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "Wpisz adres e-mail lub numer zapisu."),
        ({"email": "not an address"}, "Wpisz poprawny adres e-mail."),
        ({"record_ids": "1234"}, "Numer wygląda tak"),
        ({"email": "a" * 300 + "@b.pl"}, "co najwyżej 254"),
    ],
)
def test_bad_input_is_answered_with_what_to_do(admin_client, fields, problem: str) -> None:
    for page in (ERASE, f"{HOLDS}add/", f"{RESTRICTIONS}add/"):
        response = admin_client.post(page, {**fields, "show": "", "reason": "x"})
        assert response.status_code == 200
        assert problem in words(response), page


def test_staff_restrict_and_lift(admin_client) -> None:
    data = {"email": "ANNA@example.com", "reason": "The company name is wrong."}
    assert admin_client.post(f"{RESTRICTIONS}add/", data).status_code == 302

    [case] = Restriction.objects.all()
    assert (case.email, case.lifted_at) == ("anna@example.com", None)
    assert "Zniesiono: 1." in words(act(admin_client, RESTRICTIONS, "lift", case))
    case.refresh_from_db()
    assert case.lifted_at
    assert message_levels(act(admin_client, RESTRICTIONS, "lift", case)) == ["warning"]


def test_staff_hold_and_lift(admin_client) -> None:
    data = {
        "email": "",
        "record_ids": "3f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c\n",
        "reason": "Claim 7/2026.",
        "review_on": "2027-05-01",
    }
    assert admin_client.post(f"{HOLDS}add/", data).status_code == 302

    [case] = LegalHold.objects.all()
    assert case.record_ids == ["3f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c"]
    page = admin_client.get(f"{HOLDS}{case.pk}/change/")
    assert "Claim 7/2026." in page.text
    assert 'name="_save"' not in page.text
    assert "Zniesiono: 1." in words(act(admin_client, HOLDS, "lift", case))


@pytest.mark.parametrize("page", [ERASE, f"{HOLDS}add/", f"{RESTRICTIONS}add/"])
def test_only_who_may_add_opens_a_case(page: str) -> None:
    """Red when: everybody in the admin can erase people."""
    client = make_staff("view_erasurecase", "view_legalhold", "view_restriction")

    for response in (client.get(page), client.post(page, {"email": "a@b.pl", "erase": ""})):
        assert response.status_code == 403
    assert not ErasureCase.objects.exists()


@pytest.mark.parametrize(("page", "model"), [(HOLDS, LegalHold), (RESTRICTIONS, Restriction)])
def test_who_may_only_look_lifts_nothing(page: str, model) -> None:
    make_hold()
    Restriction.objects.create(**fields_of(ANNA), opened_at=timezone.now(), reason="x")
    client = make_staff("view_legalhold", "view_restriction")

    act(client, page, "lift", *model.objects.all())

    assert not model.objects.exclude(lifted_at=None).exists()


ODD = (
    "", " ", "\x00", "a\x00@b.pl", "a" * 300 + "@b.pl", "\r\nBcc: x@firma.pl", "@", "a@b", "ż@ż.pl",
    "anna@xn--", "\u202e", "1" * 5000, "9" * 32, "-" * 32, "٣f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c",
    "3F2C9A4E0D1B4F6A9C8E5B7D2E1F0A3C", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30",
    "1e99", "x" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("page", [ERASE, f"{HOLDS}add/", f"{RESTRICTIONS}add/"])
def test_whatever_is_sent_is_answered_with_a_page(admin_client, page: str) -> None:
    """Red when: a field is read before it is checked."""
    good = {"email": "anna@example.com", "record_ids": "", "reason": "x", "review_on": "2027-01-01"}
    answers = {200: 0, 302: 0}

    for field in ("email", "record_ids") if page == ERASE else good:
        for text in ODD:
            form = {**good, field: ["first", text], "show": "", "lifted_at": text}
            answers[admin_client.post(page, form).status_code] += 1

    assert answers[200] > 35
    assert not LegalHold.objects.exclude(lifted_at=None).exists()


@pytest.mark.parametrize(("page", "action"), [(ERASURES, "undo"), (HOLDS, "lift")])
def test_an_action_on_what_is_no_row_is_refused(admin_client, page, action) -> None:
    """Red when: the database is asked for it, and the answer is 500."""
    answers = {302: 0, 400: 0}

    for number in ODD:
        response = admin_client.post(page, {"action": action, "_selected_action": [number]})
        answers[response.status_code] += 1
        assert response.status_code == 302 or "<h1" in response.text

    assert answers[400] > 15


def test_a_form_of_another_site_is_refused(admin_user) -> None:
    """Red when: a page of the admin takes forms without the token of its own."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    form = {"email": "a@firma.pl", "erase": "", "reason": "x", "review_on": "2027-01-01"}

    for page in (ERASE, f"{HOLDS}add/", f"{RESTRICTIONS}add/", ERASURES, HOLDS, RESTRICTIONS):
        assert client.post(page, form).status_code == 403, page
    assert not ErasureCase.objects.exists()
    assert not LegalHold.objects.exists()


def test_the_history_and_the_messages_of_a_case_name_nobody(admin_client) -> None:
    """The history outlives the person. Red when: a case is called by its address."""
    make_trial()
    form = {"email": "anna@example.com", "reason": "Anna", "review_on": "2027-01-01"}
    pages = [
        admin_client.post(f"{RESTRICTIONS}add/", form, follow=True),
        admin_client.post(ERASE, form | {"erase": "", "shown": "anna@example.com"}, follow=True),
        act(admin_client, ERASURES, "undo", ErasureCase.objects.get()),
        admin_client.post(f"{HOLDS}add/", form, follow=True),
        act(admin_client, HOLDS, "lift", LegalHold.objects.get()),
    ]

    said = [str(message) for page in pages for message in page.context["messages"]]
    entries = [f"{each.object_repr} {each.change_message}" for each in LogEntry.objects.all()]
    assert len(said) == len(entries) == 5
    assert "anna" not in " ".join([*said, *entries]).lower()


def make_hold() -> None:
    LegalHold.objects.create(
        **fields_of(ANNA), opened_at=timezone.now(), reason="x", review_on=timezone.now()
    )


def test_a_hold_against_a_pending_erasure_says_whom_to_tell(admin_client) -> None:
    """GDPR Art. 12(4). Red when: an erasure waits, and nobody tells its person."""
    erasure_cases.request(ANNA, at=timezone.now())
    data = {"email": ANNA.email, "reason": "A claim.", "review_on": "2027-05-01"}

    response = admin_client.post(f"{HOLDS}add/", data, follow=True)

    assert "Ta osoba poprosiła o usunięcie danych" in words(response)
