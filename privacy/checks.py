"""System checks: settings that would break a promise of the privacy policy."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

# Section 15 of the privacy policy as it was first published.
PROMISED_NOTICE_DAYS = 14


@register(Tags.compatibility)
def notice_period(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a notice period that is shorter than the policy promises."""
    if settings.POLICY_NOTICE_DAYS >= PROMISED_NOTICE_DAYS:
        return []
    return [
        Warning(
            f"POLICY_NOTICE_DAYS is {settings.POLICY_NOTICE_DAYS}: the privacy policy promises "
            f"{PROMISED_NOTICE_DAYS} days.",
            hint="Raise it, or publish a policy that promises less, and silence this check.",
            id="privacy.W001",
        )
    ]
