"""Consents to marketing: their words, their proofs and their withdrawals.

A proof outlives the sign-up that it belongs to (I20), and then names the person by keyed hashes
alone.
"""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber, to_python

from delivery import addresses
from evidence.keyed_hashes import KeyedHashField, all_keyed_hashes
from privacy.rights.map.periods import months_before, years_before

if TYPE_CHECKING:
    from trial.models import SignUp

_PROOF = "trial:proof"


class Channel(models.TextChoices):
    """A way to send marketing to a person. Each needs a consent of its own (PKE Art. 398)."""

    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("telephone")


class ConsentWording(models.Model):
    """The exact words of one consent to marketing, in each language. Append-only (I9)."""

    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    texts = models.JSONField(_("wording"))
    hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("in use since"))

    class Meta:
        verbose_name = _("wording of a consent")
        verbose_name_plural = _("wordings of consents")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.created_at:%Y-%m-%d} {self.hash[:12]}"


class MarketingConsentQuerySet(models.QuerySet["MarketingConsent"]):
    def live(self, channel: str, *, at: datetime) -> "MarketingConsentQuerySet":
        """The consents under which a person may be mailed or called.

        Not withdrawn, not lapsed, and the person is still known and not restricted. Ask right
        before sending or calling, not earlier.
        """
        usable = Exists(self._sign_ups().usable().filter(pk=OuterRef("sign_up")))
        return self.standing(at=at).filter(usable, channel=channel)

    def standing(self, *, at: datetime) -> "MarketingConsentQuerySet":
        """The consents that are neither withdrawn nor lapsed, of people who are still known.

        Those of restricted people are among them: they stand, and are not used.
        """
        return self.not_ended(at=at).filter(Exists(self._sign_ups().filter(pk=OuterRef("sign_up"))))

    def not_ended(self, *, at: datetime) -> "MarketingConsentQuerySet":
        """The consents that are neither withdrawn nor lapsed, of anybody."""
        return self.filter(withdrawal__isnull=True, confirmed_at__gt=_lapse(at))

    def _sign_ups(self) -> Any:
        """The sign-ups. Their model imports this module, so it cannot be imported here."""
        return self.model._meta.get_field("sign_up").related_model._default_manager

    def lapsed(self, *, at: datetime) -> "MarketingConsentQuerySet":
        """The consents that have ended by themselves, withdrawn before that or not."""
        return self.filter(confirmed_at__lte=_lapse(at))

    def of_address_or_number(self, text: str) -> "MarketingConsentQuerySet":
        """The proofs of an address or a number, those included whose sign-up is gone."""
        if "@" in text:
            return self.of_address(text)
        number = to_python(text, region="PL")
        if number and number.is_valid():
            return self.filter(number_hash__in=number_hashes(number))
        return self.none()

    def of_address(self, address: str) -> "MarketingConsentQuerySet":
        """Those of the sign-ups of an address, and its proofs whose sign-up is gone."""
        # The ids first: with a join, no index helps PostgreSQL, and it reads both tables.
        sign_ups = [*self._sign_ups().of_address(address).values_list("pk", flat=True)]
        return self.filter(Q(sign_up__in=sign_ups) | Q(address_hash__in=address_hashes(address)))

    def past_proof(self, *, at: datetime) -> "MarketingConsentQuerySet":
        """The consents that ended, by withdrawal or lapse, so long ago that no claim is left."""
        latest_end = years_before(at, settings.PROOF_YEARS)
        is_withdrawn = Q(withdrawal__withdrawn_at__lte=latest_end)
        return self.filter(is_withdrawn | Q(confirmed_at__lte=_lapse(latest_end)))


