"""The app of what may be stored on a visitor's device."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = _("cookies and consent")

    def ready(self) -> None:
        from consent import checks as checks  # the import registers them
        from consent import withdrawal
        from consent.looks import actions as looks
        from consent.registry import actions
        from privacy import roles
        from privacy.rights.your_data import erasing

        autodiscover_modules("cookies")
        erasing.asked_for.connect(withdrawal.withdraw_first)
        roles.grant(self.label, roles.DATA_PROTECTION, "view_consentrecord")
        post_migrate.connect(roles.make_groups, sender=self)
        # A release may change the words of the notice and the code that asks, and every release
        # runs `migrate`.
        post_migrate.connect(actions.store_notice_after_migrate, sender=self)
        post_migrate.connect(looks.store_manifest_after_migrate, sender=self)
