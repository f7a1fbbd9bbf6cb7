"""Keeps rendered pages in memory, by everything that decides what they show."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpResponse
from django.urls import ResolverMatch
from django.utils.cache import patch_vary_headers

from consent.choice.request import ConsentRequest
from consent.gate.staff_pages import is_staff_page
from content.private_pages import is_private_page
from pricing.currency import currency_of
from voipstudio.web.caching.compression import CompressedBody, encoding_for

MAX_PAGES = 500
Kept = TypeVar("Kept")


class RecentlyUsed(Generic[Kept]):
    """A memory for at most MAX_PAGES values: the one that nobody has asked for longest goes."""

    def __init__(self) -> None:
        self.values: OrderedDict[Hashable, Kept] = OrderedDict()
        self.lock = threading.Lock()

    def take(self, key: Hashable) -> Kept | None:
        with self.lock:
            value = self.values.get(key)
            if value is not None:
                self.values.move_to_end(key)
            return value

    def keep(self, key: Hashable, value: Kept) -> None:
        with self.lock:
            self.values[key] = value
            while len(self.values) > MAX_PAGES:
                self.values.popitem(last=False)


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
    """Keeps whole pages by `page_key`, and notes on the request that its page is a kept one.

    It is the innermost middleware: cookies and headers of one visitor are added outside it.
    """

    def __init__(self, get_response: Callable[[ConsentRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages: RecentlyUsed[_KeptPage] = RecentlyUsed()

    def __call__(self, request: ConsentRequest) -> HttpResponse:
        request.kept_page_key = None
        key = page_key(request)
        page = self.pages.take(key) if key else None
        if page is None:
            response = self.get_response(request)
            if not key or is_private_page(request) or not _is_keepable(response):
                return response
            page = _KeptPage(
                CompressedBody(response.content), response["Content-Type"], request.resolver_match
            )
            self.pages.keep(key, page)
        request.kept_page_key = key
        return page.answer(request)


def page_key(request: ConsentRequest) -> Hashable | None:
    """Everything that decides what a page shows; None for a request whose page is not kept.

    The choice is in it by its meaning. It holds nothing of one visitor.
    """
    is_kept = request.method in {"GET", "HEAD"} and not is_staff_page(request)
    if not is_kept or request.content_serial is None:
        return None
    return (
        request.path,
        request.consent.page_key,
        request.GET.get("ask") == "open",
        currency_of(request),
        request.content_serial,
    )


def _is_keepable(response: HttpResponse) -> bool:
    """Whether every visitor with the same key gets this page."""
    is_page = response["Content-Type"].startswith("text/html") and response.status_code == 200
    # Only the body is kept. A cookie is for one visitor; Cache-Control says not to keep the page.
    is_special = response.cookies or {"Cache-Control", "Set-Cookie"} & {*response.headers}
    return is_page and not is_special
