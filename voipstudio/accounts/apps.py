"""The app of staff accounts, and the admin with our own site."""

import logging
from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.auth.signals import user_login_failed
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class AdminConfig(DjangoAdminConfig):
    """Django's admin, whose `admin.site` is ours."""

    default_site = "voipstudio.accounts.site.StaffSite"


class AccountsConfig(AppConfig):
    name = "voipstudio.accounts"
    verbose_name = _("accounts of staff")

    def ready(self) -> None:
        from voipstudio.accounts import checks as checks  # importing it registers them

        user_login_failed.connect(log_failure, dispatch_uid="accounts")


def log_failure(sender: Any, **kwargs: Any) -> None:
    """Say that a login failed. The signal has the name that was typed, the log must not (I21)."""
    logger.warning("A login failed: wrong name or wrong password.")
