"""A visit to a page: what the app that owns a first-party cookie may read of the request."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Visit:
    """One view of a page, or a grant made on it: its address, and the site that led to it."""

    path: str
    query: str
    referrer_origin: str  # empty where the visitor came from this site, or from nowhere known

    @property
    def parameters(self) -> Mapping[str, str]:
        """The first value of each parameter of the query."""
        pairs = parse_qs(self.query, max_num_fields=200, errors="replace")
        return {name: values[0] for name, values in pairs.items()}


def visit_of(request: HttpRequest) -> Visit:
    """The visit that a GET request makes."""
    return Visit(
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        referrer_origin=foreign_origin(request, request.headers.get("Referer", "")),
    )


def foreign_origin(request: HttpRequest, address: str) -> str:
    """The origin of another site's address; empty for our own, and for text that is no address."""
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
