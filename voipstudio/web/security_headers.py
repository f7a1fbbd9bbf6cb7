"""Security headers of every answer; the Content-Security-Policy follows the choice (I3: third-party
hosts only for granted groups)."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from consent.gate import hosts
from consent.gate.third_parties import third_party_groups
from content.private_pages import is_private_page

_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation",
        "gyroscope", "magnetometer", "microphone", "payment", "usb",
    )
)  # fmt: skip


class SecurityHeadersMiddleware(CSPMiddleware):
    """Adds the hosts of granted groups to the policy, on public pages only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response = super().process_response(request, response)
        if is_private_page(request):
            response.headers["Referrer-Policy"] = "strict-origin"
            response.headers["X-Robots-Tag"] = "noindex"
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not hosts.directives(third_party_groups(request)):
            # Google serves its script without CORP, so `require-corp` would block a granted tag.
            response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if opened := hosts.directives(third_party_groups(request)):
            parts.update = {**(parts.update or {}), **opened}
        return parts
