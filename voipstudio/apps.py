"""The project as an app, so that Django finds its models, commands and checks."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class VoipstudioConfig(AppConfig):
    name = "voipstudio"
    verbose_name = _("pages")

    def ready(self) -> None:
        from voipstudio import checks as checks  # importing it registers them
        from voipstudio.logs import error_reports

        if settings.SENTRY_DSN:
            error_reports.start(settings.SENTRY_DSN)
