"""What a person sees and decides about their trial on the page with their data: marketing by
channel, the versions they agreed to, and the correction of what they typed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from privacy.rights.map.declarations import Person
from privacy.rights.your_data.forms import PublicForm
from privacy.rights.your_data.offers import (
    Agreement,
    ChannelState,
    Correction,
    ShownConsent,
    add_agreements,
    add_channel,
    add_correction,
    add_restriction_tasks,
)
from privacy.rights.your_data.offers import Channel as OfferedChannel
from trial import actions
from trial.marketing import objections
from trial.marketing.consents import withdraw
from trial.models import Channel, MarketingConsent, MarketingWithdrawal, SignUp
from trial.rights import rows_of_person as rows
from trial.telephone import REGIONS, TelephoneField, telephone_input

_METHOD = MarketingWithdrawal.Method.OBJECTION


def consents(person: Person, channel: str, *, at: datetime) -> list[ShownConsent]:
    """The consents of a person by one channel, the newest first."""
    found = rows.consents(person).filter(channel=channel).select_related("wording", "withdrawal")
    return [_shown(consent, at=at) for consent in found]


def _shown(consent: MarketingConsent, *, at: datetime) -> ShownConsent:
    ended = ""
    if consent.withdrawn_at:
        ended = _("Withdrawn on %(day)s.") % {"day": _day(consent.withdrawn_at)}
    elif consent.has_lapsed(at=at):
        ended = _("Lapsed on %(day)s.") % {"day": _day(consent.lapses_at)}
    return ShownConsent(consent.text, consent.language, consent.confirmed_at, ended)


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), _("j E Y"))


def _email_state(person: Person, at: datetime) -> ChannelState:
    is_stopped = objections.stands_against_address(person.email)
    return ChannelState(consents(person, Channel.EMAIL, at=at), is_stopped)


def _phone_state(person: Person, at: datetime) -> ChannelState:
    numbers = [sign_up.phone for sign_up in _with_number(person)]
    is_stopped = objections.stand_against_all_numbers(numbers)
    return ChannelState(consents(person, Channel.PHONE, at=at), is_stopped)


def _with_number(person: Person) -> Any:
    return rows.sign_ups(person).exclude(phone="")


def _stop(channel: Channel, person: Person, at: datetime) -> bool:
    return actions.object_to_marketing(person, method=_METHOD, at=at, channels=[channel])


add_channel(
    OfferedChannel(
        code=Channel.EMAIL,
        name=gettext_lazy("Marketing by e-mail"),
        button=gettext_lazy("Stop marketing e-mails"),
        refuse=gettext_lazy("Never send me marketing e-mails"),
        stopped=gettext_lazy("We send no marketing to this address."),
        state=_email_state,
        stop=lambda person, at: _stop(Channel.EMAIL, person, at),
        is_open_to=lambda person: bool(person.email),
    )
)
add_channel(
    OfferedChannel(
        code=Channel.PHONE,
        name=gettext_lazy("Marketing by telephone"),
        button=gettext_lazy("Stop marketing calls"),
        refuse=gettext_lazy("Never call me for marketing"),
        stopped=gettext_lazy("We make no marketing calls to the number that you gave us."),
        state=_phone_state,
        stop=lambda person, at: _stop(Channel.PHONE, person, at),
        is_open_to=lambda person: _with_number(person).exists(),
    )
)


def agreements(person: Person) -> Iterator[Agreement]:
    """Which versions of policy and terms were in force when each form was sent."""
    sign_ups = rows.sign_ups(person).select_related("policy_version", "terms_version")
    for sign_up in sign_ups:
        versions = filter(None, [sign_up.policy_version, sign_up.terms_version])
        yield Agreement(_("Sign-up for the free trial"), sign_up.created_at, [*versions])


add_agreements(agreements)


def restriction_tasks(person: Person) -> Iterator[str]:
    """The phone system has an account for each confirmed trial, and knows of no restriction."""
    for trial in rows.sign_ups(person).confirmed():
        text = _("Restrict the account in the telephone system that was set up for %(company)s.")
        yield text % {"company": trial.company}


add_restriction_tasks(restriction_tasks)


class SignUpCorrectionForm(PublicForm):
    """Corrects what the person typed when they signed up. The address itself is for staff."""

    full_name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter your full name.")},
    )
    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": gettext_lazy("Enter the name of your company.")},
    )
    phone = TelephoneField(
        label=gettext_lazy("Telephone (optional)"),
        help_text=gettext_lazy("A consent to calls ends with the number that it was given for."),
        required=False,
        widget=telephone_input(),
    )

    def __init__(self, sign_up: SignUp, data: Any) -> None:
        self.sign_up = sign_up
        prefix = f"sign-up-{sign_up.pk}"
        is_meant = data is not None and any(name.startswith(prefix) for name in data)
        initial = {
            "full_name": sign_up.name,
            "company": sign_up.company,
            "phone": str(sign_up.telephone or ""),
        }
        super().__init__(data if is_meant else None, prefix=prefix, initial=initial)
        cast(TelephoneField, self.fields["phone"]).region = REGIONS[get_language() or "pl"]

    @property
    def title(self) -> str:
        return _("Sign-up of %(day)s") % {"day": _day(self.sign_up.created_at)}


def correction_forms(person: Person, data: Any) -> Sequence[forms.Form]:
    return [SignUpCorrectionForm(sign_up, data) for sign_up in rows.sign_ups(person)]


def save_correction(form: forms.Form, at: datetime) -> bool:
    """Store a corrected sign-up. Returns whether the phone system has the old data."""
    fields = form.cleaned_data
    with transaction.atomic():
        pk = cast(SignUpCorrectionForm, form).sign_up.pk
        # Row lock: a confirmation at the same time would write the old values back.
        row = SignUp.objects.select_for_update().get(pk=pk)
        number = str(fields["phone"].as_e164) if fields["phone"] else ""
        if number != str(row.phone and row.phone.as_e164):
            _change_number(row, number, at=at)
        row.name, row.company = fields["full_name"], fields["company"]
        row.extension = (fields["phone"].extension or "") if number else ""
        row.save()
    return bool(form.has_changed() and hasattr(row, "hand_over"))


def _change_number(row: SignUp, number: str, *, at: datetime) -> None:
    """Consents and ticked boxes were for the old number; an objection is by the person."""
    for consent in row.consents.filter(channel=Channel.PHONE):
        withdraw(consent, method=MarketingWithdrawal.Method.PAGE, at=at)
    had_objected = bool(row.phone) and objections.stands_against_number(row.phone)
    row.phone, row.phone_wording = number, None
    if number and had_objected:
        objections.record(Channel.PHONE, number, at=at)


add_correction(Correction(correction_forms, save_correction))
