"""The project as an app: its commands, checks and templates' context."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoipstudioConfig(AppConfig):
    name = "voipstudio"
    verbose_name = _("pages")

    def ready(self) -> None:
        from voipstudio import checks as checks  # importing it registers them
