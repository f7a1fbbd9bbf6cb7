"""The project as an app: its commands, checks and templates' context."""

from django.apps import AppConfig


class VoipstudioConfig(AppConfig):
    name = "voipstudio"
    verbose_name = "voipstudio.pl"

    def ready(self) -> None:
        from voipstudio import checks as checks  # importing it registers them
