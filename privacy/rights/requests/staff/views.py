"""The pages on which staff type in, find, and work on a request. admin.py has their addresses."""

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from delivery import addresses
from privacy.models import DataRequest
from privacy.rights.requests.actions import NotPossible
from privacy.rights.requests.staff.forms import STEPS, SearchForm, TypedInForm
from privacy.rights.requests.staff.pages import (
    done,
    log,
    refused_page,
    render_page,
    request_page,
    require,
    require_page,
)

MAX_FOUND = 50


@require_page
def add(request: HttpRequest) -> HttpResponse:
    """The form for what came by letter, by e-mail or by telephone."""
    user = require(request, "add")
    form = TypedInForm(request.POST or None, at=timezone.now())
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            row = form.store(user=user)
            log(request, row, _("The request was typed in."))
        return done(
            request, row, _("The request is stored. Its clock runs from the day of receipt.")
        )
    context = {"title": _("Type in a request"), "form": form}
    return render_page(request, "add", context, status=422 if form.is_bound else 200)


@require_page
def page(request: HttpRequest, pk: Any) -> HttpResponse:
    """The page of one request; a POST takes a step."""
    require(request, "view")
    row, at = get_object_or_404(DataRequest, pk=pk), timezone.now()
    show = _take_step if request.method == "POST" else request_page
    return show(request, row, at=at)


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Look a request up by its reference, or those of a person by their address."""
    require(request, "view")
    form = SearchForm(request.POST)
    found = _found(form.cleaned_data["sought"]) if form.is_valid() else []
    if len(found) == 1:
        return redirect("admin:privacy_datarequest_change", found[0])
    address = reverse("admin:privacy_datarequest_changelist")
    if not found:
        messages.warning(request, _("Nothing was found. Check the reference or the address."))
        return redirect(address)
    return redirect(f"{address}?id__in={','.join(found)}")


def _take_step(request: HttpRequest, row: DataRequest, *, at: datetime) -> HttpResponse:
    user = require(request, "change")
    step = next((each for each in STEPS if each.kind == request.POST.get("step")), None)
    if step is None:
        raise BadRequest
    form = step.bound(row, request.POST)
    if not form.is_valid():
        return request_page(request, row, at=at, forms={step.kind: form}, status=422)
    try:
        with transaction.atomic():
            step.take(row, form, user=user, at=at)
            log(request, row, str(step.done))
    except NotPossible as reason:
        return refused_page(request, row, str(reason), words=form.typed_words, at=at)
    return done(request, row, str(step.done))


def _found(sought: str) -> list[str]:
    """The numbers of the rows with this reference or address."""
    letters = re.sub(r"[^0-9A-Z]", "", sought.upper())
    of_reference = Q(reference=f"{letters[:4]}-{letters[4:]}")
    of_address = Q(email=addresses.normalized(sought)) & ~Q(email="")
    rows = DataRequest.objects.filter(of_reference | of_address)[:MAX_FOUND]
    return [str(row.pk) for row in rows]
