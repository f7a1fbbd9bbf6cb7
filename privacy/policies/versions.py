"""Versions of policies, from the first draft to the superseded text, and the log of their steps."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from content.both_languages import by_language
from privacy.policies.version_file import VersionContent


class PolicyCode(models.TextChoices):
    """The documents that have an address on the site."""

    PRIVACY = "privacy", _("privacy policy")
    TERMS = "terms", _("terms of service")
    ACCEPTABLE_USE = "acceptable-use", _("acceptable use policy")


class Stage(models.TextChoices):
    """The stage to which people have taken a version."""

    DRAFT = "draft", _("draft")
    REVIEW = "in-review", _("in review")
    PUBLISHED = "published", _("published")
    DISCARDED = "discarded", _("discarded")


class State(models.TextChoices):
    """What a version is at a moment. For a published version the clock decides."""

    DRAFT = "draft", _("draft")
    REVIEW = "in-review", _("in review")
    DISCARDED = "discarded", _("discarded")
    SCHEDULED = "scheduled", _("scheduled")
    IN_FORCE = "in-force", _("in force")
    SUPERSEDED = "superseded", _("superseded")


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def published(self) -> "PolicyVersionQuerySet":
        return self.filter(stage=Stage.PUBLISHED)

    def taking_force(self) -> "PolicyVersionQuerySet":
        """Versions that were, are or will be in force; not those replaced before their own date."""
        replacement = PolicyVersion.objects.published().filter(
            policy=OuterRef("policy"),
            number__gt=OuterRef("number"),
            effective_at__lte=OuterRef("effective_at"),
        )
        return self.published().filter(~Exists(replacement))

    def predecessor_in_force(self, version: "PolicyVersion") -> "PolicyVersion | None":
        """The version that applies until this one takes force; None before the first."""
        earlier = self.taking_force().filter(
            policy=version.policy, effective_at__lt=version.effective_at
        )
        return earlier.order_by("-effective_at").first()

    def replacements(self, version: "PolicyVersion", *, at: datetime) -> "PolicyVersionQuerySet":
        """Later versions that took force by `at`, or that take force before this one would."""
        start = max(at, version.effective_at or at)
        return self.published().filter(
            policy=version.policy, number__gt=version.number or 0, effective_at__lte=start
        )

    def in_force(self, policy: str, *, at: datetime) -> "PolicyVersion | None":
        """The version that applies at a moment: the one that took force last."""
        return (
            self.taking_force()
            .filter(policy=policy, effective_at__lte=at)
            .order_by("-effective_at")
            .first()
        )

    def unapproved(self) -> "PolicyVersionQuerySet":
        """First versions that the site itself published, and that no person has approved."""
        by_a_person = PolicyStep.objects.filter(
            version=OuterRef("pk"),
            kind__in=[PolicyStep.Kind.PUBLISHED, PolicyStep.Kind.APPROVED],
            user__isnull=False,
        )
        return self.published().filter(~Exists(by_a_person), number=1)

    def next_number(self, policy: str) -> int:
        """The number of the next version to be published. Drafts have none, so there is no gap."""
        last = self.filter(policy=policy).aggregate(last=models.Max("number"))["last"]
        return (last or 0) + 1

    def move(self, version: "PolicyVersion", *, to: Stage, start: Collection[Stage]) -> bool:
        """Move a version from one of the `start` stages. False if it has changed since it was read.

        One statement compares and writes: of two people at once only one moves it.
        """
        unchanged = self.filter(pk=version.pk, revision=version.revision, stage__in=start)
        return bool(unchanged.update(stage=to, revision=F("revision") + 1))


class PolicyVersion(models.Model):
    """One version of one policy, in both languages.

    The database refuses to change or delete a published one (I14: published texts never change).
    """

    policy = models.CharField(_("policy"), max_length=20, choices=PolicyCode)
    number = models.PositiveIntegerField(_("version"), null=True, editable=False)
    stage = models.CharField(_("stage"), max_length=9, choices=Stage, default=Stage.DRAFT)
    title_pl = models.CharField(_("title (Polish)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    text_pl = models.TextField(_("text (Polish)"), blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    change_summary_pl = models.TextField(_("what changes (Polish)"), blank=True)
    change_summary_en = models.TextField(_("what changes (English)"), blank=True)
    # The numbers of the paragraphs that answer each item of the checklist in article_13.py.
    article_13 = models.JSONField(_("GDPR Art. 13"), default=dict, blank=True)
    is_material = models.BooleanField(_("material change"), default=False)
    asks_again = models.BooleanField(_("ask for consent again"), default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    effective_at = models.DateTimeField(_("takes effect at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    hash = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    # Counts the changes of a draft, so that nobody overwrites a change that they have not seen.
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["policy", F("number").desc(nulls_first=True), "-pk"]
        permissions = [("publish_policyversion", _("Can publish policy versions"))]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="privacy_version_number"),
            # I14: published in both languages or not at all.
            models.CheckConstraint(
                name="privacy_published_is_complete",
                condition=(
                    ~Q(stage=Stage.PUBLISHED)
                    & Q(published_at__isnull=True, number__isnull=True, hash="")
                )
                | (
                    Q(stage=Stage.PUBLISHED, published_at__isnull=False, number__isnull=False)
                    & Q(effective_at__isnull=False, effective_at__gte=F("published_at"))
                    & ~Q(title_pl="")
                    & ~Q(title_en="")
                    & ~Q(text_pl="")
                    & ~Q(text_en="")
                    & ~Q(hash="")
                ),
            ),
        ]

    def __str__(self) -> str:
        if self.number:
            return f"{self.get_policy_display()} {self.number}"
        return _("%(policy)s, draft %(id)s") % {"policy": self.get_policy_display(), "id": self.pk}

    @property
    def is_published(self) -> bool:
        return self.stage == Stage.PUBLISHED

    def state(self, *, at: datetime) -> State:
        """The state at a moment. Queries the database for the version in force."""
        if self.stage != Stage.PUBLISHED:
            return State(self.stage)
        versions = type(self).objects
        if self == versions.in_force(self.policy, at=at):
            return State.IN_FORCE
        is_coming = versions.taking_force().filter(pk=self.pk, effective_at__gt=at).exists()
        return State.SCHEDULED if is_coming else State.SUPERSEDED

    @property
    def last_writer(self) -> Any:
        """The author of the last change; None for the site itself."""
        written = self.steps.filter(kind__in=[PolicyStep.Kind.STARTED, PolicyStep.Kind.EDITED])
        step = written.select_related("user").last()
        return step.user if step else None

    def file(self) -> bytes:
        """The file of the version, which is hashed. Raises ValueError for a draft."""
        if self.number is None or self.published_at is None or self.effective_at is None:
            raise ValueError("A draft has no file.")
        content = VersionContent(
            policy=self.policy,
            number=self.number,
            published_at=self.published_at,
            effective_at=self.effective_at,
            is_material=self.is_material,
            asks_again=self.asks_again,
            article_13=self.article_13,
            titles=by_language(self, "title"),
            change_summaries=by_language(self, "change_summary"),
            sources=by_language(self, "text"),
        )
        return content.file()


class PolicyStep(models.Model):
    """One step of a version: its user and its moment. Append-only."""

    class Kind(models.TextChoices):
        STARTED = "started", _("started")
        EDITED = "edited", _("edited")
        SUBMITTED = "submitted", _("submitted for review")
        RETURNED = "returned", _("returned to its author")
        CHECKED = "checked", _("warning checked")
        PUBLISHED = "published", _("published")
        APPROVED = "approved", _("approved")
        DISCARDED = "discarded", _("discarded")
        LINK_MADE = "link-made", _("preview link made")
        LINKS_ENDED = "links-ended", _("preview links ended")

    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="steps", verbose_name=_("policy version")
    )
    kind = models.CharField(_("step"), max_length=12, choices=Kind)
    # None where the site itself acted, as with its first version.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    taken_at = models.DateTimeField(_("when"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("step of a version")
        verbose_name_plural = _("steps of a version")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="privacy_one_approval", fields=["version"], condition=Q(kind="approved")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taken_at:%Y-%m-%d %H:%M} {self.kind}"
