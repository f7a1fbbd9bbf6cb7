"""The words for values of a cookie, such as “90 days” or “third party”.

A notice keeps those that its snapshot needs, so that a later release with other words does not
change what a visitor read (I9: a record proves).
"""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import ngettext

from consent.models import CookieDetails

# By kind of value, then by value as a text.
ValueWords = Mapping[str, Mapping[str, str]]


def of_snapshot(snapshot: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The words for every value in a snapshot of the registry, in the active language."""
    cookies = [cookie for group in snapshot["groups"] for cookie in group["cookies"]]
    lives = [(cookie["life"], cookie["max_age_seconds"]) for cookie in cookies]
    return {
        "party": {cookie["party"]: party(cookie["party"]) for cookie in cookies},
        "storage": {cookie["storage"]: storage(cookie["storage"]) for cookie in cookies},
        "life": {life_key(*each): life(*each) for each in lives},
    }


def party(value: str) -> str:
    return str(CookieDetails.Party(value).label)


def storage(value: str) -> str:
    return str(CookieDetails.Storage(value).label)


def life_key(life: str, max_age_seconds: int | None) -> str:
    """How a notice names a life among its words."""
    return life if max_age_seconds is None else str(max_age_seconds)


def life(life: str, max_age_seconds: int | None) -> str:
    """How long a cookie lives. Minutes are rounded up, never down (I12)."""
    seconds = max_age_seconds
    if seconds is None:
        return str(CookieDetails.Life(life).label)
    if not seconds % (24 * 60 * 60):
        days = seconds // (24 * 60 * 60)
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if not seconds % (60 * 60):
        hours = seconds // (60 * 60)
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    minutes = math.ceil(seconds / 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
