"""One host for the whole site, and redirects short enough for a proxy (I21)."""

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

# Proxies take 4,096 bytes of status line and headers. A query of a paid visit has about 500 bytes.
MAX_QUERY_BYTES = 1000
MAX_LOCATION_BYTES = 1500
# A health probe asks by the address of a container, and does not know the name of the site.
_PROBES = ("/healthz", "/readyz")


class AddressMiddleware:
    """Leads every other host to the one of SITE_ORIGIN, and shortens the addresses of redirects.

    The health addresses answer whatever the host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in _PROBES:
            request.META["HTTP_HOST"] = settings.CANONICAL_HOST or settings.SITE_HOST
        elif _is_at_other_host(request):
            address = f"{settings.SITE_ORIGIN}{request.get_full_path()}"
            return _shorten(HttpResponsePermanentRedirect(address, preserve_request=True))
        return _shorten(self.get_response(request))


def _is_at_other_host(request: HttpRequest) -> bool:
    """Whether the request names another host of this site. Django refuses unknown hosts later."""
    host = request.headers.get("Host", "").lower()
    return (
        bool(settings.CANONICAL_HOST)
        and host != settings.CANONICAL_HOST
        and host.partition(":")[0] in settings.ALLOWED_HOSTS
    )


def _shorten(response: HttpResponse) -> HttpResponse:
    """Lead to the address without a long query; to the home page, where it is too long even so."""
    address = response.headers.get("Location")
    if address is None:
        return response
    parts = urlsplit(address)
    if len(parts.query) > MAX_QUERY_BYTES:
        address = urlunsplit(parts._replace(query=""))
    response["Location"] = address if len(address) <= MAX_LOCATION_BYTES else "/"
    return response
