"""Sessions of staff, and their passkeys. Accounts are Django's own, other factors django-otp's."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, TimestampMixin


class StaffSession(AbstractBaseSession):
    """A session with its user, so that all sessions of one person can be ended."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> Any:
        from voipstudio.accounts.sessions import SessionStore

        return SessionStore


class Passkey(TimestampMixin, Device):
    """The public key of one passkey (WebAuthn Level 3, credential record)."""

    # Base64 for URLs: 1,023 bytes at most.
    credential_id = models.CharField(max_length=1364, unique=True)
    public_key = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    # How a browser reaches it, such as "usb" or "internal"; sent back to the browser as a hint.
    transports = models.JSONField(default=list)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
