"""System checks of the project."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import reverse
from django.utils import translation


@register(Tags.urls)
def translated_addresses(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Without compiled translations the Polish addresses, which others link to, do not exist."""
    with translation.override("pl"):
        address = reverse("privacy_policy")
    if address == "/polityka-prywatnosci/":
        return []
    return [
        Error(
            f"The Polish address of the privacy policy is {address}.",
            hint="Compile the translations: manage.py compile_translations",
            id="voipstudio.E001",
        )
    ]


@register(Tags.compatibility)
def customer_app_address(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Customers type their password at the address behind “Log in”, so it must be HTTPS."""
    parts = urlsplit(settings.CUSTOMER_APP_URL)
    if not settings.CUSTOMER_APP_URL or (parts.scheme == "https" and parts.hostname):
        return []
    return [
        Error(
            f"CUSTOMER_APP_URL is {settings.CUSTOMER_APP_URL}, which is not an https address.",
            hint="Give the address of the application with https://, or leave it empty.",
            id="voipstudio.E002",
        )
    ]


@register(Tags.security, deploy=True)
def https_origin(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A deployed site is behind a proxy that speaks HTTPS with the visitor."""
    if settings.IS_HTTPS and settings.TRUSTED_PROXIES:
        return []
    if settings.IS_HTTPS:
        return [
            Warning(
                "SITE_ORIGIN is https and TRUSTED_PROXIES is 0: every page redirects to itself.",
                hint="Set TRUSTED_PROXIES to how many proxies are yours; gunicorn speaks HTTP.",
                id="voipstudio.W002",
            )
        ]
    return [
        Warning(
            f"SITE_ORIGIN is {settings.SITE_ORIGIN}, which is not https.",
            hint="Set SITE_ORIGIN=https://voipstudio.pl: it turns on Secure cookies and HSTS.",
            id="voipstudio.W001",
        )
    ]


@register(Tags.security, deploy=True)
def private_folders(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Database file, mails and refusals on disk are of people: other users must not read them."""
    return [
        Warning(
            f"Other users of this machine can read {folder}.",
            hint=f"Run: chmod o-rwx {folder}",
            id="voipstudio.W003",
        )
        for folder in dict.fromkeys((settings.DATA_DIR, settings.STATE_DIR))
        if Path(folder).stat().st_mode & 0o007
    ]
