"""What is not granted does not stay: cookies of ungranted groups expire on the next response."""

import re
from collections.abc import Iterable
from itertools import chain, islice, product

from django.http import HttpRequest, HttpResponseBase
from django.utils.encoding import escape_uri_path

from consent.choice import Choice
from consent.registry import Registry

# Proxies cut off large headers. What is over this goes with the next response; "/" goes first.
MAX_HEADERS = 100
# What a name consists of (RFC 6265, 4.1.1). Anybody can send another; none can be written back.
_NAME = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")


def expire_ungranted(
    request: HttpRequest, response: HttpResponseBase, *, choice: Choice, registry: Registry
) -> None:
    """Expire every cookie of this request that is, or ever was, of a group not granted (I7).

    A cookie is told apart by name, domain and path, and a request shows only its name: so it is
    expired on every domain and path that the browser can have sent it from (RFC 6265, 5.4).
    """
    doomed = {
        name: (row.data["domain"], row.data["path"])
        for name in request.COOKIES
        if name not in response.cookies and _NAME.fullmatch(name)
        for row in registry.once_declared
        if row.matches(name) and not _is_granted(name, choice, registry)
    }
    if not doomed:
        return
    places = product(_paths(request), _domains(request))
    rows = ((name, domain, path) for path, domain in places for name in doomed)
    declared = ((name, domain, path) for name, (domain, path) in doomed.items() if domain)
    for name, domain, path in islice(chain(declared, rows), MAX_HEADERS):
        _expire(response, name, domain, path)


def _is_granted(name: str, choice: Choice, registry: Registry) -> bool:
    row = registry.find(name)
    return row is not None and (row.is_required or choice.allows(row.group))


def _domains(request: HttpRequest) -> list[str]:
    """The host alone, then each domain above it: a.example.pl, then .a.example.pl, .example.pl."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:
        return [""]
    return ["", *(".".join(labels[start:]) for start in range(len(labels) - 1))]


def _paths(request: HttpRequest) -> Iterable[str]:
    """Every path above the one asked for, as the browser writes them: percent-encoded."""
    yield "/"
    path = ""
    for part in escape_uri_path(request.path).strip("/").split("/"):
        if part:
            path += f"/{part}"
            yield path
            yield f"{path}/"


def _expire(response: HttpResponseBase, name: str, domain: str, path: str) -> None:
    """Add one expiring Set-Cookie. A response's cookies are keyed by name, so keep the others."""
    response.delete_cookie(name, path=path, domain=domain or None, samesite="Lax")
    morsel = response.cookies.pop(name)
    response.cookies[f"{name};{domain};{path}"] = morsel
