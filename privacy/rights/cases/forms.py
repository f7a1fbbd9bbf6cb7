"""Forms of the admin that name a person, and open a restriction or a legal hold."""

from uuid import UUID

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.addresses import InvalidAddress, in_ascii
from privacy.models import LegalHold, Restriction
from privacy.rights.map.declarations import Person


class PersonForm(forms.Form):
    """Whom a case is about: an address, numbers of consent records, or both."""

    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        required=False,
        # Not `type=email`: the browser would refuse an address outside ASCII, which in_ascii reads.
        widget=AdminTextInputWidget,
    )
    record_ids = forms.CharField(
        label=gettext_lazy("Numbers of consent records"),
        required=False,
        max_length=4000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("One in each line. The cookie page shows a visitor the number."),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not email:
            return ""
        try:
            return in_ascii(email)
        except InvalidAddress:
            raise forms.ValidationError(_("Enter a valid e-mail address.")) from None

    def clean_record_ids(self) -> list[str]:
        try:
            return sorted({str(UUID(word)) for word in self.cleaned_data["record_ids"].split()})
        except ValueError:
            text = _("A number looks like this: 3f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c.")
            raise forms.ValidationError(text) from None

    def clean(self) -> None:
        super().clean()
        names = ("email", "record_ids")
        if not any(name in self.errors or self.cleaned_data[name] for name in names):
            raise forms.ValidationError(_("Enter an e-mail address or the number of a record."))

    @property
    def person(self) -> Person:
        """The person of a valid form."""
        numbers = frozenset(map(UUID, self.cleaned_data["record_ids"]))
        return Person(self.cleaned_data["email"], numbers)


class RestrictionForm(PersonForm, forms.ModelForm):
    class Meta:
        model = Restriction
        fields = ("email", "record_ids", "reason")


class LegalHoldForm(PersonForm, forms.ModelForm):
    class Meta:
        model = LegalHold
        fields = ("email", "record_ids", "reason", "review_on")
