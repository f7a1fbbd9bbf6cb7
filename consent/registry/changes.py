"""What of a change to the registry matters: who granted something is asked again (I11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal["group", "purpose", "cookie", "recipient", "life"]


@dataclass(frozen=True)
class Change:
    """One difference between two snapshots that matters to who granted something."""

    kind: ChangeKind
    group: str
    cookie: str = ""


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """What is new between two snapshots in a way that matters (I11), in the order of the page."""
    found: list[Change] = []
    old_groups = {group["code"]: group for group in old["groups"]}
    for group in new["groups"]:
        if group["is_required"]:
            continue
        code = group["code"]
        before = old_groups.get(code)
        if before is None or before["is_required"]:
            found.append(Change("group", code))
            continue
        if group["meaning"] > before["meaning"]:
            found.append(Change("purpose", code))
        known = {_identity(cookie): cookie for cookie in before["cookies"]}
        for cookie in group["cookies"]:
            if kind := _cookie_change(known.get(_identity(cookie)), cookie):
                found.append(Change(kind, code, cookie["name"]))
    return tuple(found)


def _identity(cookie: Mapping[str, Any]) -> tuple[Any, ...]:
    # Snapshots never change: what a later release adds to them, the older ones lack.
    return tuple(cookie.get(part) for part in ("id", "name", "domain", "storage", "party"))


def _cookie_change(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> ChangeKind | None:
    if old is None:
        return "cookie"
    recipient = [
        tuple(side["provider"][part] for part in ("id", "is_confirmed", "meaning"))
        for side in (old, new)
    ]
    if recipient[0] != recipient[1]:
        return "recipient"
    if new["meaning"] > old["meaning"]:
        return "purpose"
    if (new["max_age_seconds"] or 0) > (old["max_age_seconds"] or 0):
        return "life"
    return None
