"""The app of what may be stored on a visitor's device."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = _("cookies and consent")

    def ready(self) -> None:
        from consent import checks as checks  # importing it registers them
        from consent.registry import actions

        autodiscover_modules("cookies")
        # A new wording of the notice comes with a release, and so with `migrate`.
        post_migrate.connect(actions.notice_new_wording, sender=self)
