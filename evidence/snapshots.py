"""The columns of a table that keeps each state of something that readers saw."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Snapshot(models.Model):
    """One state, exactly as it was shown, from a moment on. Append-only, the newest first."""

    content = models.JSONField(_("contents"))
    hash = models.CharField(_("SHA-256 hash"), max_length=64)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.hash[:12]}"
