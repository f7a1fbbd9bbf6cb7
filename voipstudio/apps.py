"""The project as an app, so that Django finds its models, commands and checks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoipstudioConfig(AppConfig):
    name = "voipstudio"
    verbose_name = _("pages")

    def ready(self) -> None:
        from voipstudio import checks as checks  # importing it registers them
