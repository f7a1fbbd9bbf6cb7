"""Redirects from old addresses. Only the 404 handler asks for them, so a page always wins."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.http import HttpRequest, HttpResponsePermanentRedirect

from content import store
from voipstudio.models import Redirect


def answer(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    """A redirect with the visitor's query: it may hold the click id of an ad."""
    try:
        redirects: Mapping[str, str] = store.current()["redirects"]
    except store.ContentUnavailable:
        return None
    target = redirects.get(request.path) or redirects.get(f"{request.path}/")
    # Browsers repeat a redirected POST as a GET, without its body (RFC 9110, 15.4.2).
    if target is None or request.method not in {"GET", "HEAD"}:
        return None
    path, hash_sign, fragment = target.partition("#")
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(
        f"{path}?{query}{hash_sign}{fragment}" if query else target
    )


def _read() -> dict[str, str]:
    return dict(Redirect.objects.values_list("old_path", "new_path"))


def _build(rows: dict[str, str], at: datetime) -> Mapping[str, str]:
    return MappingProxyType(rows)


SOURCE = store.Source("redirects", _read, _build)
