"""The forms of the page with a person's data, and of complaints."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.address_field import AddressField
from privacy.rights.map.declarations import Person
from privacy.rights.requests.data_request import Right

# More than anybody writes by hand, and too little to fill a disk with.
MAX_TEXT = 5000
# Of the number of a record (RFC 9562). People type spaces, dots and dashes of other kinds between.
NUMBER_DIGITS = 32


class PublicForm(forms.Form):
    """A form of a public page: its fields have the ids of the fields, and the look of the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s"} | kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class LinkForm(PublicForm):
    """Asks for a link to the data of an address."""

    email = AddressField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The one that you gave us. The link goes to this address alone."),
    )


class RecordForm(PublicForm):
    """The number of a consent record: whoever has it made the choice."""

    number = forms.CharField(
        label=gettext_lazy("Number of the record"),
        help_text=gettext_lazy("Your cookie settings show it after a consent."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the number of the record.")},
    )

    def clean_number(self) -> UUID:
        digits = re.sub(r"[^0-9a-f]", "", self.cleaned_data["number"].lower())
        if len(digits) != NUMBER_DIGITS:
            text = _(
                "A number has 32 digits and letters from a to f, and looks like this: "
                "3f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c. Yours has %(count)s."
            )
            raise forms.ValidationError(text % {"count": len(digits)})
        return UUID(digits)

    @property
    def person(self) -> Person:
        """The visitor of a valid form."""
        return Person("", frozenset([self.cleaned_data["number"]]))


def _text_field(label: Any, required: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": required},
    )


class ComplaintForm(PublicForm):
    """A complaint about how data is handled, from anybody: no link is needed for it."""

    email = AddressField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("We will confirm the complaint and tell you the outcome there."),
    )
    text = _text_field(
        gettext_lazy("What went wrong, and what should we do?"),
        gettext_lazy("Tell us what went wrong."),
    )
    website = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Leave this field empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_website(self) -> str:
        """A honeypot. A person who fills it in sees an error and can send the form again."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("This field is a trap for programs. Leave it empty and send the form again.")
            )
        return ""


class AskForm(PublicForm):
    """What only people can answer: they do so within a month."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=[
            (Right.RECTIFICATION, gettext_lazy("Something else about me is wrong or missing")),
            (Right.OBJECTION, gettext_lazy("I object to a use of my data, for my own reasons")),
            (Right.AUTOMATED, gettext_lazy("Automated decisions about me")),
            (Right.ACCESS, gettext_lazy("A question about my data")),
            (Right.COMPLAINT, gettext_lazy("A complaint")),
        ],
        error_messages={"required": gettext_lazy("Choose what it is about.")},
    )
    text = _text_field(gettext_lazy("Your words"), gettext_lazy("Write what you ask for."))
