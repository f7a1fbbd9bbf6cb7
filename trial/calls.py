"""Which numbers their person confirmed in a call, and which are struck off and never called.

The mailbox confirms a consent, but the number beside it can be a stranger's, who could never
withdraw.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber

from evidence.keyed_hashes import KeyedHashField, all_keyed_hashes

if TYPE_CHECKING:
    from trial.models import MarketingConsent


class NumberConfirmation(models.Model):
    """Staff noted that the person confirmed the number of a consent in a call. Append-only (I9).

    The person made that call, or it set up the trial: to call and ask for the consent is forbidden
    (Polish Electronic Communications Law, Art. 398).
    """

    # One to one: of two notes at the same time the database keeps the first.
    consent = models.OneToOneField(
        "trial.MarketingConsent",
        models.PROTECT,
        related_name="number_confirmation",
        verbose_name=_("consent"),
    )
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        verbose_name = _("confirmation of a number")
        verbose_name_plural = _("confirmations of numbers")

    def __str__(self) -> str:
        return f"{self.noted_at:%Y-%m-%d}"


class StruckOffNumber(models.Model):
    """A number that nobody may call, as a keyed hash: whoever answers a phone can ask for it."""

    key = KeyedHashField(unique=True, editable=False)
    struck_off_at = models.DateTimeField(_("struck off at"), editable=False)

    class Meta:
        verbose_name = _("struck-off number")
        verbose_name_plural = _("struck-off numbers")
        ordering = ["-struck_off_at"]

    def __str__(self) -> str:
        return f"{self.struck_off_at:%Y-%m-%d}"


def keys_of(number: PhoneNumber) -> list[str]:
    """The keyed hashes of a number, the one to store first. Without its extension: a whole line is
    struck off."""
    return all_keyed_hashes("trial:struck-off", number.as_e164)


def confirm_number(consent: "MarketingConsent", *, at: datetime) -> bool:
    """Note that the person confirmed the number. False if that was noted before."""
    _row, is_new = NumberConfirmation.objects.get_or_create(
        consent=consent, defaults={"noted_at": at}
    )
    return is_new
