"""What the sign-up form accepts, what it refuses, and its error messages."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from content import store
from tests.factories import make_sign_up_form, ticked_boxes
from trial.models import Channel, ConsentWording
from trial.sign_up.forms import MAX_AGE, SignUpForm, new_stamp

pytestmark = pytest.mark.django_db


def errors_of(**fields: str) -> dict[str, list[str]]:
    with translation.override("en"):
        form = SignUpForm(make_sign_up_form(**fields))
        form.is_valid()
        return {name: list(map(str, errors)) for name, errors in form.errors.items()}


def test_a_form_without_telephone_and_consents_is_valid() -> None:
    assert errors_of() == {}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("full_name", "Enter your full name."),
        ("email", "Enter your e-mail address."),
        ("company", "Enter the name of your company."),
    ],
)
@pytest.mark.parametrize("value", ["", "   ", "\t"])
def test_a_missing_required_field_gets_its_error_message(
    name: str, sentence: str, value: str
) -> None:
    assert errors_of(**{name: value}) == {name: [sentence]}


def test_a_page_from_before_the_release_names_the_person_by_the_former_field() -> None:
    """Red when: the field is a plain TextInput, so that an open page loses the name."""
    data = make_sign_up_form()
    form = SignUpForm(data | {"name": data.pop("full_name")})

    assert form.is_valid()
    assert form.cleaned_data["full_name"] == "Anna Nowak"


@pytest.mark.parametrize(
    "address", ["anna", "anna@", "@firma.pl", "a b@firma.pl", "a@b\nBcc: c@d.pl"]
)
def test_an_invalid_address_is_refused(address: str) -> None:
    """Red when: the field is a CharField: a line break would become a header of the mail."""
    assert list(errors_of(email=address)) == ["email"]


@pytest.mark.parametrize("address", ["ſmith@firma.pl", "ada\u212a@firma.pl"])
def test_an_address_that_needs_smtputf8_is_refused(address: str) -> None:
    """Some become another address when case is folded. Red when: `clean_email` is removed."""
    assert errors_of(email=address) == {
        "email": ["Before the @ an address has no letters such as ą or ö. Enter one without."]
    }


def test_a_domain_may_have_any_letters() -> None:
    assert errors_of(email="biuro@żółw.pl") == {}


@pytest.mark.parametrize(
    ("language", "typed", "stored"),
    [
        ("pl", "22 123 45 67", "+48221234567"),
        ("pl", "+44 20 3432 9230", "+442034329230"),
        ("en", "020 3432 9230", "+442034329230"),
        ("en", "0048 22 123-45-67", "+48221234567"),
        ("pl", "", ""),
    ],
)
def test_a_telephone_number_is_stored_in_one_format(language: str, typed: str, stored: str) -> None:
    """Red when: the region does not follow the language."""
    with translation.override(language):
        form = SignUpForm(make_sign_up_form(phone=typed))
        assert form.is_valid(), form.errors

        phone = form.cleaned_data["phone"]
    assert (phone.as_e164 if phone else "") == stored


@pytest.mark.parametrize("typed", ["12", "+48 1", "call me", "+999 123 456 789"])
def test_a_number_that_does_not_exist_is_refused(typed: str) -> None:
    assert errors_of(phone=typed) == {
        "phone": ["Enter a telephone number that exists, such as +44 20 3432 9230."]
    }


def test_the_number_in_the_error_messages_exists() -> None:
    """Red when: the form would refuse the example in its own error message."""
    for language, example in (("en", "+44 20 3432 9230"), ("pl", "+48 22 123 45 67")):
        with translation.override(language):
            form = SignUpForm(make_sign_up_form(phone="1"))
            assert example in form.errors["phone"][0].replace("\u00a0", " ")
            assert SignUpForm(make_sign_up_form(phone=example)).is_valid()


def test_a_consent_to_calls_needs_a_number() -> None:
    """Red when: `clean_marketing_phone` does not check the number."""
    assert errors_of(**ticked_boxes("phone")) == {
        "phone": ["Enter the number to call, or untick the consent to calls below."]
    }


@pytest.mark.parametrize("channel", Channel.values)
def test_a_box_with_the_key_of_an_unknown_wording_is_refused(channel: str) -> None:
    """Red when: `_clean_box` accepts any value."""
    errors = errors_of(phone="+48221234567", **{f"marketing_{channel}": "on"})

    assert errors == {
        f"marketing_{channel}": [
            "The words beside this box have changed. Read them and decide again."
        ]
    }


def test_a_box_with_the_key_of_an_earlier_wording_is_a_consent_to_that_wording() -> None:
    """A release can change the words while a person types. Red when: the newest row is used."""
    earlier_boxes = ticked_boxes("email")
    earlier_wording = ConsentWording.objects.get(channel=Channel.EMAIL)
    ConsentWording.objects.create(
        channel=Channel.EMAIL,
        texts={"pl": "Inaczej.", "en": "Otherwise."},
        hash="0" * 64,
        created_at=timezone.now(),
    )
    store.forget()

    form = SignUpForm(make_sign_up_form(**earlier_boxes))

    assert form.is_valid()
    assert form.wording_ids == {Channel.EMAIL: earlier_wording.pk}
    assert ticked_boxes("email") != earlier_boxes


def test_the_wording_of_one_channel_is_not_a_consent_to_the_other() -> None:
    [email] = ticked_boxes("email").values()

    assert list(errors_of(phone="+48221234567", marketing_phone=email)) == ["marketing_phone"]


def test_a_filled_honeypot_is_an_error_that_a_person_can_correct() -> None:
    """Red when: a filled honeypot is accepted, or the form is dropped without an error."""
    assert errors_of(website="https://spam.example") == {
        "website": ["This field is a trap for programs. Leave it empty and send the form again."]
    }


@pytest.mark.parametrize("stamp", ["", "shown", "shown:1:2", "\x00", "ą" * 100])
def test_a_form_without_a_valid_signature_is_refused(stamp: str) -> None:
    """Red when: `clean_stamp` does not check the signature."""
    assert list(errors_of(stamp=stamp)) == ["stamp"]


@pytest.mark.parametrize(
    ("age", "is_accepted"),
    [
        (timedelta(0), False),
        (timedelta(seconds=1), False),
        (timedelta(seconds=3), True),
        (MAX_AGE - timedelta(seconds=5), True),
        (MAX_AGE + timedelta(seconds=5), False),
    ],
    ids=str,
)
def test_a_form_is_accepted_between_two_seconds_and_a_day_after_it_was_shown(
    age: timedelta, is_accepted: bool
) -> None:
    """Red when: one of the two limits is removed."""
    shown_at = timezone.now()
    with time_machine.travel(shown_at, tick=False):
        stamp = new_stamp()
    with time_machine.travel(shown_at + age, tick=False):
        assert (list(errors_of(stamp=stamp)) == []) is is_accepted


def test_every_field_has_a_help_text_that_gives_the_reason() -> None:
    """GDPR Art. 13(2)(e). Red when: a visible field has no help text."""
    form = SignUpForm()

    assert [
        name for name in ("full_name", "email", "company", "phone") if not form[name].help_text
    ] == []


def test_every_field_says_its_purpose_to_the_browser() -> None:
    """WCAG 1.3.5 (identify input purpose)."""
    form = SignUpForm()
    purposes = {"full_name": "name", "email": "email", "company": "organization", "phone": "tel"}

    assert {n: form.fields[n].widget.attrs["autocomplete"] for n in purposes} == purposes
    assert form.fields["email"].widget.attrs["inputmode"] == "email"
    assert form.fields["phone"].widget.attrs["inputmode"] == "tel"
