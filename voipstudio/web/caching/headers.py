"""What caches on the way to a visitor may keep (I13: no page of one visitor reaches another)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from consent.gate import tags
from consent.gate.staff_pages import is_staff_page
from consent.gate.third_parties import third_party_groups
from content.private_pages import is_private_page

# How long a shared cache may show the page from before a change (RFC 9111, 5.2.2.10), and how much
# longer while it fetches the new one or while the site does not answer (RFC 5861).
SHARED_SECONDS = 10
STALE_SECONDS = 10
STALE_SECONDS_OF_AN_ERROR = 60
_PUBLIC = (
    f"public, max-age=0, s-maxage={SHARED_SECONDS}, "
    f"stale-while-revalidate={STALE_SECONDS}, stale-if-error={STALE_SECONDS_OF_AN_ERROR}"
)
_PRIVATE = "private, no-cache"
# For pages of one person (I15: a page with a token is stored nowhere), and for pages with tags (I7:
# such a page is fetched again when the visitor goes back to it).
_NEVER = "private, no-store"


class CacheHeadersMiddleware:
    """Sets Vary and Cache-Control.

    It is outside all middleware that makes pages, so that no page lacks these headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_staff_page(request):
            return response
        patch_vary_headers(response, ["Cookie", "Sec-GPC"])
        if is_private_page(request) or tags.google_tag(third_party_groups(request)):
            response["Cache-Control"] = _NEVER
        elif not response.has_header("Cache-Control"):
            response["Cache-Control"] = _cache_control(request, response)
        return response


def has_nothing_of_a_visitor(request: HttpRequest) -> bool:
    """Whether the request brings no cookie and no signal: its page may be kept by shared caches."""
    return not request.META.get("HTTP_COOKIE") and "HTTP_SEC_GPC" not in request.META


def _cache_control(request: HttpRequest, response: HttpResponse) -> str:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    is_page = is_html and request.method in {"GET", "HEAD"} and response.status_code == 200
    is_for_all = has_nothing_of_a_visitor(request) and is_page and not response.cookies
    return _PUBLIC if is_for_all else _PRIVATE
