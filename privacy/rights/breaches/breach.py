"""The register of personal data breaches (GDPR Art. 33(5)): what happened, and who was told.

No row names a person: a breach concerns kinds of people, and those who are told are offices or
groups.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, OrderBy, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.rights.breaches.breach_notice import Addressee, BreachNotice, first_told, was_told
from privacy.rights.breaches.clock import TIME_TO_TELL, Clock, ClockState, in_utc
from privacy.rights.map.periods import years_before

# With less time left, the officer gets a mail.
URGENT = timedelta(hours=48)

_NO_NAMES = gettext_lazy("Write no names and no addresses of people.")

# By authority: the field that says whether it is competent for a breach (GDPR Art. 55).
AUTHORITIES = {
    Addressee.ICO: "is_ico_competent",
    Addressee.UODO: "is_uodo_competent",
    Addressee.OTHER_AUTHORITY: "is_other_competent",
}
_SOME_AUTHORITY = Q(is_ico_competent=True) | Q(is_uodo_competent=True) | Q(is_other_competent=True)


class Risk(models.TextChoices):
    """The assessed risk to the rights and freedoms of people."""

    NOT_ASSESSED = "not-assessed", gettext_lazy("not assessed yet")
    UNLIKELY = "unlikely", gettext_lazy("unlikely")
    RISK = "risk", gettext_lazy("risk")
    HIGH = "high", gettext_lazy("high risk")


class NotReady(Exception):
    """A breach that cannot be closed yet, with the sentences that say what is missing."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


class BreachQuerySet(models.QuerySet["Breach"]):
    def waiting(self) -> "BreachQuerySet":
        """Those about which an authority must still be told: their clock runs, or is overdue."""
        return self.filter(_is_waiting())

    def with_less_left(self, time: timedelta, *, at: datetime) -> "BreachQuerySet":
        """Those that wait, are overdue or will be so within a time; the oldest first."""
        rows = self.waiting().filter(aware_at__lt=in_utc(at) + time - TIME_TO_TELL)
        return rows.order_by("aware_at").prefetch_related("notices")

    def people_untold(self) -> "BreachQuerySet":
        """Those of a high risk whose people were neither told, nor need not be told."""
        return self.filter(
            ~was_told(Addressee.PEOPLE),
            closed_at=None,
            risk=Risk.HIGH,
            people_not_told_reason="",
        )


