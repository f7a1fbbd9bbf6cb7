"""One host for the whole site, and redirects short enough for a proxy (I21)."""

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

# Proxies take 4,096 bytes of status line and headers. A query of a paid visit has about 500 bytes.
MAX_QUERY_BYTES = 1000
MAX_LOCATION_BYTES = 1500
# The health probe asks gunicorn directly, without the host name of the site.
_PROBES = ("/healthz", "/readyz")


class AddressMiddleware:
    """Leads every other host to the one of SITE_ORIGIN, and shortens the addresses of redirects."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_at_other_host(request):
            address = f"{settings.SITE_ORIGIN}{request.get_full_path()}"
            response: HttpResponse = HttpResponsePermanentRedirect(address, preserve_request=True)
        else:
            response = self.get_response(request)
        if "Location" in response.headers:
            response["Location"] = _shortened(response["Location"])
        return response


def _is_at_other_host(request: HttpRequest) -> bool:
    """Whether the request names another host of this site. Django refuses unknown hosts later."""
    host = request.headers.get("Host", "").lower()
    return (
        bool(settings.CANONICAL_HOST)
        and host != settings.CANONICAL_HOST
        and host.partition(":")[0] in settings.ALLOWED_HOSTS
        and request.path not in _PROBES
    )


def _shortened(address: str) -> str:
    """The address without a long query; the home page, where it is too long even so."""
    parts = urlsplit(address)
    if len(parts.query) > MAX_QUERY_BYTES:
        address = urlunsplit(parts._replace(query=""))
    return address if len(address) <= MAX_LOCATION_BYTES else "/"
