"""The first registry, from registry.toml, for staff to edit and confirm."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cookie_consent.models import Cookie, CookieGroup

from consent.models import CookieDetails, GroupDetails, Provider
from consent.registry.actions import store_notice

_REGISTRY = Path(__file__).parent / "registry.toml"


def seed_registry(*, at: datetime) -> None:
    """Store groups, providers and cookies, and the first notice."""
    rows = tomllib.loads(_REGISTRY.read_text(encoding="utf-8"))
    groups = {row["code"]: _group(row, order) for order, row in enumerate(rows["group"])}
    providers = {key: _provider(row) for key, row in rows["provider"].items()}
    for row in rows["cookie"]:
        _cookie(row, groups[row["group"]], providers[row["provider"]])
    store_notice(at=at)


def _group(row: dict[str, Any], order: int) -> CookieGroup:
    is_required = row["code"] == "necessary"
    group: CookieGroup = CookieGroup.objects.create(
        varname=row["code"],
        name=row["name"]["pl"],
        description=row["description"]["pl"],
        is_required=is_required,
        is_deletable=not is_required,
        ordering=order,
    )
    short_purpose = row.get("short_purpose", {})
    GroupDetails.objects.create(
        group=group,
        name_en=row["name"]["en"],
        description_en=row["description"]["en"],
        short_purpose_pl=short_purpose.get("pl", ""),
        short_purpose_en=short_purpose.get("en", ""),
    )
    return group


def _provider(row: dict[str, Any]) -> Provider:
    return Provider.objects.create(
        name=row["name"],
        privacy_url_pl=row["privacy_url"]["pl"],
        privacy_url_en=row["privacy_url"]["en"],
        is_confirmed=row["is_confirmed"],
    )


def _cookie(row: dict[str, Any], group: CookieGroup, provider: Provider) -> None:
    purpose, justification = row["purpose"], row.get("justification", {})
    life = timedelta(**{unit: row.get(unit, 0) for unit in ("days", "hours", "minutes")})
    cookie = Cookie.objects.create(
        cookiegroup=group,
        name=row["name"],
        domain=row.get("domain", ""),
        description=purpose["pl"],
    )
    CookieDetails.objects.create(
        cookie=cookie,
        purpose_en=purpose["en"],
        provider=provider,
        party=row["party"],
        storage=row.get("storage", "cookie"),
        life=row.get("life", "fixed"),
        max_age_seconds=int(life.total_seconds()) or None,
        is_staff_only=row.get("is_staff_only", False),
        justification_pl=justification.get("pl", ""),
        justification_en=justification.get("en", ""),
    )
