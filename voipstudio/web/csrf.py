"""Protection against forged requests (CSRF): Django's own in the admin, without a cookie elsewhere.

Public pages may set no cookie before a choice (I1), so django-modern-csrf checks Sec-Fetch-Site
there (Fetch Metadata), or the Origin header of browsers that do not send it.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from modern_csrf.middleware import ModernCsrfViewMiddleware

from consent.gate.staff_pages import is_staff_page

View = Callable[..., HttpResponseBase]


class PublicCsrfMiddleware(ModernCsrfViewMiddleware):
    """Checks the headers of requests to public pages."""

    def process_view(
        self, request: HttpRequest, callback: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if is_staff_page(request):
            return None
        response: HttpResponse | None = super().process_view(request, callback, args, kwargs)
        return response


class AdminCsrfMiddleware(CsrfViewMiddleware):
    """Checks the token of requests under /admin/. The token needs a cookie."""

    def process_request(self, request: HttpRequest) -> None:
        if is_staff_page(request):
            super().process_request(request)

    def process_view(
        self, request: HttpRequest, callback: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseForbidden | None:
        if not is_staff_page(request):
            return None
        return super().process_view(request, callback, args, kwargs)
