"""The app of the 30-day trial, and of the paid visits that led to it."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TrialConfig(AppConfig):
    name = "trial"
    verbose_name = _("trial")

    def ready(self) -> None:
        from trial import checks as checks  # registers the checks
        from trial.sign_up import wordings

        # A release can change the wording of a consent, and every release runs `migrate`.
        post_migrate.connect(wordings.store_after_migrate, sender=self)
