"""The guard (I2: fail closed) drops every outgoing cookie that this visitor did not grant.

It is outside everything that sets a cookie; only expiry.py, which removes some, is further out.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookies import Morsel

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from consent.choice.choice import Choice
from consent.gate.staff_pages import is_staff_page
from consent.registry import registry
from consent.registry.registry import Registry
from content.store import ContentUnavailable

logger = logging.getLogger(__name__)


class GuardMiddleware:
    """Lets expiring, necessary and granted cookies pass; drops and logs every other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Set-Cookie" in response.headers:
            # A header set past `response.cookies` can hold anything, so it never passes.
            del response.headers["Set-Cookie"]
            logger.error("Dropped a Set-Cookie header that was written by hand.")
        if response.cookies:
            self._guard(request, response)
        return response

    def _guard(self, request: HttpRequest, response: HttpResponse) -> None:
        # Without ConsentMiddleware (an error above it, say) nothing counts as granted.
        choice: Choice = getattr(request, "consent", Choice())
        try:
            declared = registry.current()
        except ContentUnavailable:
            declared = Registry()
        for key, morsel in list(response.cookies.items()):
            if _expires(morsel):
                continue
            if not _is_allowed(morsel, choice, declared, on_staff_page=is_staff_page(request)):
                del response.cookies[key]
                logger.error("Dropped the cookie %r: undeclared here, or not granted.", morsel.key)


def _is_allowed(
    morsel: Morsel[str], choice: Choice, declared: Registry, *, on_staff_page: bool
) -> bool:
    cookie = declared.find(morsel.key)
    if cookie is None:
        # While the registry cannot be loaded, a refusal must still be storable (I18).
        return not declared.groups and morsel.key == settings.CHOICE_COOKIE_NAME
    if cookie.is_staff_only:
        return on_staff_page
    return choice.permits(cookie)


def _expires(morsel: Morsel[str]) -> bool:
    """Whether the browser removes it at once. Max-Age wins over Expires (RFC 6265, 4.1.2)."""
    max_age = str(morsel["max-age"])
    if max_age:
        return max_age.lstrip("-").isdigit() and int(max_age) <= 0
    if not morsel["expires"]:
        return False
    try:
        return parsedate_to_datetime(morsel["expires"]) <= datetime.now(UTC)
    except (TypeError, ValueError):
        return False
