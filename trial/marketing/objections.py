"""Objections to marketing (GDPR Art. 21(2)): addresses and numbers that nobody mails or calls.

An objection is a keyed hash alone, so it outlives the sign-up that it was about (I20). Only a fresh
double opt-in lifts it: a box that was ticked after the objection, and confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber

from delivery import addresses
from evidence.keyed_hashes import KeyedHashField, all_keyed_hashes
from trial.marketing.consents import Channel, MarketingConsent, MarketingWithdrawal, withdraw

if TYPE_CHECKING:
    from trial.models import SignUp

# The name is in every stored hash, so it stays. An address has an @ and a number has not: their
# hashes cannot be the same.
_PURPOSE = "trial:struck-off"


class Objection(models.Model):
    """One address or number that gets no marketing, as a keyed hash."""

    key = KeyedHashField(unique=True, editable=False)
    # The default is that of the first rows, which were numbers alone.
    channel = models.CharField(
        _("channel"), max_length=5, choices=Channel, db_default=Channel.PHONE, editable=False
    )
    objected_at = models.DateTimeField(_("objected at"), db_column="struck_off_at", editable=False)

    class Meta:
        # Table and column have the names of their first release: docs/decisions/0013.
        db_table = "trial_struckoffnumber"
        verbose_name = _("objection to marketing")
        verbose_name_plural = _("objections to marketing")
        ordering = ["-objected_at"]
        indexes = [models.Index(fields=["objected_at"], name="trial_objection_objected")]
        # Nobody changes or deletes an objection by hand.
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.objected_at:%Y-%m-%d}"


@dataclass(frozen=True)
class StandingObjections:
    """All objections of one moment, to compare many people with: a hash cannot be joined."""

    keys: frozenset[str]

    @classmethod
    def load(cls) -> Self:
        return cls(frozenset(Objection.objects.values_list("key", flat=True)))

    def forbid(self, channel: str, person: "SignUp") -> bool:
        """Whether this person gets no marketing by this channel."""
        return bool(self.keys) and not self.keys.isdisjoint(keys_of(contact_of(person, channel)))


def contact_of(person: "SignUp", channel: str) -> str:
    """The address of a person, or the number in E.164, by channel.

    Without the extension of the number: an objection covers the whole line.
    """
    return person.email if channel == Channel.EMAIL else str(person.phone.as_e164)


def keys_of(contact: str) -> list[str]:
    """The keyed hashes of an address or of a number in E.164, the one to store first."""
    value = addresses.normalized(contact) if "@" in contact else contact
    return all_keyed_hashes(_PURPOSE, value)


def record(channel: str, contact: str, *, at: datetime) -> tuple[Objection, bool]:
    """Store the objection of an address or of a number in E.164. Returns it, and whether it is new.

    Who objects again has one objection, of the later moment.
    """
    keys = keys_of(contact)
    rows = Objection.objects.filter(key__in=keys)
    rows.filter(objected_at__lt=at).update(objected_at=at)
    if row := rows.first():
        return row, False
    return Objection.objects.get_or_create(
        key=keys[0], defaults={"channel": channel, "objected_at": at}
    )


def stands_against_address(address: str) -> bool:
    return Objection.objects.filter(key__in=keys_of(address)).exists()


def stands_against_number(number: PhoneNumber) -> bool:
    return Objection.objects.filter(key__in=keys_of(number.as_e164)).exists()


def stand_against_all_numbers(numbers: Iterable[PhoneNumber]) -> bool:
    """Whether nobody may call any of these numbers, asked in one statement."""
    keys = [keys_of(number) for number in {number.as_e164 for number in numbers}]
    wanted = [key for each in keys for key in each]
    found = {*Objection.objects.filter(key__in=wanted).values_list("key", flat=True)}
    return all(not found.isdisjoint(each) for each in keys)


def lift_by(consent: MarketingConsent, *, at: datetime) -> bool:
    """Lift the objection of a person whose consent was ticked after it. Returns whether one stood.

    Call it in the transaction that confirms the consent: from the mailbox, or in a call for the
    number. A box that was ticked before the objection lifts nothing. Older consents of the same
    address or number do not come back: they end here.
    """
    if consent.person is None:
        return False
    contact = contact_of(consent.person, consent.channel)
    # Row lock: who objects again at the same time keeps the objection.
    rows = Objection.objects.select_for_update().filter(key__in=keys_of(contact))
    overtaken = list(rows.filter(objected_at__lt=consent.given_at))
    for objection in overtaken:
        _end_older_consents(consent.channel, contact, objection, at=at)
        objection.delete()
    return bool(overtaken)


def _end_older_consents(channel: str, contact: str, objection: Objection, *, at: datetime) -> None:
    consents = MarketingConsent.objects.of_address_or_number(contact).filter(
        channel=channel, given_at__lte=objection.objected_at, withdrawal__isnull=True
    )
    for consent in consents:
        withdraw(consent, method=MarketingWithdrawal.Method.OBJECTION, at=at)
