"""Cookies that are not granted expire on the response to the request that brings them (I7)."""

import re
from collections.abc import Iterator
from datetime import datetime
from http.cookies import Morsel
from itertools import product

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.encoding import escape_uri_path

from consent.choice.choice import Choice
from consent.models import is_googles
from consent.registry.registry import Registry

# Proxies refuse a response whose headers do not fit their buffer, often 4,096 bytes (I21).
MAX_BYTES = 2500
# No page of this site, or of the sites before it, lies deeper.
MAX_DEPTH = 8
# A cookie name by RFC 6265, 4.1.1. A request can bring any bytes; other names cannot be sent back.
_NAME = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")

# Name, domain (empty for the host alone) and path: together they identify a cookie in a browser
# (RFC 6265, 5.3, step 11).
CookieIdentity = tuple[str, str, str]


def expire_ungranted(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    choice: Choice,
    registry: Registry,
    at: datetime,
) -> None:
    """Expire every optional cookie of this request that the visitor did not grant (I7).

    A request shows only the names of cookies, so each is expired on every domain and path that the
    browser can have sent it from (RFC 6265, 5.4). Where MAX_BYTES has no room for all of them, the
    order changes with every second, so that each has its turn on some later response.
    Cookies that only an earlier registry declared are expired too.
    """
    ungranted = _ungranted(request, response, choice=choice, registry=registry)
    if not ungranted:
        return
    used_bytes = 0
    for identity in dict.fromkeys(_identities(request, ungranted, turn=int(at.timestamp()))):
        morsel = _expired(identity)
        size = len(morsel.OutputString())
        if used_bytes and used_bytes + size > MAX_BYTES:  # the first is sent, however long
            return
        used_bytes += size
        # Under its name alone it would replace the same name on another domain or path.
        response.cookies[";".join(identity)] = morsel


def _identities(
    request: HttpRequest, ungranted: list[CookieIdentity], *, turn: int
) -> Iterator[CookieIdentity]:
    """Every cookie that may stand behind these names, the most likely first.

    First the declared domains, then the root path, where nearly all cookies live, then the deeper
    paths, beginning with another one on each turn.
    """
    names = sorted({name for name, _domain, _path in ungranted})
    domains = _domains(request)
    root, *deeper_paths = _paths(request)
    yield from (identity for identity in ungranted if identity[1])
    yield from product(names, domains, [root])
    deeper = list(product(domains, deeper_paths))
    for offset in range(len(deeper)):
        domain, path = deeper[(turn + offset) % len(deeper)]
        yield from ((name, domain, path) for name in names)


def _ungranted(
    request: HttpRequest, response: HttpResponseBase, *, choice: Choice, registry: Registry
) -> list[CookieIdentity]:
    """The cookies of this request that are not granted, on the domains and paths declared."""
    return [
        (name, declared.domain, declared.path)
        for name in request.COOKIES
        if name not in response.cookies and _NAME.fullmatch(name)
        for declared in registry.optional_cookies_ever_declared
        if declared.matches(name)
        and not is_googles(declared.domain)  # no answer of ours can expire those
        and not _is_permitted(name, choice, registry)
    ]


def _is_permitted(name: str, choice: Choice, registry: Registry) -> bool:
    """Whether the cookie may stay. The registry of today decides, not the one that declared it."""
    cookie = registry.find(name)
    return cookie is not None and choice.permits(cookie)


def _domains(request: HttpRequest) -> list[str]:
    """The host alone, then itself and each domain above it: "", a.example.pl, example.pl."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    labels = host.split(".")
    # No domain lies above an IP address, or above a host without a dot.
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:
        return [""]
    return ["", *(".".join(labels[start:]) for start in range(len(labels) - 1))]


def _paths(request: HttpRequest) -> Iterator[str]:
    """Every path that a cookie of this request can have, percent-encoded as browsers write them."""
    yield "/"
    path = ""
    for part in escape_uri_path(request.path).strip("/").split("/")[:MAX_DEPTH]:
        if part:
            path += f"/{part}"
            yield path
            yield f"{path}/"


def _expired(identity: CookieIdentity) -> Morsel[str]:
    """One expiring cookie, in few bytes.

    Over HTTPS it is Secure, because browsers let no other cookie replace a Secure one.
    """
    name, domain, path = identity
    morsel: Morsel[str] = Morsel()
    morsel.set(name, "", "")
    morsel["max-age"] = 0
    morsel["path"] = path
    morsel["domain"] = domain
    morsel["secure"] = settings.IS_HTTPS
    return morsel
