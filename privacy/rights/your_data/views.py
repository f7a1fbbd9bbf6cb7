"""The public pages that lead to a person's data: the forms, and the link of the mail.

What a person sees and does after that is in page.py.
"""

import logging
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from content import store
from content.private_pages import private_page
from content.see_other import see_other
from delivery import addresses, tokens
from privacy.rate_limits import HOUR, TooManyForms, count_form, network_key
from privacy.rights.your_data import actions, data_link, held
from privacy.rights.your_data.forms import ComplaintForm, LinkForm, RecordForm

logger = logging.getLogger(__name__)

require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_page
def start(request: HttpRequest) -> HttpResponse:
    """What a person can do, and the form for a link. The answer is the same for every address."""
    return _ask_for_link(request) if request.method == "POST" else _start_page(request)


@private_page
def _ask_for_link(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _start_page(request, link_form=form, status=422)
    at, email = timezone.now(), form.cleaned_data["email"]
    try:
        store.require_database()
        data_link.ask(
            email, language=get_language() or "", network_key=_network_key(request, at), at=at
        )
    except (DatabaseError, InterfaceError):
        logger.exception("A request for a link could not be stored.")
        return _start_page(request, link_form=form, **_unavailable())
    except TooManyForms:
        return _start_page(request, link_form=form, **_too_many())
    context = {"email": addresses.readable(email)}
    return render(request, "privacy/your_data/sent.html", context)


@private_page
@require_page
def record(request: HttpRequest) -> HttpResponse:
    """Open the page of a visitor by the number of a consent record, which nobody can guess."""
    if request.method != "POST":
        return redirect("your_data")
    form = RecordForm(request.POST)
    if not form.is_valid():
        return _start_page(request, record_form=form, status=422)
    at = timezone.now()
    try:
        store.require_database()
        count_form(_network_key(request, at), at=at)
        if not held.is_anything_held(form.person):
            form.add_error("number", _("We hold no record with this number. Check each character."))
            return _start_page(request, record_form=form, status=422)
        token = data_link.open_by_record(form.person, language=get_language() or "", at=at)
    except (DatabaseError, InterfaceError):
        logger.exception("A record could not be looked up.")
        return _start_page(request, record_form=form, **_unavailable())
    except TooManyForms:
        return _start_page(request, record_form=form, **_too_many())
    return see_other(reverse("your_data_page", kwargs={"token": token}))


@require_page
def complaint(request: HttpRequest) -> HttpResponse:
    """The form for a complaint; its answer acknowledges it (UK Data (Use and Access) Act 2025,
    s. 103)."""
    return _complain(request) if request.method == "POST" else _complaint_page(request)


@private_page
def _complain(request: HttpRequest) -> HttpResponse:
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return _complaint_page(request, form, status=422)
    at = timezone.now()
    try:
        store.require_database()
        made = actions.complain(
            form.cleaned_data["email"],
            text=form.cleaned_data["text"],
            language=get_language() or "",
            network_key=_network_key(request, at),
            at=at,
        )
    except (DatabaseError, InterfaceError):
        logger.exception("A complaint could not be stored.")
        return _complaint_page(request, form, **_unavailable())
    except TooManyForms:
        return _complaint_page(request, form, **_too_many())
    return render(request, "privacy/your_data/complained.html", {"made": made})


@private_page
@require_page
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button. Only its POST opens the data (I15): mail scanners open every link."""
    store.require_database()
    at = timezone.now()
    try:
        if request.method != "POST":
            tokens.read(token, purpose=data_link.LINK, at=at)
            return render(request, "privacy/your_data/open.html", {"token": token})
        page_token = data_link.open_by_mail(token, at=at)
    except tokens.TokenRefused as refusal:
        return refused(request, refusal)
    return see_other(reverse("your_data_page", kwargs={"token": page_token}))


def refused(request: HttpRequest, refusal: tokens.TokenRefused) -> HttpResponse:
    """410 for a link that has ended (RFC 9110, 15.5.11), 404 for one that never was."""
    status = 410 if refusal.token else 404
    context = {"was_known": bool(refusal.token)}
    return render(request, "privacy/your_data/ended.html", context, status=status)


def _start_page(
    request: HttpRequest,
    *,
    link_form: LinkForm | None = None,
    record_form: RecordForm | None = None,
    problem: str = "",
    status: int = 200,
    retry_after: int = 0,
) -> HttpResponse:
    forms = {"link_form": link_form or LinkForm(), "record_form": record_form or RecordForm()}
    context = {**forms, "wrong_form": link_form or record_form, "problem": problem}
    return _page(request, "privacy/your_data/start.html", context, status, retry_after)


def _complaint_page(
    request: HttpRequest,
    form: ComplaintForm | None = None,
    *,
    problem: str = "",
    status: int = 200,
    retry_after: int = 0,
) -> HttpResponse:
    context = {"form": form or ComplaintForm(), "problem": problem}
    return _page(request, "privacy/your_data/complaint.html", context, status, retry_after)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int, retry_after: int
) -> HttpResponse:
    response = render(request, template, context, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def _network_key(request: HttpRequest, at: Any) -> str | None:
    return network_key(request, purpose=data_link.PURPOSE, window=HOUR, at=at)


def _unavailable() -> dict[str, Any]:
    text = _(
        "We cannot store anything right now. Nothing that you typed is lost: please send the form "
        "again in a few minutes."
    )
    return {"problem": text, "status": 503, "retry_after": 60}


def _too_many() -> dict[str, Any]:
    text = _(
        "Too many forms came from your network. Please try again in an hour, or write to "
        "gdpr@voipstudio.pl."
    )
    return {"problem": text, "status": 429, "retry_after": 3600}
