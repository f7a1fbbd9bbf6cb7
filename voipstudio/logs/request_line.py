"""One line for each request: which page, how it ended, how long it took (I21)."""

import logging
import os
import re
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from django.conf import settings
from django.http import HttpRequest

from voipstudio.logs import lines

logger = logging.getLogger(__name__)

# RFC 9110, 9.1 and PATCH. A client may send any word as a method.
_METHODS = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
)
# Probes ask every few seconds; a line says only when something is wrong.
_PROBES = frozenset({"healthz", "readyz"})
# nginx makes such a number for each request, and writes it into its own line.
_REQUEST_ID = re.compile(r"[0-9a-f]{32}")


class HasStatus(Protocol):
    """What the line says of an answer."""

    @property
    def status_code(self) -> int: ...


Response = TypeVar("Response", bound=HasStatus)


class RequestLineMiddleware(Generic[Response]):
    """Numbers each request, and logs its route instead of its address.

    It is outside all other middleware, so that no answer lacks its line. Static files have none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Response]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Response:
        started = time.perf_counter()
        token = lines.request_id.set(_id_of(request))
        try:
            response = self.get_response(request)
            _log(request, response, seconds=time.perf_counter() - started)
        finally:
            lines.request_id.reset(token)
        return response


def _id_of(request: HttpRequest) -> str:
    """The number that the proxy gave; a new one where no proxy is trusted."""
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    return given if _REQUEST_ID.fullmatch(given) else os.urandom(16).hex()


def _log(request: HttpRequest, response: HasStatus, *, seconds: float) -> None:
    status, route = response.status_code, _route(request)
    is_file = request.path_info.startswith(settings.STATIC_URL)
    if status < 400 and (is_file or route in _PROBES):
        return
    fields = {
        "method": request.method if request.method in _METHODS else "OTHER",
        "route": "static" if is_file else route,
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
    }
    logger.log(logging.ERROR if status == 500 else logging.INFO, "request", extra=fields)


def _route(request: HttpRequest) -> str:
    """The name of the address, which holds nothing that the visitor typed."""
    match = request.resolver_match
    return match.view_name if match else "none"
