"""A telephone number with its extension, as people write it in both languages."""

import re
import unicodedata
from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field import formfields
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

# The ways to write an extension that phonenumbers does not know: the Polish ones, and ext. no. 12.
_EXTENSION = re.compile(
    r"[\s,;/(]*(?<![^\W\d_])(?:(?:nr|numer|tel)\.?\s*)?"
    r"(?:w|wew|wewn|wewnętrzn[ya]|ext)[.:\s]*(?:(?:nr|no|numer)[.:\s]*)?"
    r"([0-9]{1,20})\)?\s*$",
    re.IGNORECASE,
)
# Longer than any number with its extension; the time of a pattern grows with the text.
MAX_LENGTH = 60
# The country of a number without a country code, by the language of the page.
REGIONS = {"pl": "PL", "en": "GB"}


class Telephone(PhoneNumber):
    """A number whose text has the extension, in the language of the page."""

    @classmethod
    def of(cls, number: PhoneNumber, extension: str) -> Self:
        telephone = cls(raw_input=number.raw_input)
        telephone.merge_from(number)
        telephone.extension = extension or None
        return telephone

    def __str__(self) -> str:
        if not self.extension:
            return str(super().__str__())
        values = {"number": Telephone.of(self, ""), "extension": self.extension}
        return _("%(number)s ext. %(extension)s") % values


def telephone_input() -> forms.TextInput:
    """A field for a number: a phone shows its keys for it."""
    attributes = {"autocomplete": "tel", "inputmode": "tel", "type": "tel"}
    return forms.TextInput(attrs=attributes | {"maxlength": str(MAX_LENGTH)})


class TelephoneField(formfields.PhoneNumberField):
    """Reads a number of its region, or one with a country code, with or without an extension."""

    default_error_messages = {
        "invalid": gettext_lazy("Enter a telephone number that exists, such as +44 20 3432 9230.")
    }

    def to_python(self, value: Any) -> Any:
        typed = super(formfields.PhoneNumberField, self).to_python(value)
        if typed in self.empty_values:
            return self.empty_value
        if len(typed) > MAX_LENGTH:
            return Telephone(raw_input=typed)
        plain = unicodedata.normalize("NFKC", typed)  # some systems send ę as two characters
        try:
            return Telephone.from_string(_EXTENSION.sub(r" ext. \1", plain), self.region)
        except NumberParseException:
            return Telephone(raw_input=typed)  # refused by the validator of the field
