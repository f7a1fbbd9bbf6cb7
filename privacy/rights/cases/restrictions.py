"""Restricted data is kept, and used for nothing until the restriction is lifted (GDPR Art. 18).

A restriction covers the rows that were there when it began. What a person sends us later, they send
for a new purpose of their own. While an erasure can be undone, its person is restricted too.
"""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from privacy.rights.cases import erasure_cases
from privacy.rights.cases.case import Case, fields_of
from privacy.rights.map.declarations import Person


class Restriction(Case):
    """The data of one person is kept and not used."""

    CLOSED = Q(lifted_at__isnull=False)

    reason = models.TextField(
        _("reason"), help_text=_("What the person asked for, and which data is in doubt.")
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, editable=False)

    class Meta(Case.Meta):
        verbose_name = _("restriction of processing")
        verbose_name_plural = _("restrictions of processing")


def standing() -> QuerySet[Restriction]:
    return Restriction.objects.exclude(Restriction.CLOSED)


def restrict(person: Person, *, reason: str, at: datetime) -> Restriction:
    """Restrict the data of a person. A second restriction changes nothing."""
    found = standing().filter(**fields_of(person)).first()
    return found or Restriction.objects.create(**fields_of(person), reason=reason, opened_at=at)


def restrict_anew(person: Person, *, reason: str, at: datetime) -> Restriction:
    """Restrict the data of a person, with what came after an earlier restriction."""
    return Restriction.objects.create(**fields_of(person), reason=reason, opened_at=at)


def lift(restriction: Restriction, *, at: datetime) -> bool:
    """Lift a restriction. Returns False where it was lifted before."""
    return bool(standing().filter(pk=restriction.pk).update(lifted_at=at))


def covers(*, email: str, made_at: str) -> Q:
    """A condition on rows: their person is restricted. The arguments are names of fields.

    `email` holds the address as Person writes it, `made_at` the moment of the row.
    """
    its_person = {"email": OuterRef(email), "opened_at__gte": OuterRef(made_at)}
    return Q(Exists(standing().filter(**its_person))) | Q(
        Exists(erasure_cases.pending().filter(**its_person))
    )
