"""What is not granted does not stay: cookies of ungranted groups expire on the next response."""

import re
from collections.abc import Iterator
from datetime import datetime
from http.cookies import Morsel
from itertools import product

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.encoding import escape_uri_path

from consent.choice.choice import Choice
from consent.registry.registry import Registry

# Proxies refuse a response whose headers are larger than their buffer, often 4 KB in all.
MAX_BYTES = 2500
# No page of ours, now or of an earlier site, lies deeper.
MAX_DEPTH = 8
# What a name consists of (RFC 6265, 4.1.1). Anybody can send another; none can be written back.
_NAME = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")

# Name, domain (empty for the host alone) and path: what a browser tells cookies apart by.
Place = tuple[str, str, str]


def expire_ungranted(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    choice: Choice,
    registry: Registry,
    at: datetime,
) -> None:
    """Expire every cookie of this request that is, or ever was, of a group not granted (I7).

    A request shows only the name of a cookie: so it is expired on every domain and path that the
    browser can have sent it from (RFC 6265, 5.4). Places at the root, where nearly all live, come
    first; what MAX_BYTES leaves no room for takes its turn, by the second, on later responses.
    """
    doomed = _doomed(request, response, choice=choice, registry=registry)
    if not doomed:
        return
    room = MAX_BYTES
    for place in dict.fromkeys(_places(request, doomed, turn=int(at.timestamp()))):
        morsel = _expired(place)
        room -= len(morsel.OutputString())
        if room < 0 and room + len(morsel.OutputString()) < MAX_BYTES:
            return
        # A response keeps its cookies by name; by their place, all of one name are sent.
        response.cookies[";".join(place)] = morsel


def _places(request: HttpRequest, doomed: list[Place], *, turn: int) -> Iterator[Place]:
    """Where they may live: the declared domains, then the root, then deeper paths in turn."""
    names = sorted({name for name, _domain, _path in doomed})
    domains = _domains(request)
    root, *deeper = _paths(request)
    yield from (place for place in doomed if place[1])
    yield from product(names, domains, [root])
    later = list(product(domains, deeper))
    for offset in range(len(later)):
        domain, path = later[(turn + offset) % len(later)]
        yield from ((name, domain, path) for name in names)


def _doomed(
    request: HttpRequest, response: HttpResponseBase, *, choice: Choice, registry: Registry
) -> list[Place]:
    """The cookies of this request that are not granted, where the registry says they live."""
    return [
        (name, row.domain, row.path)
        for name in request.COOKIES
        if name not in response.cookies and _NAME.fullmatch(name)
        for row in registry.once_declared
        if row.matches(name) and not _is_granted(name, choice, registry)
    ]


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


def _paths(request: HttpRequest) -> Iterator[str]:
    """Every path above the one asked for, as the browser writes them: percent-encoded."""
    yield "/"
    path = ""
    for part in escape_uri_path(request.path).strip("/").split("/")[:MAX_DEPTH]:
        if part:
            path += f"/{part}"
            yield path
            yield f"{path}/"


def _expired(place: Place) -> Morsel[str]:
    """One expiring cookie, in few bytes. Secure, or the browser keeps one that was set so."""
    name, domain, path = place
    morsel: Morsel[str] = Morsel()
    morsel.set(name, "", "")
    morsel["max-age"] = 0
    morsel["path"] = path
    morsel["domain"] = domain
    morsel["secure"] = settings.IS_HTTPS
    return morsel
