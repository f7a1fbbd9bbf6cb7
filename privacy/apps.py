"""The app of policies and their versions, and of the content that readers see."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = _("policies")

    def ready(self) -> None:
        from content import store
        from privacy import checks as checks  # importing it registers them
        from privacy import outbox, roles, worker
        from privacy.models import RateCount

        post_migrate.connect(roles.make_groups, sender=self)
        store.on_contact(lambda: RateCount.objects.forget_past(at=timezone.now()))
        worker.register(outbox.send_next)
        autodiscover_modules("policy_tables")
        autodiscover_modules("mails")
        autodiscover_modules("foresight")
