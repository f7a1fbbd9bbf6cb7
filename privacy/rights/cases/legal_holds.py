"""Legal holds: while a claim is open, nothing of the person is deleted (GDPR Art. 17(3)(e))."""

from collections.abc import Iterator
from datetime import datetime

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from privacy.rights.cases.case import Case
from privacy.rights.map.declarations import Fate, Person
from privacy.rights.map.register import all_declared


class LegalHold(Case):
    """Stops retention and erasure for one person, until staff lift it."""

    CLOSED = Q(lifted_at__isnull=False)

    reason = models.TextField(_("reason"), help_text=_("Which claim, and of whom."))
    review_on = models.DateField(
        _("review on"),
        help_text=_("From this day on, the admin asks whether the hold is still needed."),
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, editable=False)

    class Meta(Case.Meta):
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")


def standing() -> QuerySet[LegalHold]:
    return LegalHold.objects.exclude(LegalHold.CLOSED)


def to_review(*, at: datetime) -> QuerySet[LegalHold]:
    """The standing holds whose day of review has come."""
    return standing().filter(review_on__lte=timezone.localdate(at))


def stands_for(person: Person) -> bool:
    """Whether a hold is on the address of a person, or on a record of the same browser."""
    return any(_covers(hold, person) for hold in standing())


def lift(hold: LegalHold, *, at: datetime) -> bool:
    """Lift a hold. Returns False where it was lifted before."""
    return bool(standing().filter(pk=hold.pk).update(lifted_at=at))


def reminders(*, at: datetime) -> Iterator[str]:
    """What staff read from the day of review of a hold on."""
    if number := to_review(at=at).count():
        yield ngettext(
            "%(number)d legal hold has come up for review: lift it, if it is not needed any more.",
            "%(number)d legal holds have come up for review: lift those that are not needed any "
            "more.",
            number,
        ) % {"number": number}


def _covers(hold: LegalHold, person: Person) -> bool:
    if hold.email and hold.email == person.email:
        return True
    # Not by every row: colleagues who gave the number of one office share an objection.
    held, asked = Person("", hold.person.record_ids), Person("", person.record_ids)
    if not held.record_ids or not asked.record_ids:
        return False
    return any(
        data.rows_of(asked).filter(pk__in=data.rows_of(held).values("pk")).exists()
        for data in all_declared()
        if data.on_erasure.fate is not Fate.KEPT
    )
