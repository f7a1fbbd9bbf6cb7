"""The app of the 30-day trial, and of the paid visits that led to it."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TrialConfig(AppConfig):
    name = "trial"
    verbose_name = _("trial")

    def ready(self) -> None:
        from trial import checks as checks  # importing it registers them
        from trial.sign_up import wordings

        # New words of a consent come with a release, and so with `migrate`.
        post_migrate.connect(wordings.keep_new_words, sender=self)
