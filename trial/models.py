"""Sign-ups for the trial, marketing mails, hand-overs, and notices of erasures."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from delivery import addresses
from delivery.deliveries import (
    Delivery,
    DeliveryQuerySet,
    created_index,
    due_index,
    finished_constraint,
)
from privacy.models import PolicyVersion
from privacy.rights.cases import restrictions
from trial.funnel import FunnelCount as FunnelCount
from trial.marketing.calls import NumberConfirmation as NumberConfirmation  # models of this app
from trial.marketing.consents import Channel as Channel
from trial.marketing.consents import ConsentWording as ConsentWording
from trial.marketing.consents import MarketingConsent as MarketingConsent
from trial.marketing.consents import MarketingWithdrawal as MarketingWithdrawal
from trial.marketing.objections import Objection as Objection
from trial.telephone import Telephone

TRIAL_LENGTH = timedelta(days=30)
REMIND_BEFORE = timedelta(days=3)


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def of_address(self, address: str) -> "SignUpQuerySet":
        """Those of an address, confirmed or not. An empty address is nobody's."""
        of_mailbox = self.filter(email_folded=addresses.normalized(address))
        return of_mailbox.exclude(email_folded="")

    def waiting(self) -> "SignUpQuerySet":
        """Not confirmed yet by the link in the mail."""
        return self.filter(confirmed_at__isnull=True)

    def confirmed(self) -> "SignUpQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def running(self, *, at: datetime) -> "SignUpQuerySet":
        return self.confirmed().filter(ended_at__isnull=True, ends_at__gt=at)

    def over(self, *, at: datetime) -> "SignUpQuerySet":
        return self.confirmed().filter(Q(ended_at__isnull=False) | Q(ends_at__lte=at))

    def restricted(self) -> "SignUpQuerySet":
        """Kept, and used for nothing until the restriction is lifted (GDPR Art. 18)."""
        return self.filter(_is_restricted())

    def usable(self) -> "SignUpQuerySet":
        """Those that may be mailed, called, exported and handed over."""
        return self.exclude(_is_restricted())

    def trial_of(self, address: str) -> "SignUp | None":
        """The confirmed sign-up of an address, running or over."""
        return self.confirmed().of_address(address).first()


def _is_restricted() -> Q:
    return restrictions.covers(email="email_folded", made_at="created_at")


