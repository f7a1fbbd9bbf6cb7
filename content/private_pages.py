"""Private pages: their address or body holds a token or a person's data (I15).

A private page names no third party, whatever is granted; no cache keeps it; it sends at most the
origin as referrer; and it shows no banner, as nothing optional can run on it. `consent` and
`voipstudio` see to that: an app marks its pages.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])
_MARK = "is_private_page"


def private_page(view: View) -> View:
    """Mark a view whose pages are private, its error pages too. Must be the outermost decorator."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        setattr(request, _MARK, True)
        return view(request, *args, **kwargs)

    setattr(marked, _MARK, True)
    return cast(View, marked)


def is_private_page(request: HttpRequest) -> bool:
    """Whether the page is a private one, also where a middleware answers instead of the view.

    The view marks the request; before it runs, its own mark shows through `resolver_match`.
    """
    match = getattr(request, "resolver_match", None)
    view = match.func if match else None
    return any(getattr(marked, _MARK, False) for marked in (request, view))
