"""Pages whose address or body holds a token or a person's data: nobody else hears of them (I15).

They name no third party, whatever is granted; are kept nowhere; send at most the origin as
referrer; and ask nothing about cookies, as nothing optional can run on them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from consent.choice.choice import Choice
from consent.gate.staff_pages import is_staff_page

View = TypeVar("View", bound=Callable[..., HttpResponse])
_MARK = "is_private_page"


def private_page(view: View) -> View:
    """Mark a view whose pages are private, those of its errors included. Outermost decorator."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        setattr(request, _MARK, True)
        return view(request, *args, **kwargs)

    setattr(marked, _MARK, True)
    return cast(View, marked)


def is_private_page(request: HttpRequest) -> bool:
    """Whether the view that answers is private, also where it was never reached."""
    match = getattr(request, "resolver_match", None)
    return any(getattr(marked, _MARK, False) for marked in (request, match and match.func))


def third_party_groups(request: HttpRequest) -> frozenset[str]:
    """The granted groups whose hosts and tags this page may name."""
    choice: Choice = getattr(request, "consent", Choice())  # absent where a middleware failed
    if is_staff_page(request) or is_private_page(request):
        return frozenset()
    return choice.granted
