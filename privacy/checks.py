"""System checks: settings that would break a promise of the privacy policy."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

# Section 15 of the privacy policy as it was first published.
PROMISED_NOTICE_DAYS = 14
# The same policy says 90 days for marketing and optimization, in words beside its table.
PROMISED_OPTIMIZATION_DAYS = 90
PERIODS = (
    "UNCONFIRMED_SIGN_UP_DAYS",
    "ENDED_TRIAL_DAYS",
    "OPTIMIZATION_DAYS",
    "SUPPRESSION_DAYS",
    "TOKEN_DAYS",
    "MAIL_DAYS",
    "MARKETING_SILENCE_MONTHS",
    "PROOF_YEARS",
    "RECORD_YEARS",
    "HISTORY_YEARS",
)


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


@register(Tags.compatibility)
def periods(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a period that would end rows as soon as they are made, trials that run included."""
    messages: list[CheckMessage] = [
        Error(
            f"{name} is {getattr(settings, name)}: rows would be deleted as soon as they are made.",
            hint="Set it to 1 or more.",
            id="privacy.E006",
        )
        for name in PERIODS
        if getattr(settings, name) < 1
    ]
    if settings.OPTIMIZATION_DAYS > PROMISED_OPTIMIZATION_DAYS:
        messages.append(
            Warning(
                f"OPTIMIZATION_DAYS is {settings.OPTIMIZATION_DAYS}: the privacy policy promises "
                f"{PROMISED_OPTIMIZATION_DAYS} days.",
                hint="Lower it, or publish a policy that promises more, and silence this check.",
                id="privacy.W003",
            )
        )
    return messages
