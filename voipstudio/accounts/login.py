"""The login: name and password, then the second step. Both answer 429 to anyone who guesses."""

import math
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_timedelta
from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth import login as auth_login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_otp.models import Device

from content import paths
from voipstudio.accounts import factors, limits, sessions
from voipstudio.accounts.hashers import HashingBusy
from voipstudio.accounts.limits import TooManyGuesses

SECONDS_UNTIL_NOT_BUSY = 3
# Addresses of the admin that answer, but are no page to land on.
_NO_PAGES = {
    "", "login", "logout", "jsi18n", "autocomplete", "second_step", "passkey_options",
    "passkey_answer", "start_again", "new_passkey_options", "add_passkey", "remove_factor",
    "recovery_file",
}  # fmt: skip
_NEXT_PAGE = "next_page"


class LoginForm(AdminAuthenticationForm):
    """Django's form. It counts the guess before it looks at the password."""

    # The status of the answer to a form that is not valid; the seconds of Retry-After, 0 for none.
    status = 200
    retry_after = 0

    def clean(self) -> dict[str, Any]:
        if not (self.cleaned_data.get("username") and self.cleaned_data.get("password")):
            return self.cleaned_data  # the fields say what is missing
        assert isinstance(self.request, HttpRequest)  # noqa: S101 - the view passes it
        at = timezone.now()
        try:
            guess = limits.count_guess(
                self.request,
                purpose="password",
                account=self.cleaned_data["username"].casefold(),
                at=at,
            )
        except TooManyGuesses as refusal:
            raise self._refused(refusal, at=at) from refusal
        try:
            cleaned: dict[str, Any] = super().clean()
        except HashingBusy as error:
            guess.was_not_looked_at()
            raise self._busy() from error
        guess.was_right()
        return cleaned

    def _refused(self, refusal: TooManyGuesses, *, at: datetime) -> forms.ValidationError:
        self.status, self.retry_after = 429, seconds_until(refusal.until, at=at)
        return forms.ValidationError(too_many_guesses(self.retry_after), code="refused")

    def _busy(self) -> forms.ValidationError:
        self.status, self.retry_after = 503, SECONDS_UNTIL_NOT_BUSY
        return forms.ValidationError(
            _("Several people are signing in at this moment. Please send the form once more."),
            code="busy",
        )


class Login(LoginView):
    """Name and password. Leads on to the second step, or to the page that was asked for."""

    template_name = "admin/login.html"
    authentication_form = LoginForm

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """The page that the login was asked for; empty if there is no such page."""
        return page_after_login(self.request)

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")

    def form_valid(self, form: Any) -> HttpResponseRedirect:
        at = timezone.now()
        sessions.forget_past(at=at)
        auth_login(self.request, form.get_user())
        sessions.begin(self.request.session, at=at)
        return redirect_onward(self.request, self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = form.status
        if form.retry_after:
            response["Retry-After"] = str(form.retry_after)
        return response


def redirect_onward(request: HttpRequest, page: str) -> HttpResponseRedirect:
    """Lead a person with the right password to the page, or to what they have to do before."""
    if not factors.lacks_second_step(request.user):
        return HttpResponseRedirect(page)
    request.session[_NEXT_PAGE] = page
    has_one = factors.has_second_step(factors.signed_in(request))
    return HttpResponseRedirect(reverse("admin:second_step" if has_one else "admin:factors"))


def remembered_page(request: HttpRequest) -> str:
    """The page that was asked for before the second step."""
    page: str = request.session.get(_NEXT_PAGE, reverse("admin:index"))
    return page


def page_after_login(request: HttpRequest) -> str:
    """The page of this site that `next` names, or "" (another host, no page, the login itself)."""
    asked = request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, ""))
    is_here = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    parts = urlsplit(asked) if is_here else None
    if parts is None or not paths.can_be_requested(paths.decoded(parts.path)):
        return ""
    # Without its host: the answer stays on the host that was asked.
    page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return page if _is_page(paths.decoded(parts.path)) else ""


def _is_page(path: str) -> bool:
    if not path.startswith(settings.ADMIN_PREFIX):
        return paths.is_page(path)
    try:
        match = resolve(path)
    except Resolver404:
        return False
    # The admin's last route takes every address, and has no name.
    return (match.url_name or "") not in _NO_PAGES


class SecondStepForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )


def device_of_code(request: HttpRequest, code: str, *, at: datetime) -> Device | None:
    """The app or the recovery codes of the person that this code belongs to. It is used up.

    Raises TooManyGuesses. Recovery codes are too long to be guessed: they let the owner in while
    somebody who knows the password uses up the codes of the app.
    """
    user = factors.signed_in(request)
    guess = limits.count_guess(request, purpose="code", account=str(user.pk), at=at)
    if app_code := factors.app_code_in(code):
        try:
            device: Device | None = _app_of_code(user, app_code, at=at)
        except TooManyGuesses:
            guess.was_not_looked_at()
            raise
    else:
        device = factors.use_recovery_code(user, code)
    if device is not None:
        guess.was_right()
    return device


def _app_of_code(user: User, digits: str, *, at: datetime) -> Device | None:
    guess = limits.count_app_code(user, at=at)
    app = factors.use_app_code(user, digits)
    if app is not None:
        guess.was_right()
    else:
        guess.was_wrong()
    return app


def seconds_until(moment: datetime, *, at: datetime) -> int:
    """Whole seconds, at least one."""
    return max(math.ceil((moment - at).total_seconds()), 1)


def too_many_guesses(seconds: int) -> str:
    """The sentence that says when to try again, in the language of the page."""
    # Minutes are rounded up: whoever comes back at the time that we name is let in.
    rounded = seconds if seconds < 60 else math.ceil(seconds / 60) * 60
    when = format_timedelta(
        timedelta(seconds=rounded),
        granularity="second" if seconds < 60 else "minute",
        threshold=1,
        add_direction=True,
        locale=get_language(),
    )
    return _("Too many attempts. Please try again %(when)s.") % {"when": when}
