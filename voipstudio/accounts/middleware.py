"""Middleware of the admin: who reaches it, when a session ends, passwords that cannot wait."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import ngettext

from consent.gate.staff_pages import is_staff_page
from privacy.client_address import client_address
from voipstudio.accounts import sessions
from voipstudio.accounts.hashers import HashingBusy
from voipstudio.accounts.login import SECONDS_UNTIL_NOT_BUSY
from voipstudio.accounts.networks import may_reach_admin
from voipstudio.web import error_pages

GetResponse = Callable[[HttpRequest], HttpResponse]


class AdminNetworksMiddleware:
    """Answers 404 to clients outside ADMIN_NETWORKS.

    It keeps the login shut; it does not hide that there is an admin.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without its last slash the address would be led to the admin.
        is_of_admin = f"{request.path}/".startswith(settings.ADMIN_PREFIX)
        if not is_of_admin or may_reach_admin(client_address(request)):
            return self.get_response(request)
        response = error_pages.error_page(request, 404)
        add_never_cache_headers(response)
        return response


class StaffSessionMiddleware:
    """Ends sessions that are over, before anything asks who is signed in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_staff_page(request):
            try:
                _keep_or_end_session(request)
            except (OperationalError, InterfaceError):
                return error_pages.database_unavailable(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A change of password, say. The login answers with its own page: see login.py."""
        if not isinstance(exception, HashingBusy):
            return None
        response = error_pages.error_page(request, 503, words="busy")
        response["Retry-After"] = str(SECONDS_UNTIL_NOT_BUSY)
        return response


def _keep_or_end_session(request: HttpRequest) -> None:
    at = timezone.now()
    if not sessions.is_signed_in(request.session):
        return
    if not sessions.is_idle(request.session, at=at):
        sessions.note_request(request.session, at=at)
        return
    logout(request)
    sentence = ngettext(
        "You are signed out, because there was no request for %(number)d minute.",
        "You are signed out, because there was no request for %(number)d minutes.",
        settings.ADMIN_IDLE_MINUTES,
    )
    messages.info(request, sentence % {"number": settings.ADMIN_IDLE_MINUTES})
