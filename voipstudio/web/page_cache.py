"""Keeps rendered pages in memory, and tells shared caches what they may keep (I13: no page of one
visitor reaches another)."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import ResolverMatch
from django.utils.cache import patch_vary_headers

from consent.choice.request import ConsentRequest
from consent.gate import tags
from consent.gate.staff_pages import is_staff_page
from consent.gate.third_parties import third_party_groups
from content import store
from content.private_pages import is_private_page
from pricing.currency import currency_of
from voipstudio.web.compression import CompressedBody, encoding_for

MAX_PAGES = 500
# How long a shared cache may show the page from before a change.
SHARED_SECONDS = 10
_PUBLIC = f"public, max-age=0, s-maxage={SHARED_SECONDS}"
_PRIVATE = "private, no-cache"
# For pages of one person (I15: a page with a token is stored nowhere), and for pages with tags (I7:
# such a page is fetched again when the visitor goes back to it).
_NEVER = "private, no-store"


@dataclass(frozen=True)
class _KeptPage:
    """A rendered page, compressed once for all visitors."""

    body: CompressedBody
    content_type: str
    resolver_match: ResolverMatch | None

    def answer(self, request: ConsentRequest) -> HttpResponse:
        request.resolver_match = self.resolver_match  # Django has not looked for the view
        encoding = encoding_for(request)
        response = HttpResponse(self.body.encoded(encoding), content_type=self.content_type)
        patch_vary_headers(response, ["Accept-Encoding"])
        if encoding:
            response["Content-Encoding"] = encoding
        return response


class PageCacheMiddleware:
    """Keeps whole pages by everything that decides what they show: see `_key`.

    It is the innermost middleware: cookies and headers of one visitor are added outside it.
    """

    def __init__(self, get_response: Callable[[ConsentRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages: OrderedDict[Hashable, _KeptPage] = OrderedDict()
        self.lock = threading.Lock()

    def __call__(self, request: ConsentRequest) -> HttpResponse:
        if is_staff_page(request):
            return self.get_response(request)
        key = _key(request)
        page = self._take(key) if key else None
        if page:
            return page.answer(request)
        response = self.get_response(request)
        if key and not is_private_page(request) and _is_keepable(response):
            page = _KeptPage(
                CompressedBody(response.content), response["Content-Type"], request.resolver_match
            )
            self._keep(key, page)
            return page.answer(request)
        return response

    def _take(self, key: Hashable) -> _KeptPage | None:
        with self.lock:
            if key in self.pages:
                self.pages.move_to_end(key)
            return self.pages.get(key)

    def _keep(self, key: Hashable, page: _KeptPage) -> None:
        with self.lock:
            self.pages[key] = page
            while len(self.pages) > MAX_PAGES:
                self.pages.popitem(last=False)


class CacheHeadersMiddleware:
    """Sets Vary and Cache-Control for caches between the site and the visitor.

    It is outside all middleware that makes pages, so that no page lacks these headers.
    """

    def __init__(self, get_response: Callable[[ConsentRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ConsentRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_staff_page(request):
            return response
        patch_vary_headers(response, ["Cookie", "Sec-GPC"])
        if is_private_page(request) or tags.google_tag(third_party_groups(request)):
            response["Cache-Control"] = _NEVER
        elif not response.has_header("Cache-Control"):
            response["Cache-Control"] = _cache_control(request, response)
        return response


def _cache_control(request: ConsentRequest, response: HttpResponse) -> str:
    is_plain = not request.headers.get("Cookie") and "Sec-GPC" not in request.headers
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    is_page = is_html and request.method in {"GET", "HEAD"} and response.status_code == 200
    return _PUBLIC if is_plain and is_page and not response.cookies else _PRIVATE


def _is_keepable(response: HttpResponse) -> bool:
    """Whether every visitor with the same key gets this page."""
    is_page = response["Content-Type"].startswith("text/html") and response.status_code == 200
    # Only the body is kept. A cookie is for one visitor; Cache-Control says not to keep the page.
    is_special = response.cookies or {"Cache-Control", "Set-Cookie"} & {*response.headers}
    return is_page and not is_special


def _key(request: ConsentRequest) -> Hashable | None:
    """Everything that decides what a page shows; None for a request whose page is not kept."""
    if request.method not in {"GET", "HEAD"}:
        return None
    try:
        currency = currency_of(request)
        serial = store.current().serial
    except store.ContentUnavailable:
        return None
    return (
        request.path,
        request.consent.page_key,
        request.GET.get("ask") == "open",
        currency,
        serial,
    )
