"""The cookie page, which stores the choices of every form, and /.well-known/gpc.json."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consent.choice.choice import Choice, Grant, State
from consent.choice.cookie import keep_choice
from consent.choice.form import BadForm, ChoiceForm, read_form
from consent.choice.request import ConsentRequest
from consent.deletion import empty_storage
from consent.records import record
from consent.records.made_choice import MadeChoice, policy_in_force
from consent.records.record import Outcome
from content.see_other import see_other
from content.store import ContentUnavailable
from privacy.rate_limits import network_key

# The day on which the site began to honor the signal: https://www.w3.org/TR/gpc/#gpc-resource
GPC_SINCE = "2026-11-22"


@require_http_methods(["GET", "HEAD", "POST"])
def cookies(request: ConsentRequest) -> HttpResponse:
    """Every declared cookie and the visitor's own choice; a POST stores a choice."""
    if request.method == "POST":
        try:
            return _store_choice(request, read_form(request, registry=request.registry))
        except BadForm as error:
            return _cookie_page(request, status=error.status, problem=str(error))
    if not request.registry.groups:
        raise ContentUnavailable("An empty table would say that the site stores nothing.")
    return _cookie_page(request)


@require_safe
def gpc(request: HttpRequest) -> JsonResponse:
    """The site honors Global Privacy Control: https://www.w3.org/TR/gpc/#gpc-resource."""
    return JsonResponse({"gpc": True, "lastUpdate": GPC_SINCE})


def _store_choice(request: ConsentRequest, form: ChoiceForm) -> HttpResponse:
    """Record first, cookie second (I4); a refusal always counts (I9, I18)."""
    if form.action == "choose":
        separator = "&" if form.visit.query else "?"
        return see_other(f"{form.next_address}{separator}ask=open")
    if form.is_background and request.consent.grant and not form.granted:
        # A withdrawal, sent from a page that is older than the grant. Only a page can show the
        # record id of a withdrawal (I8), so ask.js sends the form again without fetch().
        return HttpResponse(status=409)
    if form.is_grant and not request.registry.groups:
        return _not_stored(request, Outcome.UNAVAILABLE)
    if form.granted and _has_outdated_question(request, form):
        return _cookie_page(
            request,
            status=409,
            problem=_("The question has changed meanwhile. Please read it and choose again."),
        )
    # Whole seconds, as the choice cookie keeps them: record and cookie then name the same moment.
    made_choice = _made_choice(request, form, at=timezone.now().replace(microsecond=0))
    key = network_key(request, purpose="choice", window=record.WINDOW, at=made_choice.made_at)
    outcome = record.record(made_choice, network_key=key)
    if form.granted and outcome is not Outcome.RECORDED:
        return _not_stored(request, outcome)
    previous_grant = request.consent.grant
    _put_in_force(request, form, made_choice)
    return _answer(request, form, made_choice, outcome=outcome, previous_grant=previous_grant)


def _made_choice(request: ConsentRequest, form: ChoiceForm, *, at: datetime) -> MadeChoice:
    """What the record says of a choice (I9: a record proves)."""
    previous_grant = request.consent.grant
    return MadeChoice(
        record_id=uuid.uuid4(),
        made_at=at,
        notice_id=request.registry.notice_id_of(form.notice_key),
        language=get_language() or "",
        offered=request.registry.groups_offered_by(form.notice_key),
        granted=form.granted,
        method=form.place,
        has_javascript=form.has_javascript,
        has_gpc_signal=request.has_gpc_signal,
        policy_version_id=policy_in_force(),
        supersedes_id=previous_grant.record_id if previous_grant else None,
    )


def _has_outdated_question(request: ConsentRequest, form: ChoiceForm) -> bool:
    """Whether the visitor read a question that is not the present one.

    Then the form names an unknown notice, one that the registry has changed since in a way that
    matters (I11), or another reconsent version than the present one.
    """
    reconsent = request.reconsent_version
    if form.reconsent_number != (str(reconsent.number) if reconsent else ""):
        return True
    if request.registry.notice_id_of(form.notice_key) is None:
        return True
    return bool(request.registry.changes_since(form.notice_key))


def _not_stored(request: ConsentRequest, outcome: Outcome) -> HttpResponse:
    if outcome is Outcome.TOO_MANY:
        response = _cookie_page(
            request,
            status=429,
            problem=_("Too many choices came from your network. Please try again in a minute."),
        )
        response["Retry-After"] = "60"
        return response
    response = _cookie_page(
        request,
        status=503,
        problem=_(
            "We cannot store your consent right now. Nothing was switched on; please try again "
            "later."
        ),
    )
    response["Retry-After"] = "30"
    return response


def _put_in_force(request: ConsentRequest, form: ChoiceForm, made_choice: MadeChoice) -> None:
    """Make the choice count for this response too: its page, its tags, its cookies."""
    if not made_choice.granted:
        request.consent = Choice(State.REFUSED)
        return
    grant = Grant(
        record_id=made_choice.record_id,
        made_at=made_choice.made_at,
        notice_key=form.notice_key,
        groups=frozenset(made_choice.granted),
        has_gpc_signal=made_choice.has_gpc_signal,
        reconsent_number=request.reconsent_version.number if request.reconsent_version else 0,
    )
    request.consent = Choice(State.GRANTED, granted=grant.groups, grant=grant)
    request.granted_visit = form.visit


def _answer(
    request: ConsentRequest,
    form: ChoiceForm,
    made_choice: MadeChoice,
    *,
    outcome: Outcome,
    previous_grant: Grant | None,
) -> HttpResponse:
    """Go back to the page, with the choice cookie.

    A withdrawal, and a refusal that is not recorded yet, are answered with a page: it shows the
    record id, or says that there is no receipt. No later page can, for the cookie of a refusal
    names no record (I8).
    """
    grant = request.consent.grant
    is_kept_on_disk = outcome is Outcome.KEPT_ON_DISK
    response: HttpResponse
    if form.is_background:
        # ask.js closes the banner, or loads the page again. 202: accepted, and to be recorded later
        # (RFC 9110, 15.3.3).
        response = HttpResponse(status=202 if is_kept_on_disk else 204)
    elif grant is None and (previous_grant is not None or is_kept_on_disk):
        is_recorded = outcome is Outcome.RECORDED
        response = _cookie_page(
            request,
            withdrawn_record=made_choice.record_id if is_recorded else None,
            is_unrecorded=not is_recorded,
            next_path=form.next_path if form.next_path != request.path else "",
        )
    else:
        response = see_other(f"{form.next_address}#saved")
    response["Cache-Control"] = "no-store"
    if previous_grant is not None and previous_grant.groups - request.consent.granted:
        empty_storage(response)  # a withdrawn tag may have used it
    keep_choice(response, grant)
    return response


def _cookie_page(request: ConsentRequest, *, status: int = 200, **context: object) -> HttpResponse:
    response = render(
        request,
        "consent/cookies.html",
        {"groups": request.registry.groups, **context},
        status=status,
    )
    # A page with a grant shows its record id, and an answer to a POST is one visitor's (I13).
    if request.consent.grant or request.method == "POST":
        response["Cache-Control"] = "private, no-store"
    return response
