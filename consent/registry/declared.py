"""What is declared, as immutable values: groups, their cookies and the companies behind them.

`groups_of` makes them of a snapshot, the present one or that of a past day.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from consent.registry import value_words
from consent.registry.value_words import ValueWords


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
    # By language: the words that the notice keeps for the values above. A snapshot of which no
    # notice is shown has none, and neither has a notice of a release that did not keep them.
    value_words: Mapping[str, ValueWords] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name on the device. Over HTTPS, necessary first-party cookies begin with `__Host-`.

        Then no subdomain can set or overwrite them (RFC 6265bis, cookie name prefixes).
        """
        is_host_bound = self.is_required and self.party == "first" and self.storage == "cookie"
        return (settings.HOST_PREFIX if is_host_bound else "") + self.stored_name

    @property
    def party_label(self) -> str:
        return self._kept("party", self.party) or value_words.party(self.party)

    @property
    def storage_label(self) -> str:
        return self._kept("storage", self.storage) or value_words.storage(self.storage)

    @property
    def life_label(self) -> str:
        """How long it lives, in the active language."""
        life = (self.life, self.max_age_seconds)
        return self._kept("life", value_words.life_key(*life)) or value_words.life(*life)

    def _kept(self, kind: str, value: str) -> str:
        """The words of the notice for a value; empty where it keeps none."""
        words = self.value_words.get(get_language() or "", {})
        return words.get(kind, {}).get(value, "")

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


def groups_of(
    snapshot: Mapping[str, Any], texts: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Group, ...]:
    """The groups of a snapshot, as immutable values; with the words of a notice over it."""
    words = {language: each.get("values", {}) for language, each in (texts or {}).items()}
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
                    (_cookie_of(group, row, words) for row in group["cookies"]),
                    key=lambda cookie: cookie.is_staff_only,
                )
            ),
        )
        for group in snapshot["groups"]
    )


def _cookie_of(
    group: Mapping[str, Any], row: Mapping[str, Any], words: Mapping[str, ValueWords]
) -> Cookie:
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
        value_words=words,
    )


def _in_language(texts: Mapping[str, str]) -> str:
    return texts.get(get_language() or "", "") or texts.get(settings.LANGUAGE_CODE, "")


@lru_cache(maxsize=512)  # the guard and the expiry match names on every response
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
