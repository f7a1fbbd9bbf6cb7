"""What the site promises people (policies), and what they may ask for (rights)."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = _("policies and personal data")

    def ready(self) -> None:
        from privacy import checks as checks  # importing it registers them
        from privacy import roles
        from privacy.rights.map import checks as map_checks  # noqa: F401 - it registers them
        from privacy.rights.readings import checks as readings_checks  # noqa: F401 - it registers them
        from privacy.rights.recipients import checks as recipients_checks  # noqa: F401 - it registers them
        from privacy.rights.recipients import recipients_table
        from privacy.rights.retention import retention_table

        post_migrate.connect(roles.make_groups, sender=self)
        # A release may change the map or a period, and every release runs `migrate`.
        post_migrate.connect(retention_table.TABLE.keep_after_migrate, sender=self)
        post_migrate.connect(recipients_table.TABLE.keep_after_migrate, sender=self)
        autodiscover_modules("policy_tables")
        autodiscover_modules("consequences")
        autodiscover_modules("personal_data")
