"""First-party cookies that other apps own and declare in their `cookies.py`.

Only this module sets them: after a grant and on later views, outside the page cache.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from consent.choice import Choice
from consent.registry import Registry


@dataclass(frozen=True)
class Visit:
    """One view of a page, or the grant given on it: the page's address and where it came from."""

    path: str
    query: str
    referrer_origin: str  # of another site, or empty

    @property
    def parameters(self) -> Mapping[str, str]:
        """The first value of each parameter of the query."""
        pairs = parse_qs(self.query, max_num_fields=200, errors="replace")
        return {name: values[0] for name, values in pairs.items()}


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


def visit_of(request: HttpRequest) -> Visit:
    """The view of the page that a GET asks for."""
    return Visit(
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        referrer_origin=foreign_origin(request, request.headers.get("Referer", "")),
    )


def foreign_origin(request: HttpRequest, address: str) -> str:
    """The origin of an address on another site; empty for our own, and for what is no address."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    if parts.netloc in {request.get_host(), urlsplit(settings.SITE_ORIGIN).netloc}:
        return ""
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
