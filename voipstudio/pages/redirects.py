"""Old addresses that staff lead to pages of today; asked only where there is no page."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.http import HttpRequest, HttpResponsePermanentRedirect

from content import store
from voipstudio.models import Redirect


def answer(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    """Lead from an old address to its page, with the query: it may tell of a paid visit."""
    try:
        redirects: Mapping[str, str] = store.current()["redirects"]
    except store.ContentUnavailable:
        return None
    target = redirects.get(request.path) or redirects.get(f"{request.path}/")
    if target is None or request.method not in {"GET", "HEAD"}:
        return None
    path, mark, fragment = target.partition("#")
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}{mark}{fragment}" if query else target)


def _read() -> dict[str, str]:
    return dict(Redirect.objects.values_list("old_path", "new_path"))


def _build(rows: dict[str, str], at: datetime) -> Mapping[str, str]:
    return MappingProxyType(rows)


SOURCE = store.Source("redirects", _read, _build)
