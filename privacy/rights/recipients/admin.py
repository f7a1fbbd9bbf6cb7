"""Recipients of data in the admin. A save is in the policy in force within a second."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.admin import ContentAdmin
from content.both_languages import LANGUAGES
from privacy import reminders
from privacy.models import Recipient
from privacy.rights.recipients.countries import countries, country_name
from privacy.rights.recipients.recipients_table import TABLE


@admin.register(Recipient)
class RecipientAdmin(ContentAdmin):
    """Keeps the new table of the policy in the transaction of each change."""

    list_display = (
        "key",
        "name",
        "role",
        "country_named",
        "review_on",
        "confirmed",
        "is_in_policy",
    )
    change_list_template = "admin/privacy/reminded_list.html"
    fields = (
        ("key", "name", "role"),
        ("purpose_pl", "purpose_en"),
        ("data_pl", "data_en"),
        "country",
        ("safeguard_pl", "safeguard_en"),
        ("safeguard_url_pl", "safeguard_url_en"),
        ("review_on", "is_confirmed"),
    )

    class Media:
        css = {"all": ("css/admin/side_by_side.css",)}

    @admin.display(description=_("country"), ordering="country", empty_value="–")
    def country_named(self, recipient: Recipient) -> str:
        return country_name(recipient.country)

    # Short heads: the whole table fits beside the menu of the admin.
    @admin.display(description=_("confirmed"), boolean=True, ordering="is_confirmed")
    def confirmed(self, recipient: Recipient) -> bool:
        return recipient.is_confirmed

    @admin.display(description=_("in the policy"), boolean=True)
    def is_in_policy(self, recipient: Recipient) -> bool:
        return recipient.is_used

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"reminders": reminders.above_list(Recipient, at=timezone.now())}
        return super().changelist_view(request, context | (extra_context or {}))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer countries by name; set `lang`, so that the browser uses the right dictionary."""
        if db_field.name == "country":
            return forms.ChoiceField(
                label=db_field.verbose_name.capitalize(),
                help_text=db_field.help_text,
                choices=[("", "–"), *countries()],
                required=False,
            )
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        language = db_field.name.rpartition("_")[2]
        if field is not None and language in LANGUAGES:
            field.widget.attrs["lang"] = language
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Recipient | None = None) -> Any:
        """The map finds a row by its key, so the key of such a row stays."""
        return ("key",) if obj and obj.is_named_by_the_map else ()

    def has_delete_permission(self, request: HttpRequest, obj: Recipient | None = None) -> bool:
        is_deletable = obj is None or not obj.is_named_by_the_map
        return is_deletable and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        TABLE.keep(at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)
        TABLE.keep(at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Recipient]) -> None:
        # Django opens no transaction for this one.
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            TABLE.keep(at=timezone.now())