class SignUp(models.Model):
    """One request for the trial. Once its address is confirmed, the row is the trial itself."""

    # Random: the phone system gets it, and a counted id would tell how many trials there are.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("signed up at"), db_index=True)
    language = models.CharField(_("language"), max_length=2)
    name = models.CharField(_("full name"), max_length=100)
    email = models.EmailField(_("work e-mail"))
    # For comparison: no other spelling of the address gets a second trial.
    email_folded = models.CharField(max_length=254, editable=False, db_index=True)
    company = models.CharField(_("company"), max_length=120)
    phone = PhoneNumberField(_("telephone"), blank=True)
    # Beside the number, not in it: E.164 has no extensions.
    extension = models.CharField(_("extension"), max_length=20, blank=True)
    # The versions in force when the form was sent; null where none was. PROTECT: a version that
    # somebody agreed to is evidence and cannot be deleted.
    policy_version = models.ForeignKey(
        PolicyVersion,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("privacy policy"),
    )
    terms_version = models.ForeignKey(
        PolicyVersion,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("terms of service"),
    )
    # The wording beside each ticked box. It is a consent only once the address is confirmed: before
    # that, anybody could have typed the address.
    email_wording = models.ForeignKey(
        ConsentWording,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("ticked: marketing by e-mail"),
    )
    phone_wording = models.ForeignKey(
        ConsentWording,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("ticked: marketing by telephone"),
    )
    attribution = models.JSONField(_("attribution"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    ends_at = models.DateTimeField(_("trial ends at"), null=True)
    ended_at = models.DateTimeField(_("ended by staff at"), null=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["-created_at"]
        constraints = [
            # Decides between two sign-ups of one address that are confirmed at the same time.
            models.UniqueConstraint(
                fields=["email_folded"],
                condition=Q(confirmed_at__isnull=False),
                name="trial_one_trial_per_address",
            ),
            models.CheckConstraint(
                name="trial_confirmed_has_an_end",
                condition=Q(confirmed_at__isnull=True, ends_at__isnull=True, ended_at__isnull=True)
                | Q(confirmed_at__isnull=False, ends_at__isnull=False),
            ),
            models.CheckConstraint(
                name="trial_calls_need_a_number",
                condition=Q(phone_wording__isnull=True) | ~Q(phone=""),
            ),
            models.CheckConstraint(
                name="trial_extension_needs_a_number",
                condition=Q(extension="") | ~Q(phone=""),
            ),
        ]

    def __str__(self) -> str:
        return self.company

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email_folded = addresses.normalized(self.email)
        super().save(*args, **kwargs)

    def start(self, *, at: datetime) -> datetime:
        """Start the trial: 30 days from the confirmation. Returns the moment of the reminder."""
        self.confirmed_at, self.ends_at = at, at + TRIAL_LENGTH
        self.save()
        return self.ends_at - REMIND_BEFORE

    @property
    def readable_email(self) -> str:
        return addresses.readable(self.email)

    @property
    def telephone(self) -> Telephone | None:
        """The number with its extension; None without a number."""
        return Telephone.of(self.phone, self.extension) if self.phone else None

    @property
    def wordings(self) -> dict[str, ConsentWording]:
        """The wordings beside the ticked boxes, by channel."""
        ticked = {Channel.EMAIL: self.email_wording, Channel.PHONE: self.phone_wording}
        return {channel: wording for channel, wording in ticked.items() if wording}

    @property
    def over_at(self) -> datetime | None:
        """The end of the trial, by its time or by staff. None before it has started."""
        return self.ended_at or self.ends_at

    def is_running(self, *, at: datetime) -> bool:
        return self.over_at is not None and self.over_at > at


class MarketingMail(models.Model):
    """A mail that staff send to everybody with a live consent to marketing by e-mail."""

    subject_pl = models.CharField(_("subject (Polish)"), max_length=150)
    subject_en = models.CharField(_("subject (English)"), max_length=150)
    text_pl = models.TextField(
        _("text (Polish)"), help_text=_("Plain text; an empty line starts a new paragraph.")
    )
    text_en = models.TextField(_("text (English)"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    class Meta:
        verbose_name = _("marketing e-mail")
        verbose_name_plural = _("marketing e-mails")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.subject_pl


class HandOverQuerySet(DeliveryQuerySet["HandOver"]):
    def due(self, *, at: datetime) -> "HandOverQuerySet":
        """Due hand-overs. That of somebody whose data is restricted waits."""
        usable = SignUp.objects.usable().filter(pk=OuterRef("sign_up"))
        return super().due(at=at).filter(Exists(usable))


class HandOver(Delivery):
    """One confirmed trial on its way to the phone system. Its id is the idempotency key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sign_up = models.OneToOneField(
        SignUp, models.CASCADE, related_name="hand_over", verbose_name=_("sign-up")
    )

    objects = HandOverQuerySet.as_manager()

    class Meta(Delivery.Meta):
        indexes = [due_index("trial_handover"), created_index("trial_handover")]
        constraints = [finished_constraint("trial_handover")]
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")

    def __str__(self) -> str:
        return str(self.id)


class ErasureNoticeQuerySet(DeliveryQuerySet["ErasureNotice"]):
    """A class of its own, as the types of Django find no manager otherwise."""


class ErasureNotice(Delivery):
    """Tells the phone system that a trial was erased. Its id is the idempotency key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The number alone: the trial is gone when the notice is sent.
    trial_id = models.UUIDField(_("number of the trial"), unique=True, editable=False)
    erased_at = models.DateTimeField(_("erased at"), editable=False)

    objects = ErasureNoticeQuerySet.as_manager()

    class Meta(Delivery.Meta):
        indexes = [due_index("trial_erasurenotice"), created_index("trial_erasurenotice")]
        constraints = [finished_constraint("trial_erasurenotice")]
        verbose_name = _("notice of an erasure")
        verbose_name_plural = _("notices of erasures")

    def __str__(self) -> str:
        return str(self.id)
