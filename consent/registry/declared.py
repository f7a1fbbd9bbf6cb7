"""What is declared, as immutable values: groups, their cookies and the companies behind them.

`groups_of` makes them of a snapshot, the present one or that of a past day.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, ngettext

from consent.models import CookieDetails


@dataclass(frozen=True)
class Provider:
    """A company that sets or reads cookies, and its privacy policy in each language."""

    name: str
    privacy_urls: Mapping[str, str]
    is_confirmed: bool

    @property
    def url(self) -> str:
        return _in_language(self.privacy_urls)


@dataclass(frozen=True)
class Cookie:
    """One declared cookie, or other storage, of one group."""

    group: str
    is_required: bool
    stored_name: str
    domain: str
    path: str
    party: str
    storage: str
    provider: Provider
    purposes: Mapping[str, str]
    justifications: Mapping[str, str]
    life: str
    max_age_seconds: int | None
    is_staff_only: bool

    @property
    def name(self) -> str:
        """The name on the device. Over HTTPS, necessary first-party cookies begin with `__Host-`.

        Then no subdomain can set or overwrite them (RFC 6265bis, cookie name prefixes).
        """
        is_host_bound = self.is_required and self.party == "first" and self.storage == "cookie"
        return (settings.HOST_PREFIX if is_host_bound else "") + self.stored_name

    @property
    def party_label(self) -> str:
        return str(CookieDetails.Party(self.party).label)

    @property
    def storage_label(self) -> str:
        return str(CookieDetails.Storage(self.storage).label)

    @property
    def life_label(self) -> str:
        """How long it lives, in the active language. Minutes are rounded up, never down (I12)."""
        seconds = self.max_age_seconds
        if seconds is None:
            return str(CookieDetails.Life(self.life).label)
        if not seconds % (24 * 60 * 60):
            days = seconds // (24 * 60 * 60)
            return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
        if not seconds % (60 * 60):
            hours = seconds // (60 * 60)
            return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
        minutes = math.ceil(seconds / 60)
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}

    @property
    def purpose(self) -> str:
        return _in_language(self.purposes)

    @property
    def justification(self) -> str:
        return _in_language(self.justifications)

    @property
    def pattern(self) -> str:
        """The regular expression of its names. A `*` at the end stands for any characters."""
        return re.escape(self.name).replace(r"\*", ".+")

    def matches(self, name: str) -> bool:
        """Whether a cookie of this name is this one."""
        return bool(_compiled(self.pattern).fullmatch(name))


@dataclass(frozen=True)
class Group:
    """One purpose and its cookies: the necessary one, or one that visitors may grant."""

    code: str
    is_required: bool
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    personalizes_ads: bool
    cookies: tuple[Cookie, ...]

    @property
    def providers(self) -> tuple[Provider, ...]:
        """Every confirmed company behind its cookies, once."""
        providers = (cookie.provider for cookie in self.cookies)
        return tuple({p.name: p for p in providers if p.is_confirmed}.values())

    @property
    def name(self) -> str:
        return _in_language(self.names)

    @property
    def description(self) -> str:
        return _in_language(self.descriptions)

    @property
    def public_cookies(self) -> tuple[Cookie, ...]:
        """The cookies that public pages may store, without those that only staff get."""
        return tuple(cookie for cookie in self.cookies if not cookie.is_staff_only)


def groups_of(snapshot: Mapping[str, Any]) -> tuple[Group, ...]:
    """The groups of a snapshot, as immutable values."""
    return tuple(
        Group(
            code=group["code"],
            is_required=group["is_required"],
            names=group["name"],
            descriptions=group["description"],
            personalizes_ads=group.get("personalizes_ads", False),
            # What concerns a visitor comes before what only staff get.
            cookies=tuple(
                sorted(
                    (_cookie_of(group, row) for row in group["cookies"]),
                    key=lambda cookie: cookie.is_staff_only,
                )
            ),
        )
        for group in snapshot["groups"]
    )


def _cookie_of(group: Mapping[str, Any], row: Mapping[str, Any]) -> Cookie:
    return Cookie(
        group=group["code"],
        is_required=group["is_required"],
        stored_name=row["name"],
        domain=row["domain"],
        path=row["path"],
        party=row["party"],
        storage=row["storage"],
        provider=Provider(
            name=row["provider"]["name"],
            privacy_urls=row["provider"]["privacy_url"],
            is_confirmed=row["provider"]["is_confirmed"],
        ),
        purposes=row["purpose"],
        justifications=row["justification"],
        life=row["life"],
        max_age_seconds=row["max_age_seconds"],
        is_staff_only=row["is_staff_only"],
    )


def _in_language(texts: Mapping[str, str]) -> str:
    return texts.get(get_language() or "", "") or texts.get(settings.LANGUAGE_CODE, "")


@lru_cache(maxsize=512)  # the guard and the expiry match names on every response
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
