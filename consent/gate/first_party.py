"""First-party cookies that other apps own and declare in their `cookies.py`.

Only this module sets them, after a grant and on later visits. It runs outside the page cache, so
that no kept page holds a visitor's cookie (I13).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from consent.choice.choice import Choice
from consent.choice.visit import Visit
from consent.registry.registry import Registry


@dataclass(frozen=True)
class FirstPartyCookie:
    """One cookie: its name in the registry, its group, and what computes its value for a visit."""

    name: str
    group: str
    value: Callable[[HttpRequest, Visit], str | None]  # None sets nothing
    # A quick look at a request: False only where `value` is None for it.
    may_be_due: Callable[[HttpRequest], bool]


_cookies: list[FirstPartyCookie] = []


def register(cookie: FirstPartyCookie) -> None:
    """Declare a cookie that the calling app owns."""
    _cookies.append(cookie)


def declared() -> tuple[FirstPartyCookie, ...]:
    return tuple(_cookies)


def may_be_due(request: HttpRequest, *, choice: Choice) -> bool:
    """Whether `set_cookies` may set a cookie on the answer to a GET of a public page."""
    return any(choice.is_granted(c.group) and c.may_be_due(request) for c in _cookies)


def set_cookies(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    visit: Visit,
    choice: Choice,
    registry: Registry,
) -> None:
    """Set each cookie that the visitor granted and whose app has a value for this visit.

    `cookie.group` is the group that the owning app relies on. Where staff moved the cookie to
    another group, the guard drops it unless that group is granted too (consent.W001 warns).
    """
    for cookie in _cookies:
        declared = registry.find(cookie.name)
        if declared is None or declared.max_age_seconds is None:
            continue
        if not (choice.is_granted(cookie.group) and declared.provider.is_confirmed):
            continue
        value = cookie.value(request, visit)
        if value is not None:
            response.set_cookie(
                cookie.name,
                value,
                max_age=declared.max_age_seconds,
                secure=settings.IS_HTTPS,
                httponly=True,
                samesite="Lax",
            )
