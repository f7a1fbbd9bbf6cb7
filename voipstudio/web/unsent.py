"""A form of the admin, sent without a valid session or token: a page that still holds it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from consent.gate.staff_pages import is_staff_page

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


class UnsentMiddleware:
    """Answers such a form by `page`: a redirect to the login would lose what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        if is_kept(request) and not admin.site.has_permission(request):
            return page(request)
        return None


def is_kept(request: HttpRequest) -> bool:
    """Whether the request is a form of the admin with fields, and without a password or a code."""
    if request.method != "POST" or not is_staff_page(request):
        return False
    is_login = request.path.startswith((reverse("admin:login"), reverse("admin:second_step")))
    names = set(request.POST) - {_TOKEN}
    return bool(names) and not is_login and not any("password" in name for name in names)


def is_from_our_admin(request: HttpRequest) -> bool:
    """Whether a page of this site sent it. A form of another site is never shown as ours."""
    origins = {settings.SITE_ORIGIN, f"{request.scheme}://{request.get_host()}"}
    return is_kept(request) and request.headers.get("Origin") in origins


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """403: nothing is saved, and a button sends the same fields again after a login."""
    fields = [
        (name, value) for name, values in request.POST.lists() for value in values if name != _TOKEN
    ]
    return render(request, "admin/unsent.html", {"fields": fields}, status=403)
