"""Protection against forged requests: without any token or cookie on public pages, stock in the admin.

Public: Fetch Metadata (Sec-Fetch-Site), else the Origin header, as django-modern-csrf checks them.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from modern_csrf.middleware import ModernCsrfViewMiddleware


def _is_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.ADMIN_PREFIX)


class PublicCsrfMiddleware(ModernCsrfViewMiddleware):
    """Everywhere but under /admin/."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        return None if _is_admin(request) else super().process_view(request, *args)


class AdminCsrfMiddleware(CsrfViewMiddleware):
    """Under /admin/ only: the stock token, which needs a cookie."""

    def process_request(self, request: HttpRequest) -> None:
        if _is_admin(request):
            super().process_request(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        return super().process_view(request, *args) if _is_admin(request) else None
