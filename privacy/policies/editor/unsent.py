"""A draft that was sent without a valid session or token: a page that still holds its text."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


def keeps_text(view: View) -> View:
    """Answer a POST without a session by `page`: a redirect to the login would lose the text."""

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not admin.site.has_permission(request):
            return page(request)
        return view(request, *args, **kwargs)

    return keeping


def is_from_our_editor(request: HttpRequest) -> bool:
    """Whether a page of this site sent a draft. A form of another site is never shown as ours."""
    match = request.resolver_match
    is_editor = bool(match and match.view_name == "admin:privacy_policyversion_change")
    return is_editor and request.headers.get("Origin") == settings.SITE_ORIGIN


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """403: nothing is saved, and a button sends the same fields again after a login."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    return render(
        request, "admin/privacy/policyversion/unsent.html", {"fields": fields}, status=403
    )
