"""The log of readings in the admin. The log of one person is found by typing an address."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from delivery.addresses import in_ascii
from evidence.growing.admin import GrowingAdmin
from privacy.models import Reading
from privacy.rights.map.declarations import Person
from privacy.rights.map.register import all_declared
from privacy.rights.readings.personal_data import all_numbers_of

# One step in the index for each colleague: DISTINCT would read all rows.
_COLLEAGUES = """
WITH RECURSIVE colleague (number) AS (
    SELECT MIN(user_id) FROM privacy_reading
    UNION ALL
    SELECT (SELECT MIN(user_id) FROM privacy_reading WHERE user_id > number)
    FROM colleague WHERE number IS NOT NULL
)
SELECT number FROM colleague WHERE number IS NOT NULL
"""

LIST = "admin:privacy_reading_changelist"


class ColleagueFilter(admin.SimpleListFilter):
    """Those who are in the log; of a deleted account the number. Django's own leaves them out."""

    title = gettext_lazy("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        pks = _in_the_log()
        accounts = get_user_model()._default_manager.in_bulk(pks)
        names = [(str(pk), accounts[pk].get_username()) for pk in sorted(pks & {*accounts})]
        return [*names, *((str(pk), f"({pk})") for pk in sorted(pks - {*accounts}))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        is_known = self.value() in dict(self.lookup_choices)
        return queryset.filter(user_id=self.value()) if is_known else queryset


@admin.register(Reading)
class ReadingAdmin(GrowingAdmin):
    list_display = ("read_at", "name", "what", "data", "number", "rows")
    list_display_links = None
    list_filter = ("read_at", ColleagueFilter, "what")
    date_hierarchy = "read_at"
    fields = ("read_at", "name", "what", "data", "number", "rows")
    change_list_template = "admin/privacy/reading/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reading]:
        # Not select_related: it would leave out the readings of deleted accounts.
        return super().get_queryset(request).prefetch_related("user")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.find)
        return [path("find/", view, name="privacy_reading_find"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"title": capfirst(str(self.opts.verbose_name_plural))}
        return super().changelist_view(request, context | (extra_context or {}))

    @method_decorator(require_POST)
    def find(self, request: HttpRequest) -> HttpResponse:
        """Lead to the readings about one person: no address of a page holds that of a person."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            person = _person(request.POST.get("whose", ""))
        except ValueError:
            text = _("Enter an e-mail address or the number of a record.")
            self.message_user(request, text, messages.ERROR)
            return redirect(LIST)
        numbers = sorted(all_numbers_of(person).values_list("number", flat=True))
        if not numbers:
            text = _("The log has no reading about this person.")
            self.message_user(request, text, messages.WARNING)
            return redirect(LIST)
        return redirect(f"{reverse(LIST)}?about__in={','.join(numbers)}")

    @admin.display(description=gettext_lazy("who"))
    def name(self, reading: Reading) -> str:
        return reading.who

    @admin.display(description=gettext_lazy("which data"))
    def data(self, reading: Reading) -> str:
        if not reading.kind:
            return _("everything about the person")
        names = {data.table: data.name for data in all_declared()}
        return capfirst(str(names.get(reading.kind, reading.kind)))

    @admin.display(description=gettext_lazy("about whom"), empty_value="–")
    def number(self, reading: Reading) -> str:
        """Leads to all readings about the person. Eight digits tell people apart in a list."""
        if not reading.about:
            return ""
        number = reading.about
        return format_html('<a href="{}?about__in={}">{}</a>', reverse(LIST), number, number[:8])


def _in_the_log() -> set[int]:
    """The numbers of those who are in the log."""
    with connection.cursor() as cursor:
        cursor.execute(_COLLEAGUES)
        return {number for [number] in cursor.fetchall()}


def _person(text: str) -> Person:
    """An address or the number of a consent record. Raises ValueError."""
    try:
        return Person("", frozenset({UUID(text.strip())}))
    except ValueError:
        return Person(in_ascii(text))