class Breach(models.Model):
    """One breach. Its clock and the open duties follow from it and from its notices."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    facts = models.TextField(gettext_lazy("what happened"), help_text=_NO_NAMES)
    began_at = models.DateTimeField(
        gettext_lazy("since when"),
        null=True,
        blank=True,
        help_text=gettext_lazy("When the breach happened or began. Empty: not known."),
    )
    aware_at = models.DateTimeField(
        gettext_lazy("when we became aware"),
        db_index=True,
        help_text=gettext_lazy(
            "From this moment on there are 72 hours to tell the supervisory authority: from when "
            "it was reasonably certain that personal data had been breached."
        ),
    )
    people_kinds = models.TextField(
        gettext_lazy("kinds of people"),
        blank=True,
        help_text=gettext_lazy("Such as trial users, customers, callers. Write no names."),
    )
    people_number = models.PositiveIntegerField(
        gettext_lazy("about how many people"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Empty: not known yet."),
    )
    data_kinds = models.TextField(
        gettext_lazy("kinds of data"),
        blank=True,
        help_text=gettext_lazy("Such as e-mail addresses, recordings. Write none of the data."),
    )
    records_number = models.PositiveIntegerField(
        gettext_lazy("about how many records"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Empty: not known yet."),
    )
    effects = models.TextField(gettext_lazy("effects and likely consequences"), blank=True)
    measures = models.TextField(
        gettext_lazy("measures taken and proposed"),
        blank=True,
        help_text=gettext_lazy("Against the breach, and against its effects."),
    )
    risk = models.CharField(
        gettext_lazy("risk to the rights and freedoms of people"),
        max_length=12,
        choices=Risk,
        default=Risk.NOT_ASSESSED,
        help_text=gettext_lazy("While it is not assessed, the clock runs."),
    )
    risk_reason = models.TextField(
        gettext_lazy("reasons for the assessment"),
        blank=True,
        help_text=gettext_lazy("Needed where a risk is unlikely, so that no authority is told."),
    )
    is_ico_competent = models.BooleanField(Addressee.ICO.label, default=True)
    is_uodo_competent = models.BooleanField(Addressee.UODO.label, default=True)
    is_other_competent = models.BooleanField(Addressee.OTHER_AUTHORITY.label, default=False)
    late_reason = models.TextField(
        gettext_lazy("reasons for the delay"),
        blank=True,
        help_text=gettext_lazy("Needed after 72 hours (GDPR Art. 33(1))."),
    )
    people_not_told_reason = models.TextField(
        gettext_lazy("why the people concerned need not be told"),
        blank=True,
        help_text=gettext_lazy(
            "For a high risk, where you do not tell them: which case of GDPR Art. 34(3) it is, and "
            "why."
        ),
    )
    closed_at = models.DateTimeField(
        gettext_lazy("closed at"), null=True, editable=False, db_index=True
    )

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("breach")
        verbose_name_plural = gettext_lazy("personal data breaches")
        constraints = [
            models.CheckConstraint(
                name="privacy_breach_began_before_we_were_aware",
                condition=Q(began_at=None) | Q(began_at__lte=F("aware_at")),
            ),
            models.CheckConstraint(
                name="privacy_breach_unlikely_risk_has_reasons",
                condition=~Q(risk=Risk.UNLIKELY) | ~Q(risk_reason=""),
            ),
            models.CheckConstraint(
                name="privacy_breach_has_a_competent_authority",
                condition=Q(risk=Risk.UNLIKELY) | _SOME_AUTHORITY,
            ),
            models.CheckConstraint(
                name="privacy_breach_closed_is_complete",
                condition=Q(closed_at=None)
                | (~Q(risk=Risk.NOT_ASSESSED) & ~Q(effects="") & ~Q(measures="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.aware_at):%Y-%m-%d %H:%M}"

    def clean(self) -> None:
        """Refuse what contradicts itself, with what to do."""
        errors = {}
        if self.began_at and self.aware_at and in_utc(self.began_at) > in_utc(self.aware_at):
            errors["began_at"] = _("We cannot be aware of a breach before it began: correct one.")
        if self.risk == Risk.UNLIKELY:
            if not self.risk_reason:
                errors["risk_reason"] = _("Write why a risk to people is unlikely.")
        elif not any(getattr(self, field) for field in AUTHORITIES.values()):
            errors["is_ico_competent"] = _("Choose at least one authority.")
        if errors:
            raise ValidationError(errors)

    @property
    def clock(self) -> Clock:
        return self.clock_with(self.notices.all())

    def clock_with(self, notices: Iterable[BreachNotice]) -> Clock:
        """The clock, if these were its notices."""
        first = first_told(notices)
        moments = [first.get(authority) for authority in self.competent_authorities]
        told = [moment for moment in moments if moment]
        told_at = max(told) if told and len(told) == len(moments) else None
        return Clock(self.aware_at, told_at, is_needed=self.risk != Risk.UNLIKELY)

    @property
    def competent_authorities(self) -> list[Addressee]:
        return [authority for authority, field in AUTHORITIES.items() if getattr(self, field)]

    @property
    def told(self) -> dict[Addressee, datetime]:
        """By everybody who was told: when for the first time."""
        return first_told(self.notices.all())

    @property
    def untold_authorities(self) -> list[Addressee]:
        return [each for each in self.competent_authorities if each not in self.told]

    @property
    def lacks_people(self) -> bool:
        """Whether the people concerned must still be told (GDPR Art. 34)."""
        is_excused = bool(self.people_not_told_reason)
        return self.risk == Risk.HIGH and not is_excused and Addressee.PEOPLE not in self.told

    def reasons_against_closing(self, *, at: datetime) -> list[str]:
        """What must be done before it can be closed: all that Art. 33(5) wants to be there."""
        state = self.clock.state(at=at)
        checks = (
            (self.risk == Risk.NOT_ASSESSED, _("Assess the risk.")),
            (not self.effects, _("Write the effects.")),
            (not self.measures, _("Write the measures taken.")),
            (state in (ClockState.RUNNING, ClockState.OVERDUE), _("Tell the authority.")),
            (
                state == ClockState.TOLD_LATE and not self.late_reason,
                _("Write the reasons for the delay."),
            ),
            (
                self.lacks_people,
                _("Tell the people concerned, or write why they need not be told."),
            ),
        )
        return [text for is_missing, text in checks if is_missing]


def by_clock() -> list[OrderBy]:
    """An order: first the clocks that run, what is overdue before what has the least time left.

    All have 72 hours, so the oldest of them is first. Then other open breaches, then closed ones.
    """
    return [
        OrderBy(Case(When(_is_waiting(), then=F("aware_at"))), nulls_last=True),
        F("closed_at").desc(nulls_first=True),
        F("aware_at").desc(),
    ]


def urgent(*, at: datetime) -> QuerySet[Breach]:
    """Those of which an authority must be told within 48 hours, or should have been told."""
    return Breach.objects.with_less_left(URGENT, at=at)


def past_their_period(at: datetime) -> QuerySet[Breach]:
    """Closed PROOF_YEARS ago. Their notices are deleted with them."""
    return Breach.objects.filter(closed_at__lte=years_before(at, settings.PROOF_YEARS))


def close(breach: Breach, *, at: datetime) -> None:
    """Close a breach that is locked. Raises NotReady."""
    if reasons := breach.reasons_against_closing(at=at):
        raise NotReady(reasons)
    Breach.objects.filter(pk=breach.pk).update(closed_at=at)


def reopen(breach: Breach) -> bool:
    """Open a closed breach again. Returns False where it is open."""
    return bool(Breach.objects.filter(pk=breach.pk).exclude(closed_at=None).update(closed_at=None))


def _is_waiting() -> Q:
    """A condition on breaches: see `BreachQuerySet.waiting`."""
    untold = Q()
    for authority, field in AUTHORITIES.items():
        untold |= Q(**{field: True}) & ~was_told(authority)
    return untold & Q(closed_at=None) & ~Q(risk=Risk.UNLIKELY)
