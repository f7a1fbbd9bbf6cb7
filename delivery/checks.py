"""System checks of delivery: production needs a mail server."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from delivery import smtp


@register(Tags.compatibility, deploy=True)
def mail_server(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without a mail server each mail counts as delivered, but goes into a file that nobody reads.

    In a container the file is gone with it (I17: what was acknowledged is never lost).
    """
    has_server = settings.EMAIL_BACKEND == smtp.BACKEND and settings.EMAIL_HOST
    if has_server or not settings.IS_HTTPS:
        return []
    return [
        Error(
            "EMAIL_URL names no mail server: no mail would reach anybody.",
            hint="Set EMAIL_URL=smtp+tls://user:password@host:587.",
            id="delivery.E001",
        )
    ]
