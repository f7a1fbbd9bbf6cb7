"""Which numbers their person confirmed in a call.

The mailbox confirms a consent, but the number beside it can be a stranger's, who could never
withdraw.
"""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from trial.marketing import objections
from trial.marketing.consents import MarketingConsent


class NumberConfirmation(models.Model):
    """Staff noted that the person confirmed the number of a consent in a call. Append-only (I9).

    The person made that call, or it set up the trial: to call and ask for the consent is forbidden
    (Polish Electronic Communications Law, Art. 398).
    """

    # One to one: of two notes at the same time the database keeps the first.
    consent = models.OneToOneField(
        MarketingConsent,
        models.CASCADE,  # the note ends with the consent
        related_name="number_confirmation",
        verbose_name=_("consent"),
    )
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        verbose_name = _("confirmation of a number")
        verbose_name_plural = _("confirmations of numbers")

    def __str__(self) -> str:
        return f"{self.noted_at:%Y-%m-%d}"


def confirm_number(consent: MarketingConsent, *, at: datetime) -> bool:
    """Note that the person confirmed the number. False if that was noted before.

    It lifts an objection of the number that is older than the consent.
    """
    with transaction.atomic():
        _row, is_new = NumberConfirmation.objects.get_or_create(
            consent=consent, defaults={"noted_at": at}
        )
        if is_new:
            objections.lift_by(consent, at=at)
    return is_new
