"""What a person asked for by one of their rights, its clock, and the steps until its outcome."""

import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case as CaseWhen
from django.db.models import Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.rights.cases.case import Case
from privacy.rights.requests import clock

# Without letters and digits that look alike, as people read a reference out on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def make_reference() -> str:
    """A random reference, such as 7K3M-9Q2X: a counted one would tell how many people ask."""
    letters = "".join(secrets.choice(_ALPHABET) for _position in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class Right(models.TextChoices):
    """What is asked for: a right of the GDPR, or a complaint."""

    ACCESS = "access", _("access (Art. 15)")
    RECTIFICATION = "rectification", _("rectification (Art. 16)")
    ERASURE = "erasure", _("erasure (Art. 17)")
    RESTRICTION = "restriction", _("restriction (Art. 18)")
    PORTABILITY = "portability", _("portability (Art. 20)")
    OBJECTION = "objection", _("objection (Art. 21)")
    AUTOMATED = "automated", _("automated decisions (Art. 22)")
    COMPLAINT = "complaint", _("complaint")


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def open(self) -> "DataRequestQuerySet":
        return self.filter(closed_at__isnull=True)

    def running(self) -> "DataRequestQuerySet":
        """Open, and not paused."""
        return self.open().filter(paused_on__isnull=True)

    def overdue(self, *, at: datetime) -> "DataRequestQuerySet":
        return self.running().filter(due_on__lt=timezone.localdate(at))

    def due_until(self, day: date) -> "DataRequestQuerySet":
        """Running, and to be answered on this day or before."""
        return self.running().filter(due_on__lte=day)

    def unacknowledged(self) -> "DataRequestQuerySet":
        """Complaints that nobody has acknowledged yet."""
        return self.open().filter(kind=Right.COMPLAINT, acknowledged_at__isnull=True)

    def received_before(self, day: date) -> "DataRequestQuerySet":
        midnight = datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
        return self.filter(opened_at__lt=midnight)

    def late_to_acknowledge(self, *, at: datetime) -> "DataRequestQuerySet":
        """Complaints whose last day for an acknowledgement is over."""
        last = timezone.localdate(at) - timedelta(days=clock.ACKNOWLEDGE_DAYS - 1)
        return self.unacknowledged().received_before(last)

    def late(self, *, at: datetime) -> "DataRequestQuerySet":
        """Those of which one clock has run out: the answer, or the acknowledgement."""
        late = [self.overdue(at=at).values("pk"), self.late_to_acknowledge(at=at).values("pk")]
        return self.filter(Q(pk__in=late[0]) | Q(pk__in=late[1]))

    def by_clock(self, *, at: datetime) -> "DataRequestQuerySet":
        """The late ones first, then by the day of the answer; then the paused, then the closed."""
        urgency = CaseWhen(
            When(closed_at__isnull=False, then=3),
            When(pk__in=self.model.objects.late(at=at).values("pk"), then=0),
            When(paused_on__isnull=False, then=2),
            default=1,
        )
        return self.annotate(urgency=urgency).order_by(*BY_CLOCK)


# The newest of the closed ones come first.
BY_CLOCK = ("urgency", "-closed_at", "due_on", "opened_at")


class DataRequest(Case):
    """One request, received at `opened_at`. `due_on` follows from the other days: see `set_due`."""

    CLOSED = Q(closed_at__isnull=False)

    class Source(models.TextChoices):
        SITE = "site", _("on the site")
        EMAIL = "email", _("by e-mail")
        LETTER = "letter", _("by letter")
        TELEPHONE = "telephone", _("by telephone")

    class Outcome(models.TextChoices):
        DONE = "done", _("done as asked")
        PARTLY = "partly", _("done in part")
        REFUSED = "refused", _("refused, with the reason")
        NOTHING_HELD = "nothing", _("we hold nothing about the person")
        TAKEN_BACK = "taken-back", _("taken back by the person")

    reference = models.CharField(
        _("reference"), max_length=9, unique=True, default=make_reference, editable=False
    )
    kind = models.CharField(_("right"), max_length=13, choices=Right)
    source = models.CharField(_("received"), max_length=9, choices=Source, default=Source.SITE)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.TextField(_("what the person wrote"), blank=True)
    # The mailbox was shown to be the person's, by the link in a mail or by staff.
    is_verified = models.BooleanField(_("identity verified"), default=False)
    due_on = models.DateField(_("answer due on"), editable=False, db_index=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, editable=False)
    extended_at = models.DateTimeField(_("extended at"), null=True, editable=False)
    paused_on = models.DateField(_("paused since"), null=True, editable=False)
    paused_days = models.PositiveIntegerField(_("days paused"), default=0, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, blank=True, editable=False
    )
    # An erasure was final while it was open: what it holds of the person ends after the answer.
    is_person_erased = models.BooleanField(
        _("person erased while it was open"), default=False, db_default=False, editable=False
    )

    objects = DataRequestQuerySet.as_manager()

    class Meta(Case.Meta):
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of people")
        constraints = [
            models.CheckConstraint(
                name="privacy_datarequest_outcome",
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_due()
        super().save(*args, **kwargs)

    def set_due(self) -> None:
        """Compute `due_on` from the day of receipt, the extension and the pauses."""
        self.due_on = clock.due_on(
            self.received_on,
            is_extended=self.extended_at is not None,
            paused_days=self.paused_days,
        )

    @property
    def received_on(self) -> date:
        return timezone.localdate(self.opened_at)

    @property
    def acknowledge_by(self) -> date | None:
        """The last day to acknowledge a complaint; None for a request."""
        is_complaint = self.kind == Right.COMPLAINT
        return clock.acknowledge_by(self.received_on) if is_complaint else None

    @property
    def acknowledged_on(self) -> date | None:
        return timezone.localdate(self.acknowledged_at) if self.acknowledged_at else None

    def days_to_acknowledge(self, *, at: datetime) -> int | None:
        """Days left to acknowledge a complaint, negative when it is late; None if that is over."""
        if self.acknowledge_by is None or self.acknowledged_at or not self.is_open:
            return None
        return (self.acknowledge_by - timezone.localdate(at)).days

    def is_late(self, *, at: datetime) -> bool:
        """Whether one of the clocks has run out."""
        return self.is_overdue(at=at) or (self.days_to_acknowledge(at=at) or 0) < 0

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def is_overdue(self, *, at: datetime) -> bool:
        return self.is_open and not self.paused_on and self.due_on < timezone.localdate(at)

    def days_left(self, *, at: datetime) -> int:
        """Days until the answer is due; negative when it is overdue."""
        return (self.due_on - timezone.localdate(at)).days


class RequestStep(models.Model):
    """One thing that happened to a request. Rows are added and never changed."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        VERIFIED = "verified", _("identity verified")
        EXTENDED = "extended", _("extended")
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("resumed")
        NOTE = "note", _("note")
        ANSWERED = "answered", _("answered")
        EXPORTED = "exported", _("exported as a file")
        CLOSED = "closed", _("closed")

    request = models.ForeignKey(
        DataRequest, models.CASCADE, related_name="steps", verbose_name=_("request of a person")
    )
    kind = models.CharField(_("step"), max_length=12, choices=Kind)
    taken_at = models.DateTimeField(_("moment"))
    # Null where the site took the step by itself.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("by")
    )
    text = models.TextField(_("words"), blank=True)

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of a request")
        ordering = ["taken_at", "pk"]

    # The steps whose words the person reads.
    TOLD = (Kind.EXTENDED, Kind.PAUSED, Kind.ANSWERED)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.taken_at:%Y-%m-%d}"

    @property
    def is_by_letter(self) -> bool:
        """Whether staff send the words by post, as the person has no address for a mail."""
        return self.kind in self.TOLD and bool(self.text) and not self.request.email
