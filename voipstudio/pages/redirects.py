"""Redirects from old addresses. Only the 404 handler asks for them, so a page always wins."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponsePermanentRedirect

from content import store
from content.paths import decoded
from voipstudio.models import Redirect


def answer(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    """A redirect with the visitor's query: it may hold the click id of an ad."""
    try:
        redirects: Mapping[str, str] = store.current()["redirects"]
    except store.ContentUnavailable:
        return None
    path = decoded(request.path)
    target = redirects.get(path) or redirects.get(f"{path}/")
    # Browsers repeat a redirected POST as a GET, without its body (RFC 9110, 15.4.2).
    if target is None or request.method not in {"GET", "HEAD"}:
        return None
    page = urlsplit(target)
    # The visitor's own query comes last: of two values for one name the last one counts.
    queries = filter(None, [page.query, request.META.get("QUERY_STRING", "")])
    return HttpResponsePermanentRedirect(page._replace(query="&".join(queries)).geturl())


def _read() -> dict[str, str]:
    return dict(Redirect.objects.values_list("old_path", "new_path"))


def _build(rows: dict[str, str], at: datetime) -> Mapping[str, str]:
    # Rows that were saved with escapes, or by SQL, count as well.
    return MappingProxyType({decoded(old_path): page for old_path, page in rows.items()})


SOURCE = store.Source("redirects", _read, _build)
