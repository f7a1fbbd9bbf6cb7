"""What a browser stores for this site, each name joined with its declaration.

The server sees the cookies of a request. static/js/on_this_device.js adds what only the browser
sees, by the patterns of rows that `patterns` gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from consent.choice.request import ConsentRequest
from consent.gate import expiry
from consent.models import CookieDetails, is_on_google_domain
from consent.registry.declared import Cookie, Group
from consent.registry.registry import Registry

# A request can bring thousands of names. A visitor brings fewer than twenty.
MAX_ROWS = 64


@dataclass(frozen=True)
class Stored:
    """One name that a browser stores: a stranger's text, and empty in the pattern of a row."""

    kind: str
    name: str = ""
    cookie: Cookie | None = None
    group: Group | None = None
    # The answer that shows it removes it: it is not granted (I7).
    is_leaving: bool = False
    can_be_deleted: bool = True

    @property
    def kind_label(self) -> str:
        return _kinds()[self.kind]

    @property
    def is_necessary(self) -> bool:
        return self.cookie is not None and self.cookie.is_required

    @property
    def is_choice(self) -> bool:
        """Whether it is the cookie that remembers the visitor's choice."""
        return self.cookie is not None and self.cookie.name == settings.CHOICE_COOKIE_NAME


def stored_cookies(request: ConsentRequest) -> list[Stored]:
    """The cookies of a request: necessary, declared, others; at most MAX_ROWS of them."""
    rows = [_stored_cookie(name, request) for name in sorted(request.COOKIES)]
    return sorted(rows, key=lambda row: (row.cookie is None, not row.is_necessary))[:MAX_ROWS]


def patterns(registry: Registry) -> Iterator[Stored]:
    """A row for each declaration, and one of each kind for what is not declared."""
    for group in registry.groups:
        for cookie in group.cookies:
            if not is_on_google_domain(cookie.domain):  # no page of ours can see those
                yield Stored(cookie.storage, cookie=cookie, group=group)
    for kind in _kinds():
        yield Stored(kind)


def _stored_cookie(name: str, request: ConsentRequest) -> Stored:
    cookie = request.registry.find(name)
    return Stored(
        "cookie",
        name,
        cookie=cookie,
        group=next((g for g in request.registry.groups if cookie and g.code == cookie.group), None),
        is_leaving=expiry.can_expire(name)
        and expiry.is_ungranted(name, choice=request.consent, registry=request.registry),
        can_be_deleted=expiry.can_expire(name),
    )


def _kinds() -> dict[str, str]:
    """Every kind of storage that the page can list, in the order of the list."""
    labels = {kind.value: str(kind.label) for kind in CookieDetails.Storage}
    return labels | {"worker": _("service worker")}
