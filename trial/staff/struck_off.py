"""Numbers that nobody may call, in the admin. Staff type one; only its hash is kept."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trial import calls
from trial.calls import StruckOffNumber
from trial.telephone import Telephone, TelephoneField


class StruckOffNumberForm(forms.ModelForm):
    number = TelephoneField(region="PL", label=gettext_lazy("Telephone"))

    class Meta:
        model = StruckOffNumber
        fields: tuple[str, ...] = ()

    def clean_number(self) -> Telephone:
        number: Telephone = self.cleaned_data["number"]
        if StruckOffNumber.objects.filter(key__in=calls.keys_of(number)).exists():
            raise forms.ValidationError(_("This number is struck off already."))
        return number


@admin.register(StruckOffNumber)
class StruckOffNumberAdmin(admin.ModelAdmin):
    """Only a hash of each number is stored, so the list shows the day alone."""

    form = StruckOffNumberForm
    list_display = ("struck_off_at",)

    def has_change_permission(
        self, request: HttpRequest, obj: StruckOffNumber | None = None
    ) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: StruckOffNumber, form: Any, change: bool
    ) -> None:
        obj.key = calls.keys_of(form.cleaned_data["number"])[0]
        obj.struck_off_at = timezone.now()
        super().save_model(request, obj, form, change)
