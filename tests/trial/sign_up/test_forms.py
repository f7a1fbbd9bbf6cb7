"""What the sign-up form takes, what it refuses, and how it says so."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from content import store
from tests.factories import make_sign_up_form, ticked
from trial.models import Channel, ConsentWording
from trial.sign_up.forms import MAX_AGE, SignUpForm, new_stamp

pytestmark = pytest.mark.django_db


def errors_of(**fields: str) -> dict[str, list[str]]:
    with translation.override("en"):
        form = SignUpForm(make_sign_up_form(**fields))
        form.is_valid()
        return {name: list(map(str, errors)) for name, errors in form.errors.items()}


def test_a_form_without_telephone_and_consents_is_enough() -> None:
    assert errors_of() == {}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("name", "Enter your full name."),
        ("email", "Enter your e-mail address."),
        ("company", "Enter the name of your company."),
    ],
)
@pytest.mark.parametrize("value", ["", "   ", "\t"])
def test_what_is_needed_is_asked_for_in_a_sentence(name: str, sentence: str, value: str) -> None:
    assert errors_of(**{name: value}) == {name: [sentence]}


@pytest.mark.parametrize(
    "address", ["anna", "anna@", "@firma.pl", "a b@firma.pl", "a@b\nBcc: c@d.pl"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """Red when: the field is a CharField: a line break would become a header of the mail."""
    assert list(errors_of(email=address)) == ["email"]


@pytest.mark.parametrize("address", ["ſmith@firma.pl", "ada\u212a@firma.pl"])
def test_an_address_that_mail_servers_do_not_take_is_refused(address: str) -> None:
    """Some look like another address in any case. Red when: `clean_email` is left out."""
    assert errors_of(email=address) == {
        "email": ["Before the @ an address has no letters such as ą or ö. Enter one without."]
    }


def test_a_domain_may_have_any_letters() -> None:
    assert errors_of(email="biuro@żółw.pl") == {}


@pytest.mark.parametrize(
    ("language", "typed", "kept"),
    [
        ("pl", "22 123 45 67", "+48221234567"),
        ("pl", "+44 20 3432 9230", "+442034329230"),
        ("en", "020 3432 9230", "+442034329230"),
        ("en", "0048 22 123-45-67", "+48221234567"),
        ("pl", "", ""),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(language: str, typed: str, kept: str) -> None:
    """Red when: the region does not follow the language."""
    with translation.override(language):
        form = SignUpForm(make_sign_up_form(phone=typed))
        assert form.is_valid(), form.errors

        phone = form.cleaned_data["phone"]
    assert (phone.as_e164 if phone else "") == kept


@pytest.mark.parametrize("typed", ["12", "+48 1", "call me", "+999 123 456 789"])
def test_a_number_that_does_not_exist_is_refused(typed: str) -> None:
    assert errors_of(phone=typed) == {
        "phone": ["Enter a telephone number that exists, such as +44 20 3432 9230."]
    }


def test_the_number_in_the_error_messages_exists() -> None:
    """Red when: an example that we give would itself be refused."""
    for language, example in (("en", "+44 20 3432 9230"), ("pl", "+48 22 123 45 67")):
        with translation.override(language):
            said = SignUpForm(make_sign_up_form(phone="1"))
            assert example in said.errors["phone"][0].replace("\u00a0", " ")
            assert SignUpForm(make_sign_up_form(phone=example)).is_valid()


def test_calls_need_a_number() -> None:
    """Red when: `clean_marketing_phone` does not look at the number."""
    assert errors_of(**ticked("phone")) == {
        "phone": ["Enter the number to call, or untick the consent to calls below."]
    }


@pytest.mark.parametrize("channel", Channel.values)
def test_a_box_ticked_over_words_that_were_never_shown_is_no_consent(channel: str) -> None:
    """Red when: `_clean_box` takes any value for a tick."""
    found = errors_of(phone="+48221234567", **{f"marketing_{channel}": "on"})

    assert found == {
        f"marketing_{channel}": [
            "The words beside this box have changed. Read them and decide again."
        ]
    }


def test_a_box_ticked_over_earlier_words_is_a_consent_to_those() -> None:
    """A release may change the words while somebody types. Red when: the newest row is taken."""
    before = ticked("email")
    earlier = ConsentWording.objects.get(channel=Channel.EMAIL)
    ConsentWording.objects.create(
        channel=Channel.EMAIL,
        texts={"pl": "Inaczej.", "en": "Otherwise."},
        hash="0" * 64,
        created_at=timezone.now(),
    )
    store.forget()

    form = SignUpForm(make_sign_up_form(**before))

    assert form.is_valid()
    assert form.wording_ids == {Channel.EMAIL: earlier.pk}
    assert ticked("email") != before


def test_the_words_of_one_channel_are_no_consent_to_the_other() -> None:
    [email] = ticked("email").values()

    assert list(errors_of(phone="+48221234567", marketing_phone=email)) == ["marketing_phone"]


def test_the_trap_shows_itself_and_lets_people_out() -> None:
    """Never a silent drop. Red when: a filled trap is taken, or answered as if it were."""
    assert errors_of(website="https://spam.example") == {
        "website": ["This field is a trap for programs. Leave it empty and send the form again."]
    }


@pytest.mark.parametrize("stamp", ["", "shown", "shown:1:2", "\x00", "ą" * 100])
def test_a_form_that_was_not_shown_here_is_asked_for_again(stamp: str) -> None:
    """Red when: `clean_stamp` does not check the signature."""
    assert list(errors_of(stamp=stamp)) == ["stamp"]


@pytest.mark.parametrize(
    ("age", "is_taken"),
    [
        (timedelta(0), False),
        (timedelta(seconds=1), False),
        (timedelta(seconds=3), True),
        (MAX_AGE - timedelta(seconds=5), True),
        (MAX_AGE + timedelta(seconds=5), False),
    ],
    ids=str,
)
def test_a_form_takes_longer_than_a_program_and_less_than_a_day(
    age: timedelta, is_taken: bool
) -> None:
    """Red when: either bound of the time stamp is left out."""
    shown_at = timezone.now()
    with time_machine.travel(shown_at, tick=False):
        stamp = new_stamp()
    with time_machine.travel(shown_at + age, tick=False):
        assert (list(errors_of(stamp=stamp)) == []) is is_taken


def test_every_field_says_why_it_is_asked() -> None:
    """GDPR Art. 13(2)(e). Red when: a field that people see has no help text."""
    form = SignUpForm()

    assert [
        name for name in ("name", "email", "company", "phone") if not form[name].help_text
    ] == []


def test_the_browser_is_told_what_each_field_is() -> None:
    """WCAG 1.3.5."""
    form = SignUpForm()
    wanted = {"name": "name", "email": "email", "company": "organization", "phone": "tel"}

    assert {n: form.fields[n].widget.attrs["autocomplete"] for n in wanted} == wanted
    assert form.fields["email"].widget.attrs["inputmode"] == "email"
    assert form.fields["phone"].widget.attrs["inputmode"] == "tel"
