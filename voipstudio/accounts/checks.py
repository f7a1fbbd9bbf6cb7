"""System checks: settings of staff accounts that an operator can get wrong."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from voipstudio.accounts.networks import network_of


@register(Tags.security)
def admin_networks(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A malformed network lets nobody in, so its name is needed before the site starts."""
    return [
        Error(
            f"ADMIN_NETWORKS has {value!r}, which is not a network.",
            hint="Write networks in CIDR notation, as in 203.0.113.0/24 or 2001:db8:1::/48: no bit "
            "is set behind the prefix. Separate them by commas.",
            id="accounts.E001",
        )
        for value in settings.ADMIN_NETWORKS
        if network_of(value) is None
    ]


@register(Tags.security)
def idle_minutes(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every session ends twelve hours after the login, so that a longer time has no effect."""
    longest = settings.SESSION_COOKIE_AGE // 60
    if 1 <= settings.ADMIN_IDLE_MINUTES <= longest:
        return []
    return [
        Error(
            f"ADMIN_IDLE_MINUTES is {settings.ADMIN_IDLE_MINUTES}.",
            hint=f"Give a number of minutes from 1 to {longest}, as in 30.",
            id="accounts.E002",
        )
    ]


@register(Tags.security, deploy=True)
def passkeys_need_a_name(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A passkey is bound to the name of a host."""
    if settings.HAS_PASSKEYS or not settings.IS_HTTPS:
        return []
    return [
        Warning(
            f"SITE_ORIGIN is {settings.SITE_ORIGIN}, so staff cannot use passkeys.",
            hint="Give a host name instead of an IP address, as in https://voipstudio.pl.",
            id="accounts.W001",
        )
    ]
