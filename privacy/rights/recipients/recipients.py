"""Recipients of personal data, with purpose, country and safeguard: rows that staff keep.

GDPR Art. 13(1)(e) and (f), Art. 30(1)(d) and (e). The map of personal data names a recipient by the
key of its row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from content.both_languages import both_or_none, by_language, missing_languages, never_empty
from privacy.rights.map import register
from privacy.rights.map.declarations import FurtherUse, KeptElsewhere, PersonalData
from privacy.rights.map.periods import months_before
from privacy.rights.recipients.countries import EEA, country_name

# The company behind the site: no recipient, but its country is one that data goes to.
OURSELVES = "ourselves"
HOSTING = "hosting"
MAIL = "mail"
PHONE_SYSTEM = "phone-system"
ERROR_REPORTS = "error-reports"
GOOGLE_ANALYTICS = "google-analytics"
GOOGLE_ADS = "google-ads"

# Staff learn so long before the date of a row that its facts are to be looked at again.
REVIEW_MONTHS = 6

_is_used: dict[str, Callable[[], bool]] = {}


def only_when(key: str, is_used: Callable[[], bool]) -> None:
    """Declare when the site can send a recipient anything; only then it is named."""
    _is_used[key] = is_used


def keys_of_the_map() -> set[str]:
    """The keys that the declarations name, and our own."""
    uses: Iterable[PersonalData | FurtherUse | KeptElsewhere] = (
        *register.all_declared(),
        *(use for data in register.all_declared() for use in data.further_uses),
        *register.all_elsewhere(),
    )
    return {OURSELVES, *(key for use in uses for key in use.recipients)}


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def in_use(self) -> list["Recipient"]:
        """The recipients that the site can send data to, as it is set up now."""
        return [recipient for recipient in self if recipient.is_used]

    def to_review(self, *, on: date) -> list["Recipient"]:
        """The recipients in use whose facts must be looked at again within six months."""
        dated = self.filter(review_on__isnull=False).order_by("review_on")
        return [recipient for recipient in dated.in_use() if recipient.is_due(on=on)]

    def in_use_by_key(self) -> dict[str, "Recipient"]:
        return {recipient.key: recipient for recipient in self.in_use()}


class Recipient(models.Model):
    """A recipient in one role. Google has two rows: a processor of statistics, a controller of ads.

    A provider of the registry of cookies (`consent.models.Provider`) is a company that sets or
    reads cookies, for which visitors give consent. Most recipients have no cookie, and one provider
    can be several recipients, so the two tables have no link.
    """

    class Role(models.TextChoices):
        PROCESSOR = "processor", gettext_lazy("processor")
        CONTROLLER = "controller", gettext_lazy("controller in its own right")
        OURSELVES = "ourselves", gettext_lazy("we ourselves, the controller")

    key = models.SlugField(
        gettext_lazy("key"),
        unique=True,
        help_text=gettext_lazy("The short name by which the software knows the recipient."),
    )
    name = models.CharField(
        gettext_lazy("name"),
        max_length=100,
        blank=True,
        help_text=gettext_lazy("Empty: the policy says that it is to be named."),
    )
    purpose_pl = models.TextField(gettext_lazy("what for (Polish)"))
    purpose_en = models.TextField(gettext_lazy("what for (English)"))
    data_pl = models.TextField(gettext_lazy("which data (Polish)"))
    data_en = models.TextField(gettext_lazy("which data (English)"))
    role = models.CharField(gettext_lazy("role"), max_length=10, choices=Role)
    country = models.CharField(
        gettext_lazy("country of processing"),
        max_length=2,
        blank=True,
        help_text=gettext_lazy("Empty: the policy says that it is to be confirmed."),
    )
    safeguard_pl = models.TextField(
        gettext_lazy("safeguard (Polish)"),
        blank=True,
        help_text=gettext_lazy(
            "Why data may go to this country: an adequacy decision (GDPR Art. 45), or safeguards "
            "such as standard contractual clauses (Art. 46). Inside the EEA none is needed."
        ),
    )
    safeguard_en = models.TextField(gettext_lazy("safeguard (English)"), blank=True)
    safeguard_url_pl = models.CharField(
        gettext_lazy("where to get the safeguard (Polish)"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text=gettext_lazy("Empty: readers get a copy from us."),
    )
    safeguard_url_en = models.CharField(
        gettext_lazy("where to get the safeguard (English)"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
    )
    review_on = models.DateField(
        gettext_lazy("review on"),
        null=True,
        blank=True,
        help_text=gettext_lazy(
            "The day by which these facts must be looked at again, such as the end of an adequacy "
            "decision. The panel warns six months before."
        ),
    )
    is_confirmed = models.BooleanField(gettext_lazy("confirmed by staff"), default=False)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("recipient of data")
        verbose_name_plural = gettext_lazy("recipients of data")
        ordering = ["pk"]
        constraints = [
            *never_empty("privacy_recipient", "purpose_pl", "purpose_en", "data_pl", "data_en"),
            both_or_none("privacy_recipient", "safeguard"),
            both_or_none("privacy_recipient", "safeguard_url"),
            models.CheckConstraint(
                name="privacy_recipient_confirmed_is_complete",
                condition=Q(is_confirmed=False)
                | (~Q(name="") & ~Q(country="") & Q(review_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key

    def clean(self) -> None:
        """Refuse half a text, and a confirmed row that lacks one of the facts it confirms."""
        errors: dict[str, Any] = dict(missing_languages(self, "safeguard", "safeguard_url"))
        if self.is_confirmed:
            errors |= self._errors_of_confirmed()
        if errors:
            raise ValidationError(errors)

    def _errors_of_confirmed(self) -> dict[str, Any]:
        needed = ["name", "country", "review_on"]
        if self.country and not self.is_inside_the_eea:
            needed += ["safeguard_pl", "safeguard_en"]
        text = _("Fill this in before you confirm the row, or take the confirmation away.")
        return dict.fromkeys((name for name in needed if not getattr(self, name)), text)

    @property
    def is_used(self) -> bool:
        """Whether the site can send it anything; for a row that staff added, always."""
        return _is_used.get(self.key, lambda: True)()

    @property
    def is_named_by_the_map(self) -> bool:
        return self.key in keys_of_the_map()

    @property
    def is_inside_the_eea(self) -> bool:
        return self.country in EEA

    def is_due(self, *, on: date) -> bool:
        """Whether its review is less than six months away, or past."""
        return self.review_on is not None and months_before(self.review_on, REVIEW_MONTHS) <= on

    def text(self, name: str) -> str:
        """The text of the columns `name`_pl and `name`_en, in the active language."""
        return by_language(self, name)[get_language() or "pl"]

    @property
    def label(self) -> str:
        """One line for lists of staff and for an export."""
        name = self.name or _("to be named (%(purpose)s)") % {"purpose": self.text("purpose")}
        return f"{name}, {self.get_role_display()}"

    @property
    def transfer(self) -> str:
        """To whom data goes outside the EEA, and why it may; empty inside the EEA."""
        return "" if self.is_inside_the_eea else f"{self.label}: {self.place}"

    @property
    def place(self) -> str:
        """The country, its safeguard and where to read that, in one line."""
        country = country_name(self.country) if self.country else _("country to be confirmed")
        to_confirm = "" if self.is_inside_the_eea else _("safeguard to be confirmed")
        safeguard = self.text("safeguard") or to_confirm
        parts = [country, safeguard, self.text("safeguard_url")]
        return ", ".join(part for part in parts if part)


def reminders(*, at: datetime) -> Iterator[str]:
    """What staff read from six months before the review of a recipient on."""
    for recipient in Recipient.objects.to_review(on=timezone.localdate(at)):
        if day := recipient.review_on:
            yield _(
                "The facts about the recipient “%(name)s” must be looked at again by %(day)s: "
                "country, safeguard and where to get it."
            ) % {"name": recipient, "day": date_format(day)}


@dataclass(frozen=True)
class Disclosure:
    """The recipients of some data, and its transfers out of the EEA, in the active language."""

    recipients: tuple[str, ...]
    transfers: tuple[str, ...]


def disclosure(keys: Iterable[str], in_use: Mapping[str, Recipient]) -> Disclosure:
    """Those of these recipients that get data now. The checks warn of a key without a row."""
    rows = [in_use[key] for key in keys if key in in_use]
    return Disclosure(
        tuple(row.label for row in rows), tuple(row.transfer for row in rows if row.transfer)
    )


@receiver(pre_delete, sender=Recipient)
def keep_what_the_map_names(instance: Recipient, **kwargs: Any) -> None:
    """Refuse to delete a row that the map names, by whatever way. The admin does not offer it."""
    if instance.is_named_by_the_map:
        raise models.ProtectedError(
            f"The map of personal data names the recipient {instance.key}.", {instance}
        )
