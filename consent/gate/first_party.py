"""First-party cookies that other apps own and declare in their `cookies.py`.

Only this module sets them: after a grant and on later views, outside the page cache.
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
    """One cookie: its registry name, its group, and its new value for a request, or None."""

    name: str
    group: str
    value: Callable[[HttpRequest, Visit], str | None]


_cookies: list[FirstPartyCookie] = []


def register(cookie: FirstPartyCookie) -> None:
    """Declare a cookie that the calling app owns."""
    _cookies.append(cookie)


def declared() -> tuple[FirstPartyCookie, ...]:
    return tuple(_cookies)


def set_cookies(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    visit: Visit,
    choice: Choice,
    registry: Registry,
) -> None:
    """Set what the visitor granted and the owning app has a value for."""
    for cookie in _cookies:
        row = registry.find(cookie.name)
        if row is None or row.max_age_seconds is None or not choice.allows(cookie.group):
            continue
        value = cookie.value(request, visit)
        if value is not None:
            response.set_cookie(
                cookie.name,
                value,
                max_age=row.max_age_seconds,
                secure=settings.IS_HTTPS,
                httponly=True,
                samesite="Lax",
            )
