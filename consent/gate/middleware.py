"""Resolves the choice into `request.consent`; on the response, sets the granted cookies."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from consent.choice import choice
from consent.choice.request import ConsentRequest
from consent.choice.visit import Visit, visit_of
from consent.gate import first_party
from consent.gate.staff_pages import is_staff_page
from consent.registry.registry import Registry
from content import store
from content.private_pages import is_private_page
from content.store import ContentUnavailable


class ConsentMiddleware:
    """Resolves the choice once per request; then sets granted cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ConsentRequest) -> HttpResponse:
        read_choice(request)
        request.granted_visit = None
        request.deletion = None
        # The view may replace all three, when it stores a choice or deletes a cookie.
        response = self.get_response(request)
        if visit := request.granted_visit or _page_visit(request, response):
            first_party.set_cookies(
                request, response, visit=visit, choice=request.consent, registry=request.registry
            )
        return response


def read_choice(request: ConsentRequest) -> None:
    """Resolve the choice of a request once: it is the same for every middleware and the view."""
    if hasattr(request, "consent"):
        return
    # Without content the registry is empty: nothing is declared, so nothing is granted (I2).
    try:
        content = store.current()
        request.content_serial = content.serial
        request.registry = content["registry"]
        request.reconsent_version = content["reconsent_version"]
    except ContentUnavailable:
        request.content_serial = None
        request.registry = Registry()
        request.reconsent_version = None
    request.has_gpc_signal = _has_gpc_signal(request)
    request.consent = choice.resolve(
        value=request.COOKIES.get(settings.CHOICE_COOKIE_NAME),
        has_gpc_signal=request.has_gpc_signal,
        registry=request.registry,
        reconsent_version=request.reconsent_version,
        at=timezone.now(),
    )


def _has_gpc_signal(request: HttpRequest) -> bool:
    """Exactly "1" is the signal: https://www.w3.org/TR/gpc/#the-sec-gpc-header-field.

    A server joins a header that was sent twice with a comma (RFC 9110, 5.3): any "1" counts.
    """
    return "1" in [value.strip() for value in request.META.get("HTTP_SEC_GPC", "").split(",")]


def _page_visit(request: HttpRequest, response: HttpResponse) -> Visit | None:
    """The visit, where the response is a public page: nothing else may set a first-party cookie."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if (
        request.method == "GET"
        and response.status_code == 200
        and is_page
        and not is_staff_page(request)
        and not is_private_page(request)
    ):
        return visit_of(request)
    return None
