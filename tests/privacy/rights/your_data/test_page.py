"""What a person does on the page with their data: each right, from the form to its outcome."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from consent.models import ConsentRecord
from delivery import worker
from privacy.models import DataRequest, ErasureCase, Restriction
from privacy.rights.requests.data_request import Right
from tests.factories import make_client, make_sign_up, make_trial, post_choice
from tests.pages import Page
from tests.privacy.rights.your_data.open_pages import (
    follow,
    main_text,
    open_by_number,
    open_page,
)
from trial import actions
from trial.marketing import objections
from trial.models import Channel, HandOver, MarketingConsent, SignUp

pytestmark = pytest.mark.django_db

EMAIL = "anna@firma.pl"


def corrected(sign_up: SignUp, **fields: str) -> dict[str, str]:
    """The form that corrects a sign-up."""
    values = {
        "full_name": sign_up.name,
        "company": sign_up.company,
        "phone": str(sign_up.phone.as_e164) if sign_up.phone else "",
    }
    return {f"sign-up-{sign_up.pk}-{name}": value for name, value in (values | fields).items()}


def test_access_shows_each_field_with_what_it_is_why_and_until_when(client) -> None:
    make_trial("email", email=EMAIL, name="Anna Nowak", phone="+48221234567")
    text = main_text(client.get(open_page(EMAIL)))
    for words in (
        "Full name Anna Nowak",
        "Telephone +48 22 123 45 67",
        "Providing the free trial that the person asked for (GDPR Art. 6(1)(b), contract)",
        "90 days after the end of the trial",
        "Outside our tables",
    ):
        assert words in text


def test_portability_gives_everything_as_a_file(client) -> None:
    make_trial(email=EMAIL, company="Zażółć Sp. z o.o.")
    response = client.get(f"{open_page(EMAIL)}file/")
    assert response["Content-Disposition"].startswith('attachment; filename="voipstudio-your-data-')
    assert "Zażółć Sp. z o.o." in response.content.decode()
    tables = {table["table"]: table for table in json.loads(response.content)["tables"]}
    assert tables["trial_signup"]["rows"][0]["email"] == EMAIL


def test_the_page_and_the_file_hold_nothing_of_anybody_else(client) -> None:
    make_trial(email=EMAIL, company="Moja")
    make_trial(email="other@firma.pl", company="Cudza")
    page = open_page(EMAIL)
    for path in (page, f"{page}file/"):
        content = client.get(path).content.decode()
        assert "Moja" in content
        assert "Cudza" not in content
        assert "other@firma.pl" not in content


def test_rectification_acts_at_once(client) -> None:
    sign_up = make_trial(email=EMAIL, company="Firma Novak")
    response = client.post(f"{open_page(EMAIL)}correct/", corrected(sign_up, company="Firma Nowak"))
    assert "The data is corrected." in follow(response)
    assert SignUp.objects.get().company == "Firma Nowak"
    request = DataRequest.objects.get()
    assert (request.kind, request.outcome) == (Right.RECTIFICATION, "done")


def test_a_correction_that_the_phone_system_needs_too_stays_open_for_staff(
    client, settings
) -> None:
    """GDPR Art. 19. Red when: the request is closed although the phone system has the old name."""
    settings.PROVISIONING_URL = "https://phone.example/accounts"
    sign_up = make_trial(email=EMAIL)
    assert HandOver.objects.exists()
    response = client.post(f"{open_page(EMAIL)}correct/", corrected(sign_up, company="Inna"))
    assert "We also correct it in the telephone system" in follow(response)
    request = DataRequest.objects.get()
    assert request.is_open
    assert "Firma" in request.text  # in the language of staff


def test_a_wrong_correction_is_shown_again_and_changes_nothing(client) -> None:
    sign_up = make_trial(email=EMAIL, company="Firma")
    response = client.post(
        f"{open_page(EMAIL)}correct/", corrected(sign_up, company="", full_name="Nowa")
    )
    assert response.status_code == 422
    field = Page(response.content).one("input", id=f"sign-up-{sign_up.pk}-full_name")
    assert field["value"] == "Nowa"
    assert SignUp.objects.get().company == "Firma"


def test_nobody_corrects_the_sign_up_of_somebody_else(client) -> None:
    """Red when: the form takes the number of any row."""
    make_trial(email=EMAIL)
    other = make_trial(email="other@firma.pl", company="Cudza")
    response = client.post(f"{open_page(EMAIL)}correct/", corrected(other, company="Moja"))
    assert response.status_code == 400
    assert SignUp.objects.get(pk=other.pk).company == "Cudza"


def test_a_new_number_ends_the_consent_to_calls_and_keeps_an_objection(client) -> None:
    sign_up = make_trial("phone", email=EMAIL, phone="+48221234567")
    actions.object_to_marketing(EMAIL, method="page", at=timezone.now(), channels=[Channel.PHONE])
    client.post(f"{open_page(EMAIL)}correct/", corrected(sign_up, phone="+48 22 765 43 21"))
    sign_up.refresh_from_db()
    assert str(sign_up.phone.as_e164) == "+48227654321"
    assert MarketingConsent.objects.get().withdrawn_at
    assert objections.stands_against_number(sign_up.phone)


def test_an_emptied_number_unticks_the_box(client) -> None:
    sign_up = make_trial("phone", email=EMAIL, phone="+48221234567")
    response = client.post(f"{open_page(EMAIL)}correct/", corrected(sign_up, phone=""))
    assert response.status_code == 303
    sign_up.refresh_from_db()
    assert not sign_up.phone
    assert sign_up.phone_wording is None
    assert MarketingConsent.objects.get().withdrawn_at


def test_restriction_acts_at_once_and_can_be_lifted(client) -> None:
    trial = make_trial(email=EMAIL)
    page = open_page(EMAIL)
    text = follow(client.post(f"{page}choose/", {"do": "restrict"}))
    assert "Restricted since" in text
    client.post(f"{page}choose/", {"do": "restrict"})
    assert Restriction.objects.count() == DataRequest.objects.count() == 1
    # Staff tell the phone system (GDPR Art. 19).
    assert trial.company in DataRequest.objects.open().get().text
    assert SignUp.objects.restricted().get() == trial
    assert "Restrict my data" in follow(client.post(f"{page}choose/", {"do": "lift"}))
    assert not SignUp.objects.restricted().exists()
    assert not DataRequest.objects.open().exists()


@pytest.mark.parametrize(
    ("channel", "notice"),
    [
        ("email", "Done. We send no marketing to this address."),
        ("phone", "Done. We make no marketing calls to the number that you gave us."),
    ],
)
def test_marketing_stops_by_channel_at_once(client, channel: str, notice: str) -> None:
    """GDPR Art. 21(3). Red when: a button stops the other channel too, or none; the notice does not
    say which one."""
    make_trial("email", "phone", email=EMAIL, phone="+48221234567")
    page = open_page(EMAIL)
    for _again in range(2):
        assert notice in follow(client.post(f"{page}choose/", {"do": f"stop-{channel}"}))
    live = MarketingConsent.objects.filter(withdrawal__isnull=True)
    assert [consent.channel for consent in live] == [
        each for each in ("email", "phone") if each != channel
    ]
    assert DataRequest.objects.get().kind == Right.OBJECTION


def test_calls_are_a_choice_of_those_alone_who_gave_a_number(client) -> None:
    """Red when: the page says of a person without a number that we do not call it."""
    make_trial("email", email=EMAIL, phone="")

    text = main_text(client.get(open_page(EMAIL)))

    assert "Marketing by e-mail" in text
    assert "Marketing by telephone" not in text


def test_somebody_whom_we_do_not_know_can_stop_marketing_for_ever(client) -> None:
    page = open_page(EMAIL)
    assert "Never send me marketing e-mails" in main_text(client.get(page))
    client.post(f"{page}choose/", {"do": "stop-email"})
    assert objections.stands_against_address(EMAIL)


@pytest.mark.parametrize("kind", ["rectification", "objection", "automated", "access", "complaint"])
def test_what_only_people_can_answer_gets_a_reference_and_a_day(client, kind: str) -> None:
    make_trial(email=EMAIL)
    page = open_page(EMAIL)
    mail.outbox.clear()
    for _again in range(2):
        text = follow(client.post(f"{page}ask/", {"kind": kind, "text": "Please look into it."}))
    request = DataRequest.objects.get()
    assert request.reference in text
    assert "you will hear from us by" in text
    worker.work_off(timezone.now())
    assert request.reference in mail.outbox[-1].subject
    assert len(mail.outbox) == 1
    assert SignUp.objects.restricted().exists() is (kind == "objection")


def test_a_question_without_words_is_shown_again(client) -> None:
    response = client.post(f"{open_page(EMAIL)}ask/", {"kind": "complaint", "text": ""})
    assert response.status_code == 422
    assert "Write what you ask for." in main_text(response)
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize("button", ["", "stop-fax", "x"])
def test_an_unknown_button_is_a_400(client, button: str) -> None:
    response = client.post(f"{open_page(EMAIL)}choose/", {"do": button})
    assert response.status_code == 400
    assert "We could not tell which button you pressed." in main_text(response)


def test_a_record_of_a_browser_joins_the_person_of_an_address(client) -> None:
    visitor = make_client()
    post_choice(visitor, "accept")
    record = ConsentRecord.objects.get()
    page = open_page(EMAIL)
    assert str(record.pk) not in main_text(client.get(page))
    # The button of this browser has its number.
    assert str(record.pk) in visitor.get(page).content.decode()
    text = follow(client.post(f"{page}choose/", {"do": "join", "number": str(record.pk)}))
    assert str(record.pk) in text
    client.post(f"{page}erase/")
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        worker.work_off(timezone.now())
    assert not ConsentRecord.objects.exists()


def test_the_number_of_a_record_opens_nothing_of_the_mailbox_that_joined_it(client) -> None:
    """Two people can use one browser, and both have its number. Red when: the second reads the
    requests of the first, or undoes their erasure or restriction."""
    post_choice(make_client(), "accept")
    number = ConsentRecord.objects.get().pk
    page = open_page(EMAIL)
    client.post(f"{page}choose/", {"do": "join", "number": str(number)})
    client.post(f"{page}ask/", {"kind": "objection", "text": "A secret of Anna."})
    client.post(f"{page}erase/")

    other = open_by_number(number)

    for path in (other, f"{other}file/"):
        content = client.get(path).content.decode()
        assert str(number) in content
        assert EMAIL not in content
        assert "A secret of Anna." not in content
    client.post(f"{other}choose/", {"do": "undo"})
    client.post(f"{other}choose/", {"do": "lift"})
    assert ErasureCase.objects.get().undone_at is None
    assert Restriction.objects.get().lifted_at is None


def test_a_page_without_an_address_says_where_its_answers_are_read(client) -> None:
    """Red when: somebody without an address waits for a mail; a record is offered a second time."""
    post_choice(client, "accept")
    number = str(ConsentRecord.objects.get().pk)
    page = client.post("/en/your-data/record/", {"number": number})["Location"]
    text = main_text(client.get(page))
    assert "This page has no address of yours." in text
    assert "Add the record of this browser" not in text
    assert "Add the record of this browser" in main_text(client.get(open_page(EMAIL)))


def test_a_number_that_no_record_has_joins_nothing(client) -> None:
    number = "3f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c"
    response = client.post(f"{open_page(EMAIL)}choose/", {"do": "join", "number": number})
    assert response.status_code == 422
    assert "We hold no record with this number." in main_text(response)


def test_an_objection_restricts_also_what_came_after_an_earlier_restriction(client) -> None:
    """GDPR Art. 21(1). Red when: a restriction that stands keeps the objection from restricting."""
    make_trial(email=EMAIL)
    client.post(f"{open_page(EMAIL)}choose/", {"do": "restrict"})
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        later = make_sign_up(email=EMAIL)
        assert later in SignUp.objects.usable()
        page = open_page(EMAIL)
        client.post(f"{page}ask/", {"kind": "objection", "text": "Not my data."})
    assert later in SignUp.objects.restricted()
