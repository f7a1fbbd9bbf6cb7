"""Cookies that are not granted expire on the response to the request that brings them (I7)."""

import re
from collections.abc import Callable, Iterable, Iterator
from http.cookies import Morsel
from itertools import count, product

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.encoding import escape_uri_path

from consent.choice.choice import Choice
from consent.choice.request import ConsentRequest
from consent.deletion import Deletion
from consent.models import is_on_google_domain
from consent.registry.registry import Registry

# Proxies take 4,096 bytes of status line and headers (I21); gunicorn and the proxy add theirs.
MAX_BYTES = 3840
# No page of this site, or of the sites before it, lies deeper.
MAX_DEPTH = 8
# A browser brings fewer than twenty. The others of a hostile request wait until these are gone.
MAX_NAMES = 64
# With the longest domain and path an answer has room for a name of this length.
MAX_NAME_LENGTH = 1000
# A cookie name by RFC 6265, 4.1.1. A request can bring any bytes; other names cannot be sent back.
_NAME = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")

# Name, domain (empty for the host alone) and path: together they identify a cookie in a browser
# (RFC 6265, 5.3, step 11).
CookieIdentity = tuple[str, str, str]


class ExpiryMiddleware:
    """Expires what is not granted or is to be deleted, in the room that all other headers leave.

    It is the outermost middleware, outside the guard too: it sets no cookie that stays.
    """

    def __init__(self, get_response: Callable[[ConsentRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._turns = count()

    def __call__(self, request: ConsentRequest) -> HttpResponse:
        response = self.get_response(request)
        if hasattr(request, "consent"):  # static files and redirects to the host have none
            expire_ungranted(
                request,
                response,
                choice=request.consent,
                registry=request.registry,
                turns=self._turns,
                deletion=getattr(request, "deletion", None),  # absent where a middleware failed
            )
        return response


def expire_ungranted(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    choice: Choice,
    registry: Registry,
    turns: Iterator[int],
    deletion: Deletion | None = None,
) -> None:
    """Expire every optional cookie of this request that the visitor did not grant (I7).

    So are the cookies that the visitor asks to have deleted, whatever they are.

    A request shows only the names of cookies, so each is expired on every domain and path that the
    browser can have sent it from (RFC 6265, 5.4): first on the declared domains and the root path,
    where nearly all cookies live. Where MAX_BYTES has no room for all deeper paths, each response
    takes the next group of them. A cookie of an earlier registry expires too.
    """
    ungranted = _ungranted(request, response, choice=choice, registry=registry)
    asked = deletion.names if deletion else ()
    if not ungranted and not asked:
        return
    names = list(dict.fromkeys([*asked, *sorted(name for name, _domain, _path in ungranted)]))
    del names[MAX_NAMES:]
    domains = _domains(request)
    root, *deeper_paths = _paths(request)
    declared = [identity for identity in ungranted if identity[1] and identity[0] in names]
    for identity in _chosen(
        list(dict.fromkeys([*declared, *product(names, domains, [root])])),
        [(name, domain, path) for domain, path, name in product(domains, deeper_paths, names)],
        room=MAX_BYTES - header_bytes(response),
        # Only here: a response without any such cookie takes no turn. A deletion counts its own.
        turn=deletion.turn if deletion else next(turns),
    ):
        # Under its name alone it would replace the same name on another domain or path.
        response.cookies[";".join(identity)] = _expired(identity)


def brings_ungranted(request: HttpRequest, *, choice: Choice, registry: Registry) -> bool:
    """Whether a cookie of this request may have to expire. Such an answer is its visitor's own."""
    return any(is_ungranted(name, choice=choice, registry=registry) for name in request.COOKIES)


def is_ungranted(name: str, *, choice: Choice, registry: Registry) -> bool:
    """Whether a cookie of this name was ever declared as optional, and may not stay."""
    declared = registry.optional_names_ever_declared
    return bool(declared.fullmatch(name)) and not _is_permitted(name, choice, registry)


def can_expire(name: str) -> bool:
    """Whether an answer can name this cookie at all."""
    return bool(_NAME.fullmatch(name)) and len(name) <= MAX_NAME_LENGTH


def header_bytes(response: HttpResponseBase) -> int:
    """The bytes of status line and headers, without what the web server adds."""
    lines = [
        f"HTTP/1.1 {response.status_code} {response.reason_phrase}",
        *(f"{name}: {value}" for name, value in response.headers.items()),
        *(morsel.output() for morsel in response.cookies.values()),
        "",
    ]
    return sum(len(f"{line}\r\n".encode()) for line in lines)


def _chosen(
    likely: list[CookieIdentity], others: list[CookieIdentity], *, room: int, turn: int
) -> list[CookieIdentity]:
    """All the likely ones and one group of the others; if they leave no room, a group of both."""
    left = room - sum(map(_size, likely))
    if left < max(map(_size, others), default=0):
        likely, others, left = [], [*likely, *others], room
    groups = _groups(others, room=left)
    return [*likely, *groups[turn % len(groups)]]


def _groups(identities: Iterable[CookieIdentity], *, room: int) -> list[list[CookieIdentity]]:
    """The identities in groups that each fit into the room. One that never fits is left out."""
    groups: list[list[CookieIdentity]] = [[]]
    left = room
    for identity in identities:
        size = _size(identity)
        if size > room:
            continue
        if size > left:
            groups.append([])
            left = room
        groups[-1].append(identity)
        left -= size
    return groups


def _size(identity: CookieIdentity) -> int:
    return len(_expired(identity).output()) + 2


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
        and not is_on_google_domain(declared.domain)  # no answer of ours can expire those
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
