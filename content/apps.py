"""Content: texts that staff write and readers see, in the memory of each process."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = _("content")

    def ready(self) -> None:
        from content import frozen_database

        frozen_database.watch_connections()
        autodiscover_modules("content_sources")
