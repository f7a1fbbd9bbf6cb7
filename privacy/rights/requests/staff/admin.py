"""The queue of requests in the admin: its list by clock, and the addresses of its pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import content.number_in_path  # noqa: F401 - registers <number:>
from evidence.admin import ReadOnlyAdmin
from privacy import reminders
from privacy.models import DataRequest
from privacy.rights.cases.case import names_of
from privacy.rights.readings.pages import logged_row
from privacy.rights.requests import clock_text
from privacy.rights.requests.data_request import BY_CLOCK
from privacy.rights.requests.staff import answering, files, views
from privacy.rights.requests.staff.forms import SearchForm


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("open", _("open")), ("closed", _("closed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in {"open", "closed"}:
            return queryset.filter(closed_at__isnull=self.value() == "open")
        return queryset


class LateFilter(admin.SimpleListFilter):
    title = gettext_lazy("clock")
    parameter_name = "clock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("late", _("late"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.late(at=timezone.now()) if self.value() == "late" else queryset


@admin.register(DataRequest)
class DataRequestAdmin(ReadOnlyAdmin):
    """The list. Staff never change a row: each step goes through actions.py, which logs it."""

    list_display = ("reference", "clocks", "right", "whom", "received", "state")
    list_filter = (OpenFilter, LateFilter, "kind")
    # The order is that of the clock.
    sortable_by = ()
    actions = None
    change_list_template = "admin/privacy/datarequest/change_list.html"

    class Media:
        css = {"all": ("css/admin/requests.css",)}

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("privacy.add_datarequest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DataRequest]:
        return DataRequest.objects.by_clock(at=timezone.now())

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return BY_CLOCK

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {
            "reminders": reminders.above_list(DataRequest, at=timezone.now()),
            "search_form": SearchForm(),
            "title": capfirst(str(self.opts.verbose_name_plural)),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("add/", views.add, "add"),
            ("find/", views.find, "find"),
            ("<uuid:pk>/change/", views.page, "change"),
            ("<uuid:pk>/answer/", answering.answer, "answer"),
            ("<uuid:pk>/file/", files.case_as_file, "file"),
            ("<uuid:pk>/print/", files.case_to_print, "print"),
            ("<uuid:pk>/data/", files.data_of_person, "data"),
            ("<uuid:pk>/letter/<number:step>/", files.letter_to_print, "letter"),
        )
        own = [
            path(
                route,
                self.admin_site.admin_view(logged_row(view, DataRequest)),
                name=f"privacy_datarequest_{name}",
            )
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("right"))
    def right(self, row: DataRequest) -> str:
        return row.get_kind_display()

    @admin.display(description=gettext_lazy("received"))
    def received(self, row: DataRequest) -> str:
        day = date_format(row.received_on, "SHORT_DATE_FORMAT")
        return f"{day}, {row.get_source_display()}"

    @admin.display(description=gettext_lazy("person"))
    def whom(self, row: DataRequest) -> str:
        """The address and numbers; else the first words, in which staff typed a name."""
        return ", ".join(names_of(row.person)) or Truncator(row.text).chars(60) or "–"

    @admin.display(description=gettext_lazy("clock"))
    def clocks(self, row: DataRequest) -> str:
        clocks = clock_text.clocks(row, at=timezone.now())
        if not row.is_open:
            return clocks[-1].text
        if len(clocks) == 1:
            return _clock(clocks[0].text, is_late=clocks[0].is_late)
        lines = [(each.name, _clock(each.text, is_late=each.is_late)) for each in clocks]
        return format_html_join("", "<div>{}: {}</div>", lines)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: DataRequest) -> str:
        if not row.is_open:
            return row.get_outcome_display()
        if row.paused_on:
            return _("paused")
        if row.acknowledge_by and not row.acknowledged_at:
            return _("to be acknowledged")
        return _("open") if row.is_verified else _("open, identity not verified")


def _clock(text: str, *, is_late: bool) -> str:
    return format_html('<strong class="late">{}</strong>', text) if is_late else text
