"""The sign-up form: its fields, their help texts and error messages, the checks for programs."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from content.store import ContentUnavailable
from delivery.address_field import AddressField
from trial.models import Channel
from trial.sign_up import wordings
from trial.telephone import REGIONS, TelephoneField, telephone_input

# A person needs more than two seconds for the form, and less than a day.
MIN_SECONDS = 2
MAX_AGE = timedelta(hours=24)

_signer = TimestampSigner(salt="trial.form")


def new_stamp() -> str:
    """The signed time at which the form is shown. By its age `clean_stamp` tells programs apart."""
    return _signer.sign("shown")


class FullNameInput(forms.TextInput):
    """Reads also `name`, which pages send that were open while a release renamed the field."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, data.get("name"))


class SignUpForm(forms.Form):
    """Four fields, two boxes, and a honeypot: `website`."""

    full_name = forms.CharField(
        label=_("Full name"),
        help_text=_("So that we know how to address you."),
        max_length=100,
        widget=FullNameInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your full name.")},
    )
    email = AddressField(
        label=_("Work e-mail"),
        help_text=_("We will send the link that starts the trial to this address."),
    )
    company = forms.CharField(
        label=_("Company"),
        help_text=_("We will set up the account under this name."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Enter the name of your company.")},
    )
    phone = TelephoneField(
        label=_("Telephone (optional)"),
        help_text=_(
            "In case you would like help with the set-up. Give a number from abroad with its "
            "country code."
        ),
        required=False,
        widget=telephone_input(),
    )
    # The value of a box is the key of its wording. A box is never pre-ticked (GDPR recital 32).
    marketing_email = forms.CharField(required=False, max_length=64)
    marketing_phone = forms.CharField(required=False, max_length=64)
    website = forms.CharField(
        required=False,
        max_length=200,
        label=_("Leave this field empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    stamp = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        self.wording_ids: dict[str, int] = {}
        cast(TelephoneField, self.fields["phone"]).region = REGIONS[get_language() or "pl"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean_website(self) -> str:
        """A honeypot. A person who fills it in sees an error and can send the form again."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("This field is a trap for programs. Leave it empty and send the form again.")
            )
        return ""

    def clean_stamp(self) -> str:
        """Refuse a form that was sent too fast, too late, or without a signed time."""
        stamp: str = self.cleaned_data["stamp"]
        try:
            _signer.unsign(stamp, max_age=MAX_AGE)
        except SignatureExpired:
            raise forms.ValidationError(
                _("This page was open for longer than a day. Check the form and send it again.")
            ) from None
        except BadSignature:
            raise forms.ValidationError(
                _("We could not tell when this page was opened. Please send the form again.")
            ) from None
        try:
            _signer.unsign(stamp, max_age=MIN_SECONDS)
        except SignatureExpired:
            return stamp
        raise forms.ValidationError(
            _("The form came faster than people type. Please send it again.")
        )

    def clean_marketing_email(self) -> str:
        return self._clean_box(Channel.EMAIL)

    def clean_marketing_phone(self) -> str:
        key = self._clean_box(Channel.PHONE)
        if key and "phone" in self.cleaned_data and not self.cleaned_data["phone"]:
            self.add_error(
                "phone", _("Enter the number to call, or untick the consent to calls below.")
            )
        return key

    def _clean_box(self, channel: Channel) -> str:
        """The key of a ticked box. Stores the id of the wording that stood beside it.

        GDPR Art. 7(1): the proof holds the words that the person read, not those of today.
        """
        key: str = self.cleaned_data[f"marketing_{channel.value}"]
        if not key:
            return ""
        try:
            wording_id = wordings.current().id_of(channel, key)
        except ContentUnavailable:  # nothing proves which words were shown: no consent
            wording_id = None
        if wording_id is None:
            raise forms.ValidationError(
                _("The words beside this box have changed. Read them and decide again.")
            )
        self.wording_ids[channel] = wording_id
        return key
