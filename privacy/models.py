"""Mails on their way, tokens, counts for rate limits; and policy versions."""

import uuid
from datetime import UTC, datetime, timedelta

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.deliveries import Delivery, DeliveryQuerySet
from privacy.policy_versions import PolicyCode, PolicyStep, PolicyVersion, Stage, State

__all__ = [
    "Mail",
    "PolicyCode",
    "PolicyStep",
    "PolicyVersion",
    "RateCount",
    "Stage",
    "State",
    "SuppressedAddress",
    "Token",
    "end_of_window",
]


class MailQuerySet(DeliveryQuerySet["Mail"]):
    def due(self, *, at: datetime) -> "MailQuerySet":
        """As of any delivery; what goes to many waits for what one person waits for."""
        return super().due(at=at).order_by("is_bulk", "next_attempt_at")


class Mail(Delivery):
    """One mail: its kind, and what it is about. Its words and its reader are found as it is sent.

    Nobody gets more than two copies: `possible_copies` is raised before each hand-over to the mail
    server, and lowered only where the server has surely refused it.
    """

    MAX_COPIES = 2

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(_("about"), max_length=80)
    is_bulk = models.BooleanField(_("to many"), default=False)
    possible_copies = models.PositiveSmallIntegerField(_("possible copies"), default=0)

    objects = MailQuerySet.as_manager()

    class Meta(Delivery.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            *Delivery.Meta.indexes,
            models.Index(fields=["about"], name="privacy_mail_about"),
        ]
        constraints = [
            *Delivery.Meta.constraints,
            models.CheckConstraint(
                condition=Q(possible_copies__lte=2), name="privacy_mail_two_copies_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class SuppressedAddress(models.Model):
    """A keyed hash of an address whose mail server says that it does not exist."""

    key = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.expires_at:%Y-%m-%d}"


class Token(models.Model):
    """The right to do one thing, once, from a link in a mail. See `tokens.py`."""

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"


def end_of_window(at: datetime, window: timedelta) -> datetime:
    """When the window that holds `at` ends: windows follow each other from midnight UTC."""
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return start + ((at - start) // window + 1) * window


_HIT = """
INSERT INTO privacy_ratecount (key, ends_at, count) VALUES (%s, %s, 1)
ON CONFLICT (key, ends_at) DO UPDATE SET count = privacy_ratecount.count + 1 RETURNING count
"""


class RateCountQuerySet(models.QuerySet["RateCount"]):
    def hit(self, key: str, *, window: timedelta, at: datetime) -> int:
        """Count one more event for `key` in the window of `at`, and return how many there are.

        One statement, whether it is the first or not: how long it takes must not tell (I16).
        """
        ends_at = connection.ops.adapt_datetimefield_value(end_of_window(at, window))
        with connection.cursor() as cursor:
            cursor.execute(_HIT, [key, ends_at])
            [count] = cursor.fetchone()
        return int(count)

    def forget_past(self, *, at: datetime) -> None:
        """Delete what was counted in windows that are over at `at`."""
        past = self.filter(ends_at__lte=at)
        if past.exists():  # asked first: this is called twice a second, and seldom has work
            past.delete()


class RateCount(models.Model):
    """How often one keyed hash acted in one window. No address; gone when the window is over."""

    key = models.CharField(max_length=64)
    ends_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    objects = RateCountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "ends_at"], name="privacy_rate_key")]

    def __str__(self) -> str:
        return f"{self.ends_at:%H:%M} {self.count}"
