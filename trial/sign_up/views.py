"""The pages of the trial: sign up, confirm, started; and the page of consents to marketing."""

import logging
import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.gate.middleware import ConsentRequest
from consent.gate.private_pages import private_page
from content import store
from delivery import tokens
from privacy.models import PolicyCode
from privacy.policies.reading import published
from privacy.rate_limits import network_key
from trial import actions, funnel
from trial.actions import Application
from trial.cookies import ATTRIBUTION_COOKIE
from trial.models import Channel, MarketingConsent, MarketingWithdrawal, SignUp
from trial.sign_up import attribution, wordings
from trial.sign_up.forms import SignUpForm, new_stamp

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def free_trial(request: ConsentRequest) -> HttpResponse:
    """The sign-up form; the answer to a good one says where the mail has gone."""
    if request.method == "POST":
        return _sign_up(request)
    if request.method == "GET":
        funnel.count_visit(language=get_language() or "", at=timezone.now())
    response = _form_page(request, SignUpForm())
    response["Cache-Control"] = "private, no-cache"  # it says when it was shown
    return response


@private_page
def _sign_up(request: ConsentRequest) -> HttpResponse:
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    at = timezone.now()
    key = network_key(request, purpose="trial", window=actions.HOUR, at=at)
    try:
        store.require_database()
        actions.sign_up(_application(request, form), network_key=key, at=at)
    except (DatabaseError, InterfaceError) as error:
        logger.error("A sign-up could not be stored: %s", type(error).__name__)
        return _unavailable(request, form)
    except actions.TooManySignUps:
        problem = _(
            "Too many sign-ups came from your network. Please try again in an hour, or write to us."
        )
        return _form_page(request, form, status=429, problem=problem, retry_after=3600)
    return render(request, "trial/sent.html", {"form": form})


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ConsentRequest, token: str) -> HttpResponse:
    """A page with a button; only the button starts the trial (I15)."""
    store.require_database()
    at = timezone.now()
    try:
        if request.method != "POST":
            row = tokens.read(token, purpose=actions.CONFIRM, at=at)
            waiting = SignUp.objects.get(pk=row.subject)
            texts = [words.texts[waiting.language] for words in waiting.wordings.values()]
            context = {"sign_up": waiting, "token": token, "consent_texts": texts}
            return render(request, "trial/confirm.html", context)
        actions.confirm(token, at=at)
    except tokens.TokenRefused as refusal:
        return _dead_link(request, token, refusal, at=at)
    except actions.AlreadyConfirmed as known:
        return _already_confirmed(request, known.sign_up, at=at)
    response = redirect("trial_started")
    response["Location"] += "#started"
    response.status_code = 303
    return response


@private_page
@require_POST
def new_link(request: ConsentRequest, token: str) -> HttpResponse:
    """Send a new link to who has one that no longer works."""
    store.require_database()
    at = timezone.now()
    try:
        tokens.read(token, purpose=actions.CONFIRM, at=at)
    except tokens.TokenRefused as refusal:
        if refusal.token is None:
            return _dead_link(request, token, refusal, at=at)
        waiting = SignUp.objects.get(pk=refusal.token.subject)
        actions.send_new_link(waiting, at=at)
        return render(request, "trial/link_sent.html")
    return redirect("trial_confirm", token=token)


@require_safe
def started(request: HttpRequest) -> HttpResponse:
    """The trial has started. The address says nothing of whom, so tags may count it."""
    return render(
        request, "trial/started.html", {"is_handed_over": bool(settings.PROVISIONING_URL)}
    )


@csrf_exempt  # RFC 8058: mail servers post without an Origin; the random id is the key
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: ConsentRequest, consent_id: str) -> HttpResponse:
    """The consents to marketing of one person, each with a button that withdraws it."""
    store.require_database()
    try:
        own = MarketingConsent.objects.get(pk=uuid.UUID(consent_id))
    except (ValueError, MarketingConsent.DoesNotExist):
        raise Http404 from None
    if request.method == "POST":
        _withdraw(request, own)
    siblings = own.sign_up.consents.select_related("wording", "withdrawal").order_by("channel")
    return render(request, "trial/consents.html", {"consents": siblings, "own": own})


def _withdraw(request: HttpRequest, own: MarketingConsent) -> None:
    """Withdraw what the button names; a mail program's one click, the consent of its link."""
    is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    channel = own.channel if is_one_click else request.POST.get("channel", "")
    method = MarketingWithdrawal.Method.ONE_CLICK if is_one_click else "page"
    for consent in own.sign_up.consents.filter(channel=channel):
        actions.withdraw(consent, method=method, at=timezone.now())


def _application(request: ConsentRequest, form: SignUpForm) -> Application:
    found = None
    if request.consent.allows("marketing"):
        found = attribution.read(request.COOKIES.get(ATTRIBUTION_COOKIE, ""))
    said = form.cleaned_data
    return Application(
        language=get_language() or "",
        name=said["name"],
        email=said["email"],
        company=said["company"],
        phone=str(said["phone"].as_e164) if said["phone"] else "",
        policy_version_id=_in_force(PolicyCode.PRIVACY),
        terms_version_id=_in_force(PolicyCode.TERMS),
        wording_ids=form.wording_ids,
        attribution=asdict(found) if found else None,
    )


def _in_force(code: str) -> int | None:
    version = published.current().in_force(code)
    return version.id if version else None


def _form_page(
    request: HttpRequest,
    form: SignUpForm,
    *,
    status: int = 200,
    problem: str = "",
    retry_after: int = 0,
) -> HttpResponse:
    words = wordings.current()
    context = {
        "form": form,
        "problem": problem,
        "stamp": new_stamp(),
        "boxes": [_box(form, words, channel) for channel in Channel],
        "has_terms": _in_force(PolicyCode.TERMS) is not None,
    }
    response = render(request, "trial/free_trial.html", context, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def _box(form: SignUpForm, words: wordings.Wordings, channel: Channel) -> dict[str, Any]:
    field = form[f"marketing_{channel.value}"]
    key = words.key(channel)
    # Ticked again only over the same words: others have to be read first.
    return {"field": field, "key": key, "text": words.text(channel), "is_on": field.value() == key}


def _unavailable(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    problem = _(
        "We cannot take sign-ups right now. Nothing that you typed is lost: please send the form "
        "again in a few minutes."
    )
    return _form_page(request, form, status=503, problem=problem, retry_after=60)


def _dead_link(
    request: HttpRequest, token: str, refusal: tokens.TokenRefused, *, at: datetime
) -> HttpResponse:
    """Unknown, expired or used: 404 or 410, and the way on."""
    if refusal.token is None:
        return render(request, "trial/unknown_link.html", status=404)
    waiting = SignUp.objects.get(pk=refusal.token.subject)
    if trial := SignUp.objects.trial_of(waiting.email):
        return _already_confirmed(request, trial, at=at)
    return render(request, "trial/expired_link.html", {"token": token}, status=410)


def _already_confirmed(request: HttpRequest, trial: SignUp, *, at: datetime) -> HttpResponse:
    context = {"trial": trial, "is_running": trial.is_running(at=at)}
    return render(request, "trial/already_confirmed.html", context, status=410)
