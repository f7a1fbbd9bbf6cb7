"""The registry in force: every cookie and other storage that a visitor's device may hold.

Immutable values, built from the latest notice and its snapshot. The gate, the banner, the cookie
page and the table in the policy all read them (I12: one truth for cookies).
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, ngettext

from consent.models import CookieDetails, Notice, RegistrySnapshot, is_on_google_domain
from consent.registry import notice
from consent.registry.changes import Change, changes
from content import store

# Names of cookies, and keys of notices, of which a registry remembers what they mean.
MOST_REMEMBERED = 256


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

    def matches(self, name: str) -> bool:
        """Whether a cookie of this name is this one. A `*` at the end stands for any characters."""
        return bool(_compiled(self.name).fullmatch(name))


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


@dataclass(frozen=True)
class Registry:
    """Every declared group and cookie, in the order in which they are shown."""

    groups: tuple[Group, ...] = ()
    notice_key: str = ""
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    # By notice key, for every notice that was ever shown: its snapshot, and the id of its row.
    snapshots: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notice_ids: Mapping[str, int] = field(default_factory=dict)
    # Every snapshot, with the moment from which it was in force; the newest first.
    history: tuple[tuple[datetime, Mapping[str, Any]], ...] = ()

    @cached_property
    def optional_groups(self) -> tuple[Group, ...]:
        """The groups that visitors are asked about."""
        return tuple(group for group in self.groups if not group.is_required)

    @cached_property
    def optional_codes(self) -> tuple[str, ...]:
        return tuple(group.code for group in self.optional_groups)

    @property
    def personalizes_ads(self) -> bool:
        """Whether the text of a group names personalized ads, so that its grant may open them."""
        return any(group.personalizes_ads for group in self.groups)

    @property
    def cookies(self) -> Iterable[Cookie]:
        return (cookie for group in self.groups for cookie in group.cookies)

    @property
    def staff_cookies(self) -> tuple[Cookie, ...]:
        """The cookies that only staff get, under /admin/."""
        return tuple(cookie for cookie in self.cookies if cookie.is_staff_only)

    @property
    def text(self) -> Mapping[str, Any]:
        """The words of the notice in the active language."""
        return self.texts.get(get_language() or "", {})

    @cached_property
    def find(self) -> Callable[[str], Cookie | None]:
        """The cookie of a name on our own address. An exact name wins over a pattern."""
        # Requests ask for the same few names again and again; others can have any name.
        return lru_cache(maxsize=MOST_REMEMBERED)(self._find)

    def _find(self, name: str) -> Cookie | None:
        cookies = (
            c for c in self.cookies if c.storage == "cookie" and not is_on_google_domain(c.domain)
        )
        matching = [cookie for cookie in cookies if cookie.matches(name)]
        return next((c for c in matching if c.name == name), next(iter(matching), None))

    @cached_property
    def optional_cookies_ever_declared(self) -> tuple[Cookie, ...]:
        """Every optional cookie of every snapshot: a browser may still hold any of them (I7)."""
        snapshots = [snapshot for _moment, snapshot in self.history]
        cookies = {
            (cookie.name, cookie.domain, cookie.path): cookie
            for snapshot in reversed(snapshots)  # so that the newest declaration wins
            for group in groups_of(snapshot)
            if not group.is_required
            for cookie in group.cookies
            if cookie.storage == "cookie"
        }
        return tuple(cookies.values())

    @cached_property
    def optional_names_ever_declared(self) -> re.Pattern[str]:
        """Matches the name of each of these cookies that an answer of ours can expire."""
        names = {
            _pattern(cookie.name)
            for cookie in self.optional_cookies_ever_declared
            if not is_on_google_domain(cookie.domain)
        }
        # Without any declaration it matches nothing: a name is not empty.
        return re.compile("|".join(sorted(names)))

    @cached_property
    def optional_storage_ever_declared(self) -> tuple[tuple[str, str], ...]:
        """Group and name of everything optional in localStorage or sessionStorage, ever (I7)."""
        return tuple(
            dict.fromkeys(
                (cookie.group, cookie.name)
                for _moment, snapshot in self.history
                for group in groups_of(snapshot)
                if not group.is_required
                for cookie in group.cookies
                if cookie.storage in {"local", "session"}
            )
        )

    def notice_id_of(self, key: str) -> int | None:
        """The id of a notice's row, or None for a key that no notice has."""
        return self.notice_ids.get(key)

    def groups_offered_by(self, key: str) -> tuple[str, ...]:
        """The optional groups of a notice; of the present notice, where the key is unknown."""
        snapshot = self.snapshots.get(key) or self.snapshots.get(self.notice_key, {"groups": []})
        return tuple(g["code"] for g in snapshot["groups"] if not g["is_required"])

    @cached_property
    def changes_since(self) -> Callable[[str], tuple[Change, ...]]:
        """The changes since a notice, by its key, that visitors are asked about again (I11).

        Where the key is unknown, every optional group counts as new.
        """
        return lru_cache(maxsize=MOST_REMEMBERED)(self._changes_since)

    def _changes_since(self, key: str) -> tuple[Change, ...]:
        empty: Mapping[str, Any] = {"groups": []}
        return changes(self.snapshots.get(key, empty), self.snapshots.get(self.notice_key, empty))

    def groups_before(self, moment: datetime) -> tuple[Group, ...]:
        """The groups as they were just before a past moment; empty before the first snapshot."""
        for created_at, snapshot in self.history:
            if created_at < moment:
                return groups_of(snapshot)
        return ()


def current() -> Registry:
    """The registry in force. Raises content.ContentUnavailable."""
    registry: Registry = store.current()["registry"]
    return registry


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
def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(_pattern(name))


def _pattern(name: str) -> str:
    """The regular expression of a declared name, in which a `*` stands for any characters."""
    return re.escape(name).replace(r"\*", ".+")


def _read() -> dict[str, Any]:
    notices = list(Notice.objects.order_by("-pk").values("pk", "hash", "snapshot_id", "texts"))
    return {
        "snapshots": [
            {"id": row.pk, "created_at": row.created_at.isoformat(), "content": row.content}
            for row in RegistrySnapshot.objects.order_by("-pk")
        ],
        "notices": [
            {"id": row["pk"], "key": notice_key(row["hash"]), "snapshot": row["snapshot_id"]}
            for row in notices
        ],
        "texts": notices[0]["texts"] if notices else {},
    }


def notice_key(digest: str) -> str:
    """The first 64 bits of a notice's hash. Forms and choice cookies name a notice by them."""
    return digest[:16]


def _build(data: Mapping[str, Any], at: datetime) -> Registry:
    contents = {row["id"]: row["content"] for row in data["snapshots"]}
    if not data["notices"]:
        return Registry()
    latest = data["notices"][0]
    return Registry(
        groups=groups_of(contents[latest["snapshot"]]),
        notice_key=latest["key"],
        texts=notice.completed(data["texts"]),
        snapshots={row["key"]: contents[row["snapshot"]] for row in data["notices"]},
        notice_ids={row["key"]: row["id"] for row in data["notices"]},
        history=tuple(
            (datetime.fromisoformat(row["created_at"]), row["content"]) for row in data["snapshots"]
        ),
    )


SOURCE = store.Source("registry", _read, _build)
