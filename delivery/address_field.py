"""The form field of an e-mail address that is typed by its own reader."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from delivery import addresses


class AddressField(forms.EmailField):
    """Gives the address as it is stored. All spellings of one mailbox become one here, at the door.

    Letters outside ASCII before the @ are refused: few servers speak SMTPUTF8.
    """

    default_error_messages = {
        "required": _("Enter your e-mail address."),
        "invalid": _("Enter an e-mail address in the form name@company.com."),
        "not_ascii": _("Before the @ an address has no letters such as ą or ö. Enter one without."),
    }

    def __init__(self, **options: Any) -> None:
        attributes = {"autocomplete": "email", "inputmode": "email"}
        defaults: dict[str, Any] = {"max_length": 254, "widget": forms.EmailInput(attrs=attributes)}
        super().__init__(**defaults | options)

    def clean(self, value: Any) -> str:
        address: str = super().clean(value)
        if not address.rpartition("@")[0].isascii():
            raise forms.ValidationError(self.error_messages["not_ascii"], code="not_ascii")
        try:
            return addresses.in_ascii(address) if address else ""
        except addresses.InvalidAddress:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
