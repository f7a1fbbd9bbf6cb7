"""What the pages of staff share: the page of one request, permissions, the history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evidence.admin import admin_of
from privacy.models import DataRequest, RequestStep
from privacy.rights.requests import actions, clock_text
from privacy.rights.requests.staff import case_file, held
from privacy.rights.requests.staff.forms import STEPS, NoteForm, StepForm

Kind = RequestStep.Kind
require_page = require_http_methods(["GET", "HEAD", "POST"])


def request_page(
    request: HttpRequest,
    row: DataRequest,
    *,
    at: datetime,
    forms: Mapping[str, StepForm] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a request. `forms` are those with something typed: they are always shown."""
    forms = forms or {}
    may_change = may(request, "change")
    steps = [
        {
            "step": step,
            "form": forms.get(step.kind) or step.bound(row),
            "is_open": step.kind in forms or step.kind == Kind.ACKNOWLEDGED,
        }
        for step in STEPS
        if may_change and (step.kind in forms or not actions.reason_against(step.kind, row, at=at))
    ]
    context = about(row, at=at) | {
        "steps": steps,
        "may_change": may_change,
        "may_answer": may_change and row.is_open,
        "outcomes": DataRequest.Outcome.choices,
        "held": [*held.links(row, request)],
        "tools": held.tools(row, request),
        "error": error,
    }
    return render_page(request, "request", context, status=status)


def refused_page(
    request: HttpRequest, row: DataRequest, reason: str, *, at: datetime, words: str = ""
) -> HttpResponse:
    """409: nothing was done. What was typed stands in the form for a note, so it is not lost."""
    row.refresh_from_db()
    note = NoteForm(prefix=Kind.NOTE, request=row, initial={"words": words})
    forms: dict[str, StepForm] = {Kind.NOTE: note} if words else {}
    return request_page(request, row, at=at, forms=forms, error=reason, status=409)


def about(row: DataRequest, *, at: datetime) -> dict[str, Any]:
    return {
        "title": _("Request %(reference)s") % {"reference": row.reference},
        "row": row,
        "clocks": clock_text.clocks(row, at=at),
        "after_pause": clock_text.days_after_pause(row),
        "facts": case_file.facts(row),
        "taken": case_file.steps_of(row),
        "next": clock_text.what_next(row, at=at),
    }


def render_page(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    whole = {**admin.site.each_context(request), "opts": DataRequest._meta, **context}
    return render(request, f"admin/privacy/datarequest/{name}.html", whole, status=status)


def done(request: HttpRequest, row: DataRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("admin:privacy_datarequest_change", row.pk)


def log(request: HttpRequest, row: DataRequest, text: str) -> None:
    admin_of(DataRequest).log(request, [row], text)


def require(request: HttpRequest, verb: str) -> User:
    """The user, who needs this permission. Raises PermissionDenied."""
    if not may(request, verb):
        raise PermissionDenied
    return user_of(request)


def may(request: HttpRequest, verb: str) -> bool:
    return user_of(request).has_perm(f"privacy.{verb}_datarequest")


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - admin_view lets in staff only
    return request.user
