"""The form for the records of a period, and their download."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.models import ConsentRecord
from consent.staff.evidence_page import VIEW_RECORDS
from consent.staff.period_file import Period, lines
from evidence.admin import admin_of
from privacy.rights.readings import reading
from privacy.rights.readings.reading import Reading

# No choice is older than the site.
_FIRST_DAY = date(2020, 1, 1)


class PeriodForm(forms.Form):
    """Two days, both included."""

    first = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        days: dict[str, Any] = super().clean() or {}
        first, last = days.get("first"), days.get("last")
        if first and first < _FIRST_DAY:
            self.add_error("first", _("Enter a day from 1 January 2020 on."))
        elif first and first > timezone.localdate():
            self.add_error("first", _("This period has not begun yet. Enter a day until today."))
        elif first and last and last < first:
            self.add_error("last", _("The last day is before the first. Enter a later one."))
        return days


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(VIEW_RECORDS, raise_exception=True)
def period_page(request: HttpRequest) -> HttpResponseBase:
    """Ask for two days, and send the records between them."""
    if request.method != "POST":
        today = timezone.localdate()
        days = {"first": today - timedelta(days=30), "last": today}
        return _form_page(request, PeriodForm(initial=days))
    form, at = PeriodForm(request.POST), timezone.now()
    if not form.is_valid():
        return _form_page(request, form, status=422)
    first, last = form.cleaned_data["first"], min(form.cleaned_data["last"], timezone.localdate(at))
    period = Period.of_days(first, last, at=at)
    number = period.records().count()
    if not number:
        form.add_error(None, _("No choice was recorded on these days."))
        return _form_page(request, form, status=422)
    _log(request, number)
    return StreamingHttpResponse(
        lines(period, at=at),
        content_type="application/x-ndjson",
        headers={
            "Content-Disposition": f'attachment; filename="consent-records-{first}-{last}.jsonl"'
        },
    )


def _log(request: HttpRequest, rows: int) -> None:
    """Before the first line goes out: who took how many records."""
    with transaction.atomic():
        admin_of(ConsentRecord).log_download(request, rows, form="JSON Lines")
        reading.log(
            request.user,
            person=None,
            what=Reading.What.EXPORTED,
            kind=ConsentRecord,
            rows=rows,
            at=timezone.now(),
        )


def _form_page(request: HttpRequest, form: PeriodForm, *, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "opts": ConsentRecord._meta,
        "title": _("Records of a period, as a file"),
        "form": form,
    }
    return render(request, "admin/consent/consentrecord/period.html", context, status=status)
