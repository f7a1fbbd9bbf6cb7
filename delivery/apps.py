"""Deliveries: mails, hand-overs to other systems, and the worker that sends them."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("e-mail messages")

    def ready(self) -> None:
        from delivery import checks as checks  # registers the check

        autodiscover_modules("mails")
        autodiscover_modules("jobs")
