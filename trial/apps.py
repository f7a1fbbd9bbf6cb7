"""The app of the 30-day trial, and of the paid visits that led to it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrialConfig(AppConfig):
    name = "trial"
    verbose_name = _("trial")
