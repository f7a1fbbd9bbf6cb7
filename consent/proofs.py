"""The evidence of choices: states of the registry, what was asked, and what was chosen (I9)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.snapshots import Snapshot
from privacy.rights.map.periods import years_before


class RegistrySnapshot(Snapshot):
    """One state of the registry, exactly as it was shown (I9: append-only)."""

    class Meta(Snapshot.Meta):
        verbose_name = _("registry snapshot")
        verbose_name_plural = _("registry snapshots")


class Notice(models.Model):
    """What visitors were asked: the exact words per language, over a snapshot (I9: append-only)."""

    snapshot = models.ForeignKey(
        RegistrySnapshot, models.PROTECT, verbose_name=_("registry snapshot")
    )
    texts = models.JSONField(_("words"))
    hash = models.CharField(_("SHA-256 hash"), max_length=64)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]

    def __str__(self) -> str:
        created_at = timezone.localtime(self.created_at)
        return f"{created_at:%Y-%m-%d %H:%M} {self.hash[:12]}"


class ConsentRecordQuerySet(models.QuerySet["ConsentRecord"]):
    def live_grants(self, *, at: datetime) -> "ConsentRecordQuerySet":
        """The grants that count: not expired, and not superseded by a withdrawal or a new grant."""
        later = ConsentRecord.objects.filter(supersedes=OuterRef("pk"))
        return self.filter(~Exists(later), is_refusal=False, expires_at__gt=at)

    def past_proof(self, *, at: datetime) -> "ConsentRecordQuerySet":
        """The records of choices that expired so long ago that no claim is left."""
        return self.filter(expires_at__lte=years_before(at, settings.RECORD_YEARS))


class ConsentRecord(models.Model):
    """The proof of one choice (GDPR Art. 7(1); I9: append-only), without name or IP address.

    The browser keeps the id of a grant, never that of a refusal (I8). The answer to a withdrawal
    shows the id of its record once.
    """

    class Method(models.TextChoices):
        BANNER = "banner", _("banner")
        COOKIE_PAGE = "cookie-page", _("cookie page")
        # A withdrawal for which nothing was asked: see consent/withdrawal.py.
        ERASURE = "erasure", _("erasure of the data")

    # Where the question is asked.
    PLACES = (Method.BANNER, Method.COOKIE_PAGE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(_("made at"), db_index=True)
    expires_at = models.DateTimeField(_("until"), db_index=True)
    notice = models.ForeignKey(
        Notice, models.PROTECT, null=True, db_index=False, verbose_name=_("notice")
    )
    language = models.CharField(_("language"), max_length=2)
    offered = models.JSONField(_("groups offered"))
    granted = models.JSONField(_("groups granted"))
    is_refusal = models.BooleanField(_("refusal"))
    method = models.CharField(_("method"), max_length=12, choices=Method)
    has_javascript = models.BooleanField(_("with JavaScript"))
    has_gpc_signal = models.BooleanField(_("with GPC signal"))
    policy_version = models.ForeignKey(
        "privacy.PolicyVersion",
        models.PROTECT,
        null=True,
        db_index=False,
        verbose_name=_("policy version"),
    )
    # Only an id: the earlier record ends first, and this one stays.
    supersedes = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )
    # By consent/records/record_hash.py. Empty in a row of a release before: the worker fills it in.
    hash = models.CharField(_("SHA-256 hash"), max_length=64, db_default="")
    # By the clock of the database. A refusal that waited on disk is stored later than made.
    stored_at = models.DateTimeField(_("stored at"), db_default=Now())

    objects = ConsentRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        ordering = ["-made_at"]
        indexes = [
            # Records come in the order in which they are stored, so that a few kilobytes tell where
            # those of a day are.
            BrinIndex(fields=["stored_at"], name="consent_record_stored"),
            models.Index(fields=["id"], condition=Q(hash=""), name="consent_record_without_hash"),
            # For the deletion of a draft, which asks for its records: they come in the order of the
            # versions too.
            BrinIndex(fields=["policy_version"], name="consent_record_version"),
        ]
        constraints = [
            models.CheckConstraint(
                name="consent_grant_names_its_notice",
                condition=Q(is_refusal=True) | Q(notice__isnull=False),
            ),
            # The choices of a browser are one chain: of two tabs the later supersedes the other.
            models.UniqueConstraint(
                fields=["supersedes"],
                # Most records supersede nothing.
                condition=Q(supersedes__isnull=False),
                name="consent_record_superseded_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
