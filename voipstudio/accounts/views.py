"""The pages of the second step: taking it at a login, and setting it up."""

from base64 import b32encode
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from voipstudio.accounts import factors, login, passkeys
from voipstudio.accounts.limits import TooManyGuesses

View = Callable[..., HttpResponse]

_NEW_KEY = "new_app_key"
# With fewer codes than this, each login says so.
FEW_CODES = 3


def _lets_in(may_enter: Callable[[Any], bool]) -> Callable[[View], View]:
    """Open a page to those who may enter; lead the others to the login."""

    def decorator(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may_enter(request.user):
                return redirect_to_login(request.get_full_path(), reverse("admin:login"))
            return view(request, *args, **kwargs)

        return guarded

    return decorator


after_password = _lets_in(factors.has_still_to_verify)
for_set_up = _lets_in(factors.may_set_up)


class AppForm(forms.Form):
    """The first code of a new app: proof that it has the key."""

    code = forms.CharField(
        label=gettext_lazy("Code from the app"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


# --- At a login


@after_password
def second_step(request: HttpRequest) -> HttpResponse:
    """Asks for a code, and offers the passkeys of the person."""
    form = login.SecondStepForm(request.POST or None)
    retry_after = 0
    if form.is_valid():
        at = timezone.now()
        try:
            device = login.device_of_code(request, form.cleaned_data["code"], at=at)
        except TooManyGuesses as refusal:
            retry_after = login.seconds_until(refusal.until, at=at)
            form.add_error(None, login.too_many_guesses(retry_after))
        else:
            if device is not None:
                return redirect(_enter(request, device))
            is_app_code = factors.app_code_in(form.cleaned_data["code"]) is not None
            form.add_error("code", _wrong_code() if is_app_code else _wrong_recovery_code())
    user = factors.signed_in(request)
    context = {
        "form": form,
        "has_app": factors.app_of(user) is not None,
        "has_passkeys": settings.HAS_PASSKEYS and bool(factors.passkeys_of(user)),
    }
    status = 429 if retry_after else 422 if form.errors else 200
    response = _page(request, "second_step", _("Second step"), context, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


@require_POST
@after_password
def passkey_options(request: HttpRequest) -> HttpResponse:
    _require_passkeys()
    user = factors.signed_in(request)
    return JsonResponse(passkeys.options_to_sign_in(request.session, user, at=timezone.now()))


@require_POST
@after_password
def passkey_answer(request: HttpRequest) -> HttpResponse:
    """Lets in whoever has the passkey. Answers the script of the page, which then opens `next`."""
    _require_passkeys()
    user = factors.signed_in(request)
    try:
        passkey = passkeys.passkey_that_signed(
            request.session, user, answer=request.POST.get("answer", ""), at=timezone.now()
        )
    except passkeys.WrongAnswer:
        return JsonResponse({}, status=422)
    return JsonResponse({"next": _enter(request, passkey)})


@require_POST
@never_cache
def start_again(request: HttpRequest) -> HttpResponse:
    """Forget the password that was right, for somebody who wants to sign in as another person."""
    logout(request)
    return redirect("admin:login")


def _enter(request: HttpRequest, device: Any) -> str:
    """Open the admin. Returns the page to show: that of the devices after a recovery code."""
    page = login.remembered_page(request)
    user = factors.signed_in(request)
    factors.sign_in_with(request, device)
    left = factors.number_of_recovery_codes(user)
    if left < FEW_CODES:
        sentence = ngettext(
            "You have %(number)d recovery code left. Make a new set below “Second step”.",
            "You have %(number)d recovery codes left. Make a new set below “Second step”.",
            left,
        )
        messages.warning(request, sentence % {"number": left})
    if not isinstance(device, StaticDevice):
        return page
    messages.info(request, _("If your device is lost, remove it here, and set up another one."))
    return reverse("admin:factors")


# --- Setting it up


@require_safe
@for_set_up
def overview(request: HttpRequest) -> HttpResponse:
    """The second steps of the person, and what they can add."""
    user = factors.signed_in(request)
    app, devices = factors.app_of(user), factors.passkeys_of(user)
    context = {
        "app": app,
        "passkeys": devices,
        "has_passkeys": settings.HAS_PASSKEYS,
        "has_second_step": factors.has_second_step(user),
        "has_last_one": len(devices) + bool(app) == 1,
        "number_of_codes": factors.number_of_recovery_codes(user),
        "is_required": settings.SECOND_STEP_REQUIRED,
    }
    return _page(request, "overview", _("Second step of your login"), context)


@for_set_up
def set_up_app(request: HttpRequest) -> HttpResponse:
    """Shows the key as a picture and as text; a code of the app proves that it has the key."""
    key: str = request.session.setdefault(_NEW_KEY, default_key())
    form = AppForm(request.POST or None)
    if form.is_valid():
        code = factors.app_code_in(form.cleaned_data["code"])
        time_step = factors.time_step_of(key, code) if code else None
        if time_step is not None:
            del request.session[_NEW_KEY]
            factors.add_app(request, key, time_step=time_step)
            return redirect("admin:recovery_codes")
        form.add_error("code", _wrong_code())
    address = TOTPDevice(user=factors.signed_in(request), key=key).config_url
    context = {"form": form, "picture": _picture_of(address), "key": _in_fours(key)}
    status = 422 if form.errors else 200
    return _page(request, "app", _("Set up an authenticator app"), context, status=status)


@require_POST
@for_set_up
def new_passkey_options(request: HttpRequest) -> HttpResponse:
    _require_passkeys()
    user = factors.signed_in(request)
    return JsonResponse(passkeys.options_to_add(request.session, user, at=timezone.now()))


@require_POST
@for_set_up
def add_passkey(request: HttpRequest) -> HttpResponse:
    _require_passkeys()
    user = factors.signed_in(request)
    name = request.POST.get("passkey_name", "").replace("\x00", "").strip()[:64]
    try:
        passkey = passkeys.new_passkey(
            request.session,
            user,
            answer=request.POST.get("answer", ""),
            name=name or _("Passkey"),
            at=timezone.now(),
        )
    except passkeys.WrongAnswer:
        return JsonResponse({}, status=422)
    factors.add_passkey(request, passkey)
    has_codes = factors.number_of_recovery_codes(user) > 0
    return JsonResponse({"next": reverse("admin:factors" if has_codes else "admin:recovery_codes")})


@require_POST
@for_set_up
def remove(request: HttpRequest) -> HttpResponse:
    if factors.remove(request, request.POST.get("device", "")):
        messages.success(request, _("It is removed. Your other sessions have ended."))
    return redirect("admin:factors")


@for_set_up
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """A POST makes a new set and shows it; nobody can see it again."""
    user = factors.signed_in(request)
    if not factors.has_second_step(user):
        return redirect("admin:factors")
    codes = factors.make_recovery_codes(request) if request.method == "POST" else []
    context = {
        "codes": codes,
        "number_of_codes": factors.number_of_recovery_codes(user),
        "next_page": login.remembered_page(request),
    }
    return _page(request, "recovery_codes", _("Recovery codes"), context)


@require_POST
@for_set_up
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    """The codes that the page shows, as a file. They come from the page: only hashes are stored."""
    lines = [_("Recovery codes for %(site)s. Each is good once.") % {"site": settings.SITE_HOST}]
    lines += [
        code[:64] for code in request.POST.getlist("code")[: factors.NUMBER_OF_RECOVERY_CODES]
    ]
    headers = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
    return HttpResponse(
        "\r\n".join([*lines, ""]), content_type="text/plain; charset=utf-8", headers=headers
    )


def _page(
    request: HttpRequest, name: str, title: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"admin/second_step/{name}.html", context, status=status)


def _require_passkeys() -> None:
    if not settings.HAS_PASSKEYS:
        raise Http404


def _picture_of(address: str) -> str:
    """A QR code as an SVG element without a style: the Content-Security-Policy allows none."""
    # Here, because only a colleague who sets up an app needs it.
    import segno

    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(scale=4, dark="#000", light="#fff", border=4)
    return mark_safe(svg)  # noqa: S308 - made of squares by segno; it holds no text


def _in_fours(key: str) -> str:
    """The key as apps take it by hand: base 32, in groups of four letters."""
    letters = b32encode(bytes.fromhex(key)).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _wrong_code() -> str:
    return _("This code is not right, or was used before. Wait for the next one, and type that.")


def _wrong_recovery_code() -> str:
    return _("This recovery code is not right, or was used before. Check it, or type another one.")
