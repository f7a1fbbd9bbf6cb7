"""Objections to marketing in the admin. Staff type a number that nobody may call."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.growing.admin import Growing
from trial.marketing import objections
from trial.models import Channel, Objection
from trial.telephone import Telephone, TelephoneField


class ObjectionForm(forms.ModelForm):
    number = TelephoneField(
        region="PL",
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy(
            "Nobody calls this number until its holder agrees to calls again. Only a hash is kept. "
            "The objection of a person who signed up is an action in the list of sign-ups."
        ),
    )

    class Meta:
        model = Objection
        fields: tuple[str, ...] = ()

    def clean_number(self) -> Telephone:
        number: Telephone = self.cleaned_data["number"]
        if objections.stands_against_number(number):
            raise forms.ValidationError(_("This number is on the list already."))
        return number


@admin.register(Objection)
class ObjectionAdmin(Growing):
    """Staff add numbers, for whoever answers a phone. Only a fresh double opt-in takes one away."""

    form = ObjectionForm
    list_display = ("objected_at", "channel")
    list_filter = ("channel",)
    date_hierarchy = "objected_at"
    readonly_fields = ("channel", "objected_at")

    def get_fields(self, request: HttpRequest, obj: Objection | None = None) -> Any:
        return self.readonly_fields if obj else ("number",)

    def has_change_permission(self, request: HttpRequest, obj: Objection | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Objection | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Objection, form: Any, change: bool) -> None:
        number: Telephone = form.cleaned_data["number"]
        row, _is_new = objections.record(Channel.PHONE, number.as_e164, at=timezone.now())
        # For the history and the message of the admin.
        obj.pk, obj.channel, obj.objected_at = row.pk, row.channel, row.objected_at
