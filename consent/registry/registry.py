"""The registry in force: every cookie and other storage that a visitor's device may hold.

Immutable values, built from the latest notice and its snapshot. The gate, the banner, the cookie
page and the table in the policy all read them (I12: one truth for cookies).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import get_language

from consent.models import Notice, RegistrySnapshot, is_on_google_domain
from consent.registry import notice
from consent.registry.changes import Change, changes
from consent.registry.declared import Cookie, Group, groups_of
from content import store

# Names of cookies, and keys of notices, of which a registry remembers what they mean.
MOST_REMEMBERED = 256


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
        own = self._cookies_on_our_address
        exact = next((cookie for cookie in own if cookie.name == name), None)
        return exact or next((cookie for cookie in own if cookie.matches(name)), None)

    @cached_property
    def _cookies_on_our_address(self) -> tuple[Cookie, ...]:
        return tuple(
            cookie
            for cookie in self.cookies
            if cookie.storage == "cookie" and not is_on_google_domain(cookie.domain)
        )

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
        patterns = {
            cookie.pattern
            for cookie in self.optional_cookies_ever_declared
            if not is_on_google_domain(cookie.domain)
        }
        # Without any declaration it matches nothing: a name is not empty.
        return re.compile("|".join(sorted(patterns)))

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


def as_it_was(shown: Notice) -> Registry:
    """The registry of a notice, with the words that the notice keeps and no others.

    A place without kept words stays empty.
    """
    return Registry(
        groups=groups_of(shown.snapshot.content, shown.texts),
        notice_key=notice_key(shown.hash),
        texts=shown.texts,
    )


def current() -> Registry:
    """The registry in force. Raises content.ContentUnavailable."""
    registry: Registry = store.current()["registry"]
    return registry


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
        groups=groups_of(contents[latest["snapshot"]], data["texts"]),
        notice_key=latest["key"],
        texts=notice.completed(data["texts"]),
        snapshots={row["key"]: contents[row["snapshot"]] for row in data["notices"]},
        notice_ids={row["key"]: row["id"] for row in data["notices"]},
        history=tuple(
            (datetime.fromisoformat(row["created_at"]), row["content"]) for row in data["snapshots"]
        ),
    )


SOURCE = store.Source("registry", _read, _build)
