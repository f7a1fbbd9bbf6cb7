"""System checks of consent: Google's ids, rows that staff must complete, what is missing."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from consent.gate import first_party
from consent.looks.actions import missing_looks
from consent.looks.look import every_look
from consent.models import CodeManifest, CookieDetails, Notice


@register(Tags.compatibility)
def google_ids(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Analytics has a `G-` id and marketing an `AW-` id.

    A `GTM-` or `GT-` id can load tags of both, so a grant for one group would open the other (I19).
    """
    errors: list[CheckMessage] = []
    if settings.GOOGLE_TAG_ID and not re.fullmatch(r"G-[A-Z0-9]+", settings.GOOGLE_TAG_ID):
        errors.append(
            Error(
                f"GOOGLE_TAG_ID is {settings.GOOGLE_TAG_ID!r}, not a Google Analytics 4 id.",
                hint="Give the id of the web stream, as in G-ABC123, or leave it empty.",
                id="consent.E001",
            )
        )
    if settings.GOOGLE_ADS_ID and not re.fullmatch(r"AW-[0-9]+", settings.GOOGLE_ADS_ID):
        errors.append(
            Error(
                f"GOOGLE_ADS_ID is {settings.GOOGLE_ADS_ID!r}, not a Google Ads id.",
                hint="Give the conversion id, as in AW-123456789, or leave it empty.",
                id="consent.E002",
            )
        )
    return errors


@register(Tags.database)
def registry_rows(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Incomplete rows of the registry. Run by `manage.py check --database default`."""
    if not databases:
        return []
    try:
        return [*_undeclared(), *_unconfirmed()]
    except DatabaseError:
        return []  # the tables are not there before the first `migrate`


@register(Tags.database, deploy=True)
def asked_for_nothing(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Groups that visitors are asked about for a tag of Google, although no tag is configured.

    Run by `manage.py check --deploy --database default`.
    """
    if not databases:
        return []
    try:
        return list(_groups_without_tag())
    except DatabaseError:
        return []  # the tables are not there before the first `migrate`


@register(Tags.database, deploy=True)
def pictures_of_the_question(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Pictures that nobody has taken yet. Run by `manage.py check --deploy --database default`."""
    if not databases:
        return []
    try:
        return list(_missing_pictures())
    except DatabaseError:
        return []  # the tables are not there before the first `migrate`


def _undeclared() -> Iterator[CheckMessage]:
    for cookie in first_party.declared():
        rows = CookieDetails.objects.filter(cookie__name=cookie.name, is_active=True)
        if not rows.filter(cookie__cookiegroup__varname=cookie.group).exists():
            yield Warning(
                f"The cookie {cookie.name} is not active in the group {cookie.group}, "
                "so it is never set.",
                hint="Declare it in the admin under cookies, or leave it off on purpose.",
                id="consent.W001",
            )


def _unconfirmed() -> Iterator[CheckMessage]:
    for row in CookieDetails.objects.filter(is_active=True, provider__is_confirmed=False):
        yield Warning(
            f"The provider of {row.cookie.name} is not confirmed.",
            hint="Name the provider and its privacy policy in the admin, and mark it confirmed.",
            id="consent.W002",
        )


def _groups_without_tag() -> Iterator[CheckMessage]:
    for group, setting in (("analytics", "GOOGLE_TAG_ID"), ("marketing", "GOOGLE_ADS_ID")):
        third_party = CookieDetails.objects.filter(
            is_active=True, party="third", cookie__cookiegroup__varname=group
        )
        if not getattr(settings, setting) and third_party.exists():
            yield Warning(
                f"Visitors are asked for {group}, but {setting} is empty: no tag ever runs.",
                hint=f"Set {setting}, or switch the group's third-party cookies off in the admin.",
                id="consent.W003",
            )


def _missing_pictures() -> Iterator[CheckMessage]:
    notice, manifest = Notice.objects.first(), CodeManifest.objects.first()
    if notice is None:
        return
    missing = missing_looks(notice, manifest) if manifest else every_look()
    if missing:
        yield Warning(
            f"Pictures of the present question about cookies are missing: {len(missing)}.",
            hint="Run `manage.py picture_notices` on a machine with Chromium: docs/deployment.md.",
            id="consent.W004",
        )
