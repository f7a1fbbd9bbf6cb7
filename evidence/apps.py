"""Evidence: rows that the database refuses to change, and the audit that proves it."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = _("evidence")

    def ready(self) -> None:
        from evidence import checks  # noqa: F401 - it registers them

        autodiscover_modules("evidence")
