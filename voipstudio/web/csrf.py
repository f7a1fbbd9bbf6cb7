"""Protection against forged requests: stock in the admin; elsewhere without token or cookie.

There: Fetch Metadata (Sec-Fetch-Site), else the Origin header, as django-modern-csrf checks them.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from modern_csrf.middleware import ModernCsrfViewMiddleware

from consent.gate.staff_pages import is_staff_page

View = Callable[..., HttpResponseBase]


class PublicCsrfMiddleware(ModernCsrfViewMiddleware):
    """Everywhere but under /admin/."""

    def process_view(
        self, request: HttpRequest, callback: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if is_staff_page(request):
            return None
        response: HttpResponse | None = super().process_view(request, callback, args, kwargs)
        return response


class AdminCsrfMiddleware(CsrfViewMiddleware):
    """Under /admin/ only: the stock token, which needs a cookie."""

    def process_request(self, request: HttpRequest) -> None:
        if is_staff_page(request):
            super().process_request(request)

    def process_view(
        self, request: HttpRequest, callback: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseForbidden | None:
        if not is_staff_page(request):
            return None
        return super().process_view(request, callback, args, kwargs)
