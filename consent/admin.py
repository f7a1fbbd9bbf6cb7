"""The registry and the evidence in the admin. A save is in force in all processes in a second."""

import re
from typing import Any
from uuid import UUID

from cookie_consent.models import Cookie, CookieGroup
from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import content.number_in_path  # noqa: F401 - registers <number:>
from consent.looks import admin as looks_admin  # noqa: F401 - registers its pages
from consent.models import (
    DOMAIN,
    NAME_PATTERN,
    PATH,
    ConsentRecord,
    CookieDetails,
    DeclaredCookie,
    DeclaredGroup,
    GroupDetails,
    Notice,
    Provider,
    RegistrySnapshot,
)
from consent.registry.actions import store_notice
from consent.staff import evidence_page, period_page
from evidence.admin import ReadOnlyAdmin
from evidence.growing.admin import GrowingAdmin, LanguageFilter
from privacy.rights.readings.pages import logged_row

admin.site.unregister([Cookie, CookieGroup])


class MeaningForm(forms.ModelForm):
    """Lets staff mark a change as more than a corrected typo: visitors are asked again (I11)."""

    changes_meaning = forms.BooleanField(
        label=_("This changes the meaning: ask those again who consented"), required=False
    )

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data.get("changes_meaning"):
            self.instance.meaning += 1
        return super().save(commit)


class RegistryAdmin(admin.ModelAdmin):
    """Stores the new notice in the transaction of every change (I9: a record proves)."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        # Here, not in save_model: the details of a row are saved as its related rows.
        super().save_related(request, form, formsets, change)
        store_notice(at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)
        store_notice(at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            store_notice(at=timezone.now())


class RequiredFormSet(forms.BaseInlineFormSet):
    """A row is saved with its details or not at all (I12: a row lacks nothing)."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        # Django takes an untouched inline form as one that is not to be saved.
        form.empty_permitted = False
        # `CookieDetails.clean` reads the group of the cookie that the details belong to.
        setattr(form.instance, self.fk.name, self.instance)


class GroupForm(forms.ModelForm):
    """The row of the library, which holds the Polish name and description of a group."""

    name = forms.CharField(label=_("name (Polish)"), max_length=100)
    description = forms.CharField(
        label=_("description (Polish)"), widget=forms.Textarea(attrs={"rows": 4})
    )


class CookieForm(forms.ModelForm):
    """The row of the library, which holds the Polish purpose of a cookie."""

    name = forms.CharField(label=_("name"), max_length=250, validators=[NAME_PATTERN])
    description = forms.CharField(
        label=_("purpose (Polish)"), widget=forms.Textarea(attrs={"rows": 4})
    )
    path = forms.CharField(label=_("path"), initial="/", validators=[PATH])
    domain = forms.CharField(
        label=_("domain"),
        required=False,
        validators=[DOMAIN],
        help_text=_("Empty: this site's own host."),
    )


class GroupDetailsInline(admin.StackedInline):
    model = GroupDetails
    form = MeaningForm
    formset = RequiredFormSet
    min_num = max_num = 1
    can_delete = False
    fields = (
        ("name_en", "description_en"),
        ("short_purpose_pl", "short_purpose_en"),
        "personalizes_ads",
        "changes_meaning",
    )


# The number of a record, also in the middle of a sentence that somebody has pasted.
_NUMBER = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


@admin.register(DeclaredGroup)
class CookieGroupAdmin(RegistryAdmin):
    """The code of a group never changes: the site's code and the records name the group by it."""

    form = GroupForm
    list_display = ("varname", "name", "is_required", "ordering")
    fields = (("varname", "ordering", "is_required"), ("name", "description"))
    inlines = (GroupDetailsInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("varname", "is_required") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_optional = obj is None or not obj.is_required
        return is_optional and super().has_delete_permission(request, obj)


class CookieDetailsInline(admin.StackedInline):
    model = CookieDetails
    form = MeaningForm
    formset = RequiredFormSet
    min_num = max_num = 1
    can_delete = False
    fields = (
        ("is_active", "is_staff_only"),
        "purpose_en",
        ("provider", "party", "storage"),
        ("life", "max_age_seconds"),
        ("justification_pl", "justification_en"),
        "changes_meaning",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or obj.cookiegroup.is_deletable:
            return ()
        return ("is_active", "is_staff_only", "party", "storage", "life", "max_age_seconds")


@admin.register(DeclaredCookie)
class CookieAdmin(RegistryAdmin):
    form = CookieForm
    list_display = ("name", "cookiegroup", "provider", "is_active")
    list_filter = ("cookiegroup", "details__is_active")
    list_select_related = ("cookiegroup", "details__provider")
    search_fields = ("name", "description")
    fields = (("cookiegroup", "name"), ("domain", "path"), "description")
    inlines = (CookieDetailsInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of a cookie that the site's own code sets, staff change the texts alone."""
        if obj is None or obj.cookiegroup.is_deletable:
            return ()
        return ("cookiegroup", "name", "domain", "path")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_deletable = obj is None or obj.cookiegroup.is_deletable
        return is_deletable and super().has_delete_permission(request, obj)

    @admin.display(description=_("provider"))
    def provider(self, cookie: DeclaredCookie) -> str:
        return str(cookie.details.provider)

    @admin.display(description=_("in use"), boolean=True)
    def is_active(self, cookie: DeclaredCookie) -> bool:
        return bool(cookie.details.is_active)


@admin.register(Provider)
class ProviderAdmin(RegistryAdmin):
    form = MeaningForm
    list_display = ("name", "is_confirmed")
    fields = (
        "name",
        ("privacy_url_pl", "privacy_url_en"),
        "is_confirmed",
        "changes_meaning",
    )


@admin.register(ConsentRecord)
class ConsentRecordAdmin(GrowingAdmin):
    list_display = ("id", "made_at", "is_refusal", "granted", "method", "language")
    list_filter = ("is_refusal", "method", LanguageFilter, "has_gpc_signal")
    search_fields = ("id",)
    search_help_text = _("The whole number of a record.")
    date_hierarchy = "made_at"
    # No index for a filter: each choice would pay for it, and most rows match most filters.
    most_read_by_filters = 100_000
    change_list_template = "admin/consent/consentrecord/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("<uuid:pk>/change/", evidence_page.record_page, "change"),
            ("<uuid:pk>/policy/", evidence_page.policy_frame, "policy"),
            ("<uuid:pk>/file/", evidence_page.record_file, "file"),
            ("period/", period_page.period_page, "period"),
        )
        own = [
            path(
                route,
                self.admin_site.admin_view(logged_row(view, ConsentRecord)),
                name=f"consent_consentrecord_{name}",
            )
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """By the whole number: the database would compare a part of it with every row."""
        if not search_term:
            return queryset, False
        found = _NUMBER.search(search_term)
        rows = queryset.filter(pk=UUID(found.group())) if found else queryset.none()
        return rows, False


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "hash")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(evidence_page.notice_frame)
        route = "<number:pk>/shown/<slug:language>/<slug:part>/"
        return [path(route, view, name="consent_notice_shown"), *super().get_urls()]


@admin.register(RegistrySnapshot)
class RegistrySnapshotAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "hash")
