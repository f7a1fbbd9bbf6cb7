"""The changes to the registry that matter: visitors who granted something are asked again (I11).

A grant is consent to what was asked, and to nothing else (GDPR Art. 4(11), "specific").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal["group", "purpose", "cookie", "recipient", "life"]


@dataclass(frozen=True)
class Change:
    """One difference between two snapshots that a grant on the older one does not cover."""

    kind: ChangeKind
    group: str
    cookie: str = ""


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """The differences that matter, in the order of the page.

    Less does not matter: a group, a cookie or a second of its life that is gone asks nobody.
    """
    differences: list[Change] = []
    old_groups = {group["code"]: group for group in old["groups"]}
    for group in new["groups"]:
        if group["is_required"]:
            continue
        code = group["code"]
        old_group = old_groups.get(code)
        if old_group is None or old_group["is_required"]:
            differences.append(Change("group", code))
            continue
        if _personalizes_ads(group) > _personalizes_ads(old_group) or (
            group["meaning"] > old_group["meaning"]
        ):
            differences.append(Change("purpose", code))
        old_cookies = {_identity(cookie): cookie for cookie in old_group["cookies"]}
        for cookie in group["cookies"]:
            if kind := _cookie_change(old_cookies.get(_identity(cookie)), cookie):
                differences.append(Change(kind, code, cookie["name"]))
    return tuple(differences)


def _personalizes_ads(group: Mapping[str, Any]) -> bool:
    # Snapshots are never rewritten, so older ones lack the keys that a later release adds.
    return bool(group.get("personalizes_ads", False))


def _identity(cookie: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes a cookie the same one: any difference here makes it a new cookie."""
    return tuple(cookie.get(part) for part in ("id", "name", "domain", "storage", "party"))


def _cookie_change(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> ChangeKind | None:
    if old is None:
        return "cookie"
    if _recipient(old) != _recipient(new):
        return "recipient"
    if new["meaning"] > old["meaning"]:
        return "purpose"
    if (new["max_age_seconds"] or 0) > (old["max_age_seconds"] or 0):
        return "life"
    return None


def _recipient(cookie: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(cookie["provider"][part] for part in ("id", "is_confirmed", "meaning"))
