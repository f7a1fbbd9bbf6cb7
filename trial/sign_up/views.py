"""The pages of the trial (sign up, confirm, started) and the page of consents to marketing."""

import logging
import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.choice.request import ConsentRequest
from content import store
from content.private_pages import private_page
from content.see_other import see_other
from delivery import addresses, tokens
from privacy.models import PolicyCode
from privacy.policies.reading import published
from privacy.rate_limits import HOUR, TooManyForms, network_key
from privacy.rights.cases.turn import turn
from privacy.rights.map.declarations import Person
from privacy.rights.your_data import choices
from trial import actions, funnel
from trial.actions import SignUpData
from trial.cookies import ATTRIBUTION_COOKIE
from trial.models import Channel, MarketingConsent, MarketingWithdrawal, SignUp
from trial.sign_up import attribution, wordings
from trial.sign_up.forms import SignUpForm, new_stamp

logger = logging.getLogger(__name__)

# What a person reads after the consent for a channel was withdrawn.
_WITHDRAWN = {
    Channel.EMAIL.value: gettext_lazy("The consent to marketing by e-mail is withdrawn."),
    Channel.PHONE.value: gettext_lazy("The consent to marketing by telephone is withdrawn."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def free_trial(request: ConsentRequest) -> HttpResponse:
    """The sign-up form. The answer to a valid one says where the mail goes."""
    if request.method == "POST":
        return _sign_up(request)
    if request.method == "GET":
        funnel.count_visit(language=get_language() or "", at=timezone.now())
    response = _form_page(request, SignUpForm())
    # The form holds the time at which it was shown: one from a cache could be too old to be valid.
    response["Cache-Control"] = "private, no-cache"
    return response


@private_page
def _sign_up(request: ConsentRequest) -> HttpResponse:
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    at = timezone.now()
    key = network_key(request, purpose="trial", window=HOUR, at=at)
    try:
        store.require_database()
        actions.sign_up(_sign_up_data(request, form), network_key=key, at=at)
    except (DatabaseError, InterfaceError):
        logger.exception("A sign-up could not be stored.")
        return _unavailable(request, form)
    except TooManyForms:
        problem = _(
            "Too many sign-ups came from your network. Please try again in an hour, or write to us."
        )
        return _form_page(request, form, status=429, problem=problem, retry_after=3600)
    context = {"form": form, "email": addresses.readable(form.cleaned_data["email"])}
    return render(request, "trial/sent.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ConsentRequest, token: str) -> HttpResponse:
    """A page with a button. Only its POST starts the trial (I15): mail scanners open every link."""
    store.require_database()
    at = timezone.now()
    try:
        if request.method != "POST":
            row = tokens.read(token, purpose=actions.CONFIRM, at=at)
            sign_up = SignUp.objects.filter(pk=row.subject).first()
            if sign_up is None:  # deleted meanwhile
                raise tokens.TokenRefused
            texts = [words.texts[sign_up.language] for words in sign_up.wordings.values()]
            context = {"sign_up": sign_up, "token": token, "consent_texts": texts}
            return render(request, "trial/confirm.html", context)
        actions.confirm(token, at=at)
    except tokens.TokenRefused as refusal:
        return _refused_link(request, token, refusal, at=at)
    except actions.AlreadyConfirmed as refusal:
        return _already_confirmed(request, refusal.sign_up, at=at)
    # conversion.js counts a trial by this fragment, and removes it: a reload is not counted again.
    return see_other(f"{reverse('trial_started')}#started")


@private_page
@require_POST
def new_link(request: ConsentRequest, token: str) -> HttpResponse:
    """Send a new link to a person whose link no longer works.

    The mail goes to the address of the sign-up, never to one that the request names.
    """
    store.require_database()
    at = timezone.now()
    try:
        tokens.read(token, purpose=actions.CONFIRM, at=at)
    except tokens.TokenRefused as refusal:
        sign_up = _sign_up_of(refusal)
        if sign_up is None:
            return _unknown_link(request)
        actions.send_new_link(sign_up, at=at)
        return render(request, "trial/link_sent.html")
    return redirect("trial_confirm", token=token)


@require_safe
def started(request: HttpRequest) -> HttpResponse:
    """The trial has started. The address holds no token and no personal data, so tags may run."""
    return render(
        request, "trial/started.html", {"is_handed_over": bool(settings.PROVISIONING_URL)}
    )


@csrf_exempt  # RFC 8058: mail servers post without an Origin; the random id is the key
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: ConsentRequest, consent_id: str) -> HttpResponse:
    """The consents to marketing of one sign-up, each with a button that withdraws it.

    A POST that withdraws nothing is answered 400: a mail program looks at the status alone.
    """
    store.require_database()
    try:
        consent = MarketingConsent.objects.get(pk=uuid.UUID(consent_id))
    except (ValueError, MarketingConsent.DoesNotExist):
        raise Http404 from None
    at, person = timezone.now(), Person(consent.person.email) if consent.person else None
    problem = chosen = ""
    if request.method == "POST" and "do" in request.POST:
        problem = _choose(request, consent, person, at=at)
        chosen = str(choices.result(request.POST["do"]))
    elif request.method == "POST":
        chosen = _withdraw(request, consent)
        if not chosen:
            problem = _("We could not tell which consent to withdraw. Please use a button below.")
    all_consents = consent.of_same_sign_up().select_related("wording", "withdrawal")
    context = {
        "consents": [(row, row.has_lapsed(at=at)) for row in all_consents],
        "own": consent,
        "problem": problem,
        "chosen": "" if problem else chosen,
        "choices": choices.of(person, at=at) if person else None,
    }
    return render(request, "trial/consents.html", context, status=400 if problem else 200)


def _choose(
    request: HttpRequest, consent: MarketingConsent, person: Person | None, *, at: datetime
) -> str:
    """Restrict the person's data, or stop a channel. Returns the problem, if there is one.

    The link is old, and may be in other hands: it restricts, and does not lift a restriction.
    """
    choice = request.POST["do"]
    if person and choice != choices.LIFT:
        with turn(person):
            # An erasure that was faster has taken the sign-up: there is nothing to choose.
            is_known = MarketingConsent.objects.filter(pk=consent.pk, sign_up__isnull=False)
            language = get_language() or ""
            if is_known.exists() and choices.make(choice, person, language=language, at=at):
                return ""
    return _("We could not tell which button you pressed. Please use one below.")


def _withdraw(request: HttpRequest, linked_consent: MarketingConsent) -> str:
    """Withdraw the consent of the channel that the button names. Returns what the person reads of
    it; nothing if there is no such consent.

    RFC 8058: the one click of a mail program names no channel; it withdraws the linked consent. So
    does a click whose body is missing or of a type that is not read: the address alone is enough.
    """
    is_one_click = "channel" not in request.POST or "List-Unsubscribe" in request.POST
    channel = linked_consent.channel if is_one_click else request.POST["channel"]
    method = MarketingWithdrawal.Method.ONE_CLICK if is_one_click else "page"
    consents = linked_consent.of_same_sign_up().filter(channel=channel)
    for consent in consents:
        actions.withdraw(consent, method=method, at=timezone.now())
    return str(_WITHDRAWN[channel]) if consents else ""


def _sign_up_data(request: ConsentRequest, form: SignUpForm) -> SignUpData:
    paid_visit = None
    # A browser can still send the cookie after a withdrawal: without the grant it is not read (I7).
    if request.consent.is_granted("marketing"):
        paid_visit = attribution.read(request.COOKIES.get(ATTRIBUTION_COOKIE, ""))
    fields = form.cleaned_data
    return SignUpData(
        language=get_language() or "",
        name=fields["full_name"],
        email=fields["email"],
        company=fields["company"],
        phone=str(fields["phone"].as_e164) if fields["phone"] else "",
        extension=fields["phone"].extension or "" if fields["phone"] else "",
        policy_version_id=_in_force(PolicyCode.PRIVACY),
        terms_version_id=_in_force(PolicyCode.TERMS),
        wording_ids=form.wording_ids,
        attribution=asdict(paid_visit) if paid_visit else None,
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
    # After an error a box stays ticked only beside the same words: new words have to be read first.
    return {"field": field, "key": key, "text": words.text(channel), "is_on": field.value() == key}


def _unavailable(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    problem = _(
        "We cannot take sign-ups right now. Nothing that you typed is lost: please send the form "
        "again in a few minutes."
    )
    return _form_page(request, form, status=503, problem=problem, retry_after=60)


def _refused_link(
    request: HttpRequest, token: str, refusal: tokens.TokenRefused, *, at: datetime
) -> HttpResponse:
    """An unknown link gets 404; a used or expired one 410, with a button for a new link."""
    sign_up = _sign_up_of(refusal)
    if sign_up is None:
        return _unknown_link(request)
    if trial := SignUp.objects.trial_of(sign_up.email):
        return _already_confirmed(request, trial, at=at)
    return render(request, "trial/expired_link.html", {"token": token}, status=410)


def _sign_up_of(refusal: tokens.TokenRefused) -> SignUp | None:
    """The sign-up of a refused link; None if the link is unknown, or its sign-up deleted."""
    if refusal.token is None:
        return None
    return SignUp.objects.filter(pk=refusal.token.subject).first()


def _unknown_link(request: HttpRequest) -> HttpResponse:
    return render(request, "trial/unknown_link.html", status=404)


def _already_confirmed(request: HttpRequest, trial: SignUp, *, at: datetime) -> HttpResponse:
    context = {"trial": trial, "is_running": trial.is_running(at=at)}
    return render(request, "trial/already_confirmed.html", context, status=410)
