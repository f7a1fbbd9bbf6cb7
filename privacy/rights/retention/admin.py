"""Runs of retention in the admin: when the last one was, and how many rows each period ended."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evidence.admin import ReadOnlyAdmin
from privacy import reminders
from privacy.models import PurgeRun
from privacy.rights.retention import purge


@admin.register(PurgeRun)
class PurgeRunAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "finished_at", "is_complete", "ended_rows")
    fields = ("started_at", "finished_at", "is_complete", "rows_by_period")
    date_hierarchy = "started_at"
    change_list_template = "admin/privacy/reminded_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"reminders": reminders.above_list(PurgeRun, at=timezone.now())}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=_("ended rows"))
    def ended_rows(self, run: PurgeRun) -> int:
        return run.rows

    @admin.display(description=_("ended rows by period"))
    def rows_by_period(self, run: PurgeRun) -> str:
        lines = [
            (capfirst(str(rule.name)), rule.text, self._result(run, rule))
            for rule in purge.rules()
            if rule.key in run.counts or rule.key in run.errors
        ]
        cells = '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>'
        heads = format_html_join(
            "", '<th scope="col">{}</th>', ([_("Data")], [_("Period")], [_("Rows")])
        )
        table = "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
        return format_html(table, heads, format_html_join("", cells, lines))

    def _result(self, run: PurgeRun, rule: purge.Rule) -> Any:
        return _("failed") if rule.key in run.left_rules() else run.counts.get(rule.key, 0)
