"""Notices of a breach: who was told of it, when and how. A notice is never changed.

The database itself refuses a change, and retention alone deletes them, with their breach.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.rights.breaches.clock import in_utc


class Addressee(models.TextChoices):
    """An authority, or somebody else who can be told of a breach."""

    ICO = "ico", _("ICO")
    UODO = "uodo", _("Prezes UODO")
    OTHER_AUTHORITY = "authority", _("another supervisory authority")
    PEOPLE = "people", _("the people concerned")
    CONTROLLER = "controller", _("the controller for whom we process the data")
    PROCESSOR = "processor", _("a processor")
    POLICE = "police", _("the police or a prosecutor")
    OTHER = "other", _("somebody else")


class BreachNotice(models.Model):
    """Somebody was told of a breach. Append-only, in the database too."""

    class Method(models.TextChoices):
        FORM = "form", _("form on a website")
        EMAIL = "email", _("e-mail")
        TELEPHONE = "telephone", _("telephone")
        LETTER = "letter", _("letter")
        IN_PERSON = "in-person", _("in person")
        PUBLIC = "public", _("public communication")

    breach = models.ForeignKey(
        "Breach",
        models.CASCADE,  # the notice ends with the breach
        related_name="notices",
        verbose_name=_("breach"),
    )
    addressee = models.CharField(_("who was told of it"), max_length=10, choices=Addressee)
    told_at = models.DateTimeField(_("told at"))
    method = models.CharField(_("how"), max_length=10, choices=Method)
    about = models.TextField(
        _("what about"),
        help_text=_(
            "What we told, and the number under which the authority keeps it. Write no names: this "
            "row can never be changed."
        ),
    )
    noted_at = models.DateTimeField(_("written down at"), editable=False)

    class Meta:
        verbose_name = _("notice of a breach")
        verbose_name_plural = _("who was told")
        ordering = ["told_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_addressee_display()} {timezone.localtime(self.told_at):%Y-%m-%d %H:%M}"


def first_told(notices: Iterable[BreachNotice]) -> dict[Addressee, datetime]:
    """By everybody who was told: when for the first time, in UTC."""
    first: dict[Addressee, datetime] = {}
    for notice in notices:
        addressee, told_at = Addressee(notice.addressee), in_utc(notice.told_at)
        first[addressee] = min(first.get(addressee, told_at), told_at)
    return first


def was_told(addressee: Addressee) -> Q:
    """A condition on breaches."""
    return Q(Exists(BreachNotice.objects.filter(breach=OuterRef("pk"), addressee=addressee)))
