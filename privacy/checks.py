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


@register(Tags.compatibility, deploy=True)
def eu_representative(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where the policy names no representative in the EU (GDPR Art. 13(1)(a) and 27)."""
    if settings.EU_REPRESENTATIVE:
        return []
    return [
        Warning(
            "EU_REPRESENTATIVE is empty: the privacy policy names no representative in the EU.",
            hint="A company outside the EU that offers services to people in it needs one in most "
            "cases (GDPR Art. 27). Set it, or silence this check if a lawyer says that none is "
            "needed.",
            id="privacy.W002",
        )
    ]
