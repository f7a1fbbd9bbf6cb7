"""What becomes of a form of the admin whose sender is signed out, or whose token is old.

A form with fields gets a page that holds them. A button alone leads to the login, and from there to
the page that it is on.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from consent.gate.staff_pages import is_staff_page

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


class UnsentMiddleware:
    """Answers a form that its sender may not send any more, before the view would lose it."""

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
        if not _is_form(request) or admin.site.has_permission(request):
            return None
        if is_kept(request):
            return page(request)
        # The address of a button may answer no GET: after the login comes the page that it is on.
        return redirect_to_login(_page_of_form(request), reverse("admin:login"))


def is_kept(request: HttpRequest) -> bool:
    """Whether the request is a form of the admin with fields, and without a password or a code."""
    names = set(request.POST) - {_TOKEN} if _is_form(request) else set()
    return bool(names) and not any("password" in name for name in names)


def _is_form(request: HttpRequest) -> bool:
    """Whether it is a form of the admin that only somebody who is signed in may send: any but those
    of the login and the second step."""
    if request.method != "POST" or not is_staff_page(request):
        return False
    return not request.path.startswith((reverse("admin:login"), reverse("admin:second_step")))


def _page_of_form(request: HttpRequest) -> str:
    """The page with the form that a request sends; the admin, if the browser does not say."""
    origin, _slashes, path = request.headers.get("Referer", "").partition(
        f"//{request.get_host()}/"
    )
    return f"/{path}" if origin in {"http:", "https:"} else reverse("admin:index")


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
