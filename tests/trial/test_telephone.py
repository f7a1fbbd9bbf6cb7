"""The extension of a telephone number is kept: stored, shown back, handed over, in the downloads."""

import csv
import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from tests.factories import (
    make_person_to_call,
    make_sign_up,
    make_sign_up_form,
    make_token_of,
    make_trial,
)
from tests.pages import Page, language_of
from tests.run_once import needs_no_database
from trial.models import HandOver, SignUp
from trial.phone_system import hand_over
from trial.staff import export
from trial.telephone import MAX_LENGTH, TelephoneField

NUMBER = "+48 22 123 45 67"


def read(typed: str, region: str = "PL"):
    return TelephoneField(region=region).clean(typed)


@needs_no_database
@pytest.mark.parametrize(
    "typed",
    [
        "22 123 45 67 ext. 12",
        "22 123 45 67 Ext 12",
        "22 123 45 67 extension 12",
        "22 123 45 67 x12",
        "22 123 45 67 #12",
        "22 123 45 67 # 12",
        "tel:+48-22-123-45-67;ext=12",
        "22 123 45 67 wew. 12",
        "22 123 45 67 WEW 12",
        "22 123 45 67wew.12",
        "22 123 45 67, wewn. 12",
        "22 123 45 67 (wew. 12)",
        "22 123 45 67 wewnętrzny 12",
        "22 123 45 67 wewnętrzny: 12 ",
        "22 123 45 67 wewne\u0328trzny 12",  # e and a combining ogonek
        "22 123 45 67 wewnętrzny nr 12",
        "22 123 45 67 numer wewnętrzny 12",
        "22 123 45 67 nr wew. 12",
        "22 123 45 67 tel. wew. 12",
        "22 123 45 67 w. 12",
        "22 123 45 67 wew.\u00a012",
        "22 123 45 67 wew. １２",  # full-width digits
        "22 123 45 67 ext. no. 12",
    ],
)
@pytest.mark.parametrize("prefix", ["", "+48 "])
def test_an_extension_is_read_in_both_languages(typed: str, prefix: str) -> None:
    """Red when: the Polish ways are left to phonenumbers, which knows none of them."""
    telephone = read(typed if typed.startswith("tel:") else prefix + typed)

    assert (telephone.as_e164, telephone.extension) == ("+48221234567", "12")


@needs_no_database
def test_an_extension_keeps_its_zeros() -> None:
    assert read("22 123 45 67 wew. 007").extension == "007"


@needs_no_database
@pytest.mark.parametrize(
    "typed",
    [
        "wew. 12",
        "22 123 45 67 wew.",
        "22 123 45 67 wew. abc",
        "22 123 45 67 wew. 12 lub 13",
        "22 123 45 67 wew. 12 34",
        "22 123 45 67 / 12",
        "22 123 45 67 wew. \u0663",  # a digit of another script
        "22 123 45 67 ext. 123456789012345678901",
        "22 123 45 67 / 22 123 45 68",
        "22 123 45 67" + " " * MAX_LENGTH + "wew. 12",
        " wew" * 20_000,
    ],
    ids=lambda typed: typed[:40],
)
def test_what_cannot_be_kept_whole_is_refused(typed: str) -> None:
    """Red when: a part of what was typed is dropped without a word."""
    with pytest.raises(ValidationError):
        read(typed)


@needs_no_database
@pytest.mark.parametrize(
    ("language", "text"), [("pl", f"{NUMBER} wew. 12"), ("en", f"{NUMBER} ext. 12")]
)
def test_a_number_is_written_in_the_language_of_the_page_and_read_again(
    language: str, text: str
) -> None:
    """Red when: the hidden field of the next form holds what the form refuses."""
    with translation.override(language):
        assert str(read("+48221234567 x12")) == text
        assert str(read(text)) == text
        assert str(read(NUMBER)) == NUMBER


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "typed", "shown"),
    [
        ("/darmowy-okres-probny/", "22 123 45 67 wew. 12", f"{NUMBER} wew. 12"),
        ("/en/free-trial/", "+48 22 123 45 67 #12", f"{NUMBER} ext. 12"),
    ],
)
def test_the_pages_show_the_extension_that_is_stored(client, address, typed, shown) -> None:
    """Red when: a page shows what was typed, and the row has less."""
    sent = Page(client.post(address, make_sign_up_form(phone=typed)).content)

    sign_up = SignUp.objects.get()
    assert (sign_up.phone.as_e164, sign_up.extension) == ("+48221234567", "12")
    assert shown in sent.one("main").text
    assert sent.one("input", name="phone")["value"] == shown
    with translation.override(language_of(address)):
        link = reverse("trial_confirm", kwargs={"token": make_token_of(sign_up)})
    confirm = Page(client.get(link).content)
    assert shown in confirm.one("main").text


@pytest.mark.django_db
def test_the_hand_over_has_the_extension(settings) -> None:
    settings.PROVISIONING_URL = "https://phone.example/trials"
    make_trial(extension="12")

    data = json.loads(json.dumps(hand_over.payload(HandOver.objects.get())))["data"]

    assert (data["phone"], data["extension"]) == ("+48221234567", "12")


@pytest.mark.django_db
def test_both_downloads_have_the_extension_and_no_apostrophe() -> None:
    """Red when: only the number is written, or a number counts as the text of a formula."""
    make_person_to_call(extension="12")
    now = timezone.now()

    with translation.override("pl"):
        downloads = [export.call_list(at=now), export.sign_ups(SignUp.objects.all(), at=now)]
        texts = [b"".join(one.streaming_content).decode("utf-8-sig") for one in downloads]

    for text in texts:
        [_head, row] = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        assert [cell for cell in row if "123" in cell] == [f"{NUMBER} wew. 12"]


@pytest.mark.django_db
def test_staff_see_the_extension(admin_client) -> None:
    sign_up = make_sign_up(extension="12")

    page = Page(admin_client.get(f"/admin/trial/signup/{sign_up.pk}/change/").content)

    assert f"{NUMBER} wew. 12" in page.with_class("field-telephone")[0].text


@pytest.mark.django_db
def test_the_database_refuses_an_extension_without_a_number() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_sign_up(phone="", extension="12")
