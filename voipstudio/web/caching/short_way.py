"""The short way: a kept page is answered, with all its headers, before anything else runs.

The long way is every middleware and the view. It makes each answer first; the short way repeats it
for requests that would get the same bytes and the same headers, and for no other request.
"""

import hashlib
import logging
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response

from consent.choice.request import ConsentRequest
from consent.gate import expiry, first_party
from consent.gate.middleware import read_choice
from voipstudio.logs.request_line import RequestLineMiddleware
from voipstudio.web.caching.compression import encoding_for
from voipstudio.web.caching.headers import has_nothing_of_a_visitor
from voipstudio.web.caching.pages import RecentlyUsed, page_key

logger = logging.getLogger(__name__)

Environ = dict[str, Any]


@dataclass(frozen=True)
class KeptAnswer:
    """The body and the headers of one answer. Its ETag covers both.

    So a browser that gets 304 has the headers of today too: the Content-Security-Policy above all.
    """

    body: bytes
    headers: list[tuple[str, str]]
    head: bytes  # the headers as they are sent
    etag: str
    resolver_match: ResolverMatch | None
    status_code: int = 200

    def response(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, or 304 where the client has the same one (RFC 9110, 13.1.2)."""
        request.resolver_match = self.resolver_match  # for the line in the log
        response = HttpResponse(self.body, headers=dict(self.headers))
        return get_conditional_response(request, etag=self.etag, response=response) or response


# Made once, since nearly no address has a query; it cannot be changed.
_NO_QUERY = QueryDict()
# Of this process, for all its threads.
_answers: RecentlyUsed[KeptAnswer] = RecentlyUsed()


def forget() -> None:
    """Empty the memory, as in a process that has just started."""
    _answers.values.clear()


class ShortWayMiddleware:
    """Keeps the answers whose page is a kept one and that nothing of one visitor was added to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ConsentRequest) -> HttpResponseBase:
        key = _key(request)
        answer = _answers.take(key) if key else None
        if answer is None:
            response = self.get_response(request)
            # The page was kept by a key of its own: an answer to another question is not kept here.
            kept_by = getattr(request, "kept_page_key", None)
            if key is None or key[0] != kept_by or response.cookies:
                return response
            answer = _kept(response, request)
            _answers.keep(key, answer)
        return answer.response(request)


class ShortWayApplication:
    """The WSGI application: it answers a plain GET without the handler and middleware of Django."""

    def __init__(self, long_way: Callable[..., Iterable[bytes]]) -> None:
        self.long_way = long_way

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        # A copy: the short way writes the decoded path into it, which the long way could not read.
        answer = self.kept_answer(environ.copy())
        if answer is None:
            return self.long_way(environ, start_response)
        start_response("200 OK", answer.headers)
        return [answer.body]

    def kept_answer(self, environ: Environ) -> KeptAnswer | None:
        """The answer in memory, and its line in the log. Never waits for anything.

        It may write into the environment.
        """
        is_plain = environ["REQUEST_METHOD"] == "GET" and "HTTP_IF_NONE_MATCH" not in environ
        if not (is_plain and _answers.values):  # the first content is waited for on the long way
            return None
        request = cast(ConsentRequest, WSGIRequest(environ))
        if not environ.get("QUERY_STRING"):
            request.GET = _NO_QUERY
        key = _key(request)
        answer = _answers.take(key) if key else None
        if answer is None:
            return None
        request.resolver_match = answer.resolver_match
        RequestLineMiddleware(lambda request: answer)(request)
        return answer


def _kept(response: HttpResponse, request: ConsentRequest) -> KeptAnswer:
    headers = [*response.items()]
    covered = repr(sorted(headers)).encode() + response.content
    etag = f'"{hashlib.sha256(covered).hexdigest()[:32]}"'
    headers.append(("ETag", etag))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
    return KeptAnswer(
        response.content, headers, head.encode("latin-1"), etag, request.resolver_match
    )


def _key(request: ConsentRequest) -> tuple[Hashable, ...] | None:
    """Everything that decides bytes and headers of an answer; None where the long way is taken."""
    try:
        if not _may_be_short(request):
            return None
        key = page_key(request)
        if key is None:
            return None
        return key, has_nothing_of_a_visitor(request), encoding_for(request)
    except SuspiciousOperation:  # a strange host, or more parameters than anyone sends
        return None
    except Exception:  # the error page has the headers of every page only on the long way
        logger.exception("The short way failed; the long way answers.")
        return None


def _may_be_short(request: ConsentRequest) -> bool:
    """Whether the answer holds nothing but a page: no redirect, no cookie for this visitor."""
    if not _is_at_site_address(request) or request.path.startswith(settings.STATIC_URL):
        return False
    read_choice(request)
    choice, registry = request.consent, request.registry
    return not (
        expiry.brings_ungranted(request, choice=choice, registry=registry)
        or first_party.may_be_due(request, choice=choice)
    )


def _is_at_site_address(request: ConsentRequest) -> bool:
    """Whether scheme and host are exactly those of the site: nothing leads elsewhere.

    Raises DisallowedHost.
    """
    if settings.IS_HTTPS:
        return request.META.get("HTTP_HOST") == settings.CANONICAL_HOST and request.is_secure()
    return bool(request.get_host())
