"""The page that lists what the visitor's browser stores for this site, and deletes it.

It is a private page: no cache keeps it, and no tag on it stores anew what was just deleted. Nothing
that it shows is stored or logged.
"""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consent.choice.request import ConsentRequest
from consent.deletion import empty_storage, read_deletion
from consent.device.stored import patterns, stored_cookies
from consent.gate import expiry
from content.private_pages import private_page
from content.see_other import see_other
from content.store import ContentUnavailable


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def on_this_device(request: ConsentRequest) -> HttpResponse:
    """List what is stored; a POST deletes one cookie, or everything that is not necessary."""
    if not request.registry.groups:
        raise ContentUnavailable("Without the registry every cookie would be called undeclared.")
    return _delete(request) if request.method == "POST" else _page(request)


def _delete(request: ConsentRequest) -> HttpResponse:
    """Expire the cookies, and have the form sent again (307) to see whether they are gone.

    The answer after that says what is true: that nothing is left, or that something is.
    """
    names = _names_of_form(request)
    if names is None:
        problem = _("The form does not say what to delete. Please use a button of this page.")
        return _page(request, status=422, problem=problem)
    left = [name for name in names if name in request.COOKIES]
    deletion = read_deletion(tuple(filter(expiry.can_expire, left)), request.GET)
    response: HttpResponse
    if deletion.is_over:
        response = see_other(f"{request.path}#{'left' if left else 'deleted'}")
    else:
        request.deletion = deletion
        response = HttpResponseRedirect(f"{request.path}?{deletion.next_query}")
        response.status_code = 307  # the same form again (RFC 9110, 15.4.8)
    if "everything" in request.POST and "javascript" not in request.POST and not request.GET:
        # The script deletes by name what is not necessary. Without it only the browser can.
        empty_storage(response)
    return response


def _names_of_form(request: ConsentRequest) -> list[str] | None:
    """The names of the cookies to delete; None for a form that our page never sends."""
    if "everything" in request.POST:
        cookies = ((name, request.registry.find(name)) for name in request.COOKIES)
        return [name for name, cookie in cookies if cookie is None or not cookie.is_required]
    names = request.POST.getlist("stored")
    return names if len(names) == 1 and names[0] else None


def _page(request: ConsentRequest, *, status: int = 200, problem: str = "") -> HttpResponse:
    stored = stored_cookies(request)
    context = {
        "problem": problem,
        "stored": stored,
        "more": len(request.COOKIES) - len(stored),
        "patterns": patterns(request.registry),
    }
    return render(request, "consent/on_this_device.html", context, status=status)
