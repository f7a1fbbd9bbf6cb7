"""Mails, addresses that get no more mail, and the tokens in the links of mails."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Right
from django.utils.translation import gettext_lazy as _

from delivery.deliveries import (
    Delivery,
    DeliveryQuerySet,
    created_index,
    due_index,
    finished_constraint,
)
from evidence.keyed_hashes import KeyedHashField

# Of the random ids of sign-ups and consents, which mails and tokens are about.
ID_LENGTH = len(str(uuid.UUID(int=0)))


class MailQuerySet(DeliveryQuerySet["Mail"]):
    def about_any(self, ids: Iterable[uuid.UUID]) -> Self:
        """The mails about one of these ids, alone or beside the number of something else."""
        texts = [str(each) for each in ids]
        first, last = Left("about", ID_LENGTH), Right("about", ID_LENGTH)
        with_ids = self.annotate(first_id=first, last_id=last)
        return with_ids.filter(Q(first_id__in=texts) | Q(last_id__in=texts))

    def due(self, *, at: datetime) -> "MailQuerySet":
        """Due mails, single mails before bulk mails."""
        return super().due(at=at).order_by("is_bulk", "next_attempt_at")


class Mail(Delivery):
    """One mail: its kind, and the id of its subject. Words and address are looked up as it is sent.

    Nobody gets more than two copies: `possible_copies` is raised before the mail server gets the
    content, and lowered only after a clear refusal.
    """

    MAX_COPIES = 2

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(_("about"), max_length=80)
    is_bulk = models.BooleanField(_("to many"), default=False)
    possible_copies = models.PositiveSmallIntegerField(_("possible copies"), default=0)

    objects = MailQuerySet.as_manager()

    class Meta(Delivery.Meta):
        db_table = "privacy_mail"
        verbose_name = _("e-mail message")
        verbose_name_plural = _("e-mail messages")
        indexes = [
            due_index("privacy_mail"),
            created_index("privacy_mail"),
            models.Index(fields=["about"], name="privacy_mail_about"),
            # The ids in `about`, to find the mails about a deleted row.
            models.Index(Left("about", ID_LENGTH), name="privacy_mail_about_first"),
            models.Index(Right("about", ID_LENGTH), name="privacy_mail_about_last"),
            models.Index(fields=["finished_at"], name="privacy_mail_finished"),
        ]
        constraints = [
            finished_constraint("privacy_mail"),
            models.CheckConstraint(
                condition=Q(possible_copies__lte=2), name="privacy_mail_two_copies_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class SuppressedAddress(models.Model):
    """A keyed hash of an address that does not exist, as its mail server says."""

    key = KeyedHashField(unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "privacy_suppressedaddress"

    def __str__(self) -> str:
        return f"{self.expires_at:%Y-%m-%d}"


class Token(models.Model):
    """One token: it allows one action, once, from a link in a mail. See `tokens.py`."""

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "privacy_token"
        indexes = [
            models.Index(fields=["subject"], name="privacy_token_subject"),
            models.Index(fields=["expires_at"], name="privacy_token_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """The one row that says when a worker gave its last sign of life. See `heartbeat.py`."""

    ONLY = 1

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
