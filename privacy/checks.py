"""System checks: settings that would break a promise of the privacy policy."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

# Section 15 of the privacy policy as it was first published.
PROMISED_NOTICE_DAYS = 14
# The same policy says these periods in words, beside its table that follows the settings.
PROMISED_DAYS = {"OPTIMIZATION_DAYS": 90, "SUPPRESSION_DAYS": 90}
PERIODS = (
    "UNCONFIRMED_SIGN_UP_DAYS",
    "ENDED_TRIAL_DAYS",
    "OPTIMIZATION_DAYS",
    "SUPPRESSION_DAYS",
    "TOKEN_DAYS",
    "DATA_LINK_DAYS",
    "MAIL_DAYS",
    "MARKETING_SILENCE_MONTHS",
    "PROOF_YEARS",
    "RECORD_YEARS",
    "HISTORY_YEARS",
    "BACKUP_DAYS",
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
    """Refuse a period that ends things as they are made; warn of one the policy does not allow."""
    messages: list[CheckMessage] = [
        Error(
            f"{name} is {getattr(settings, name)}: what it is about would be deleted at once.",
            hint="Set it to 1 or more.",
            id="privacy.E006",
        )
        for name in PERIODS
        if getattr(settings, name) < 1
    ]
    messages += [
        Warning(
            f"{name} is {getattr(settings, name)}: the privacy policy promises {promised} days.",
            hint=f"Set it to {promised}, or publish a policy with the new period, and silence this "
            "check.",
            id="privacy.W003",
        )
        for name, promised in PROMISED_DAYS.items()
        if getattr(settings, name) > promised
    ]
    return messages