class MarketingConsent(models.Model):
    """The proof of one consent (GDPR Art. 7(1)): ticked in the form, confirmed from the mailbox.

    Append-only (I9). Its random id is the key in unsubscribe links, which work as long as the row
    exists (I15).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Only an id: the sign-up can be deleted, and the proof stays. Null after an erasure.
    sign_up = models.ForeignKey(
        "trial.SignUp",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="consents",
        verbose_name=_("sign-up"),
    )
    # Empty where the release before this field wrote the row during an upgrade.
    address_hash = KeyedHashField(editable=False, db_default="")
    # Of the number, for the channel of telephone; empty for the other.
    number_hash = KeyedHashField(editable=False, blank=True, db_default="")
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    wording = models.ForeignKey(ConsentWording, models.PROTECT, verbose_name=_("wording"))
    language = models.CharField(_("language"), max_length=2)
    given_at = models.DateTimeField(_("given at"))
    confirmed_at = models.DateTimeField(_("confirmed at"))

    objects = MarketingConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to marketing")
        verbose_name_plural = _("consents to marketing")
        ordering = ["-confirmed_at", "channel"]
        indexes = [
            models.Index(fields=["address_hash"], name="trial_consent_address"),
            models.Index(fields=["confirmed_at"], name="trial_consent_confirmed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_up", "channel"], name="trial_one_consent_per_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.confirmed_at:%Y-%m-%d}"

    @property
    def text(self) -> str:
        """The words that the person read."""
        text: str = self.wording.texts[self.language]
        return text

    @property
    def person(self) -> "SignUp | None":
        """The sign-up of the person; None once it is deleted."""
        try:
            return self.sign_up
        except ObjectDoesNotExist:
            return None

    def of_same_sign_up(self) -> "MarketingConsentQuerySet":
        """The consents of this sign-up, this one included, also when the sign-up is gone."""
        rows = MarketingConsent.objects.filter(sign_up_id__isnull=False, sign_up_id=self.sign_up_id)
        return (rows | MarketingConsent.objects.filter(pk=self.pk)).order_by("channel")

    @property
    def lapses_at(self) -> datetime:
        """When the consent ends by itself (`MARKETING_SILENCE_MONTHS`)."""
        return months_before(self.confirmed_at, -settings.MARKETING_SILENCE_MONTHS)

    def has_lapsed(self, *, at: datetime) -> bool:
        return self.confirmed_at <= _lapse(at)

    @property
    def withdrawn_at(self) -> datetime | None:
        withdrawal: MarketingWithdrawal | None = getattr(self, "withdrawal", None)
        return withdrawal.withdrawn_at if withdrawal else None


class MarketingWithdrawal(models.Model):
    """The withdrawal of one consent to marketing (GDPR Art. 7(3)). Append-only (I9)."""

    class Method(models.TextChoices):
        PAGE = "page", _("on the page of consents")
        ONE_CLICK = "one-click", _("with one click in the mail program")
        STAFF = "staff", _("by staff")
        OBJECTION = "objection", _("by an objection")

    # One to one: of two withdrawals at the same time the database keeps the first.
    # A withdrawal ends with its consent, in one transaction: without it the consent would stand.
    consent = models.OneToOneField(
        MarketingConsent, models.CASCADE, related_name="withdrawal", verbose_name=_("consent")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    method = models.CharField(_("method"), max_length=9, choices=Method)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.withdrawn_at:%Y-%m-%d}"


def withdraw(consent: MarketingConsent, *, method: str, at: datetime) -> bool:
    """Withdraw a consent to marketing. Returns False where it was withdrawn before.

    The second withdrawal changes nothing (I15: unsubscribe links work more than once).
    """
    _row, is_new = MarketingWithdrawal.objects.get_or_create(
        consent=consent, defaults={"withdrawn_at": at, "method": method}
    )
    return is_new


def address_hashes(address: str) -> list[str]:
    """The hashes by which the proof of an address is found, the one to store first."""
    return all_keyed_hashes(_PROOF, addresses.normalized(address))


def number_hashes(number: PhoneNumber) -> list[str]:
    """The hashes by which the proof of a number is found, the one to store first."""
    return all_keyed_hashes(_PROOF, number.as_e164)


def _lapse(at: datetime) -> datetime:
    """Consents confirmed at this moment or before it have lapsed at `at`."""
    return months_before(at, settings.MARKETING_SILENCE_MONTHS)
