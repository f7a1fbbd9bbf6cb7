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

# No choice is older than the site, and no time zone fails at a later day.
_FIRST_DAY, _LAST_DAY = date(2020, 1, 1), date(2200, 1, 1)


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
        if first and last and not _FIRST_DAY <= first <= last <= _LAST_DAY:
            raise forms.ValidationError(
                _("Enter a first day from 2020 on, and a last day that is not before it.")
            )
        return days


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(VIEW_RECORDS, raise_exception=True)
def period_page(request: HttpRequest) -> HttpResponseBase:
    """Ask for two days, and send the records between them."""
    if request.method != "POST":
        today = timezone.localdate()
        days = {"first": today - timedelta(days=30), "last": today}
        return _form_page(request, PeriodForm(initial=days))
    form = PeriodForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    return _download(request, form.cleaned_data["first"], form.cleaned_data["last"])


def _download(request: HttpRequest, first: date, last: date) -> StreamingHttpResponse:
    at = timezone.now()
    period = Period.of_days(first, last, at=at)
    _log(request, period.records().count())
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
