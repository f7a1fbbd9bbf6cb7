"""Verbs of the trial: sign up, confirm, ask for a new link, withdraw a consent, end a trial, write
to many."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from delivery import outbox, tokens
from delivery.models import Mail
from privacy.models import PolicyVersion, RateCount
from privacy.rate_limits import mailbox_key
from trial import funnel
from trial.models import (
    Channel,
    HandOver,
    MarketingConsent,
    MarketingMail,
    MarketingWithdrawal,
    SignUp,
    SignUpQuerySet,
)

CONFIRM = "trial-confirm"
STARTED = "trial-started"
REMINDER = "trial-reminder"
MARKETING = "trial-marketing"
POLICY = "trial-policy"

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MAX_SIGN_UPS_PER_NETWORK_AND_HOUR = 10
MAX_MAILS_PER_ADDRESS_AND_DAY = 3


class TooManySignUps(Exception):
    """The network has signed up as often as it may in an hour."""


class AlreadyConfirmed(Exception):
    """The address has its trial already, running or over."""

    def __init__(self, sign_up: SignUp) -> None:
        super().__init__()
        self.sign_up = sign_up


@dataclass(frozen=True)
class Application:
    """What a well-formed form says, and what was in force as it was sent."""

    language: str
    name: str
    email: str
    company: str
    phone: str
    policy_version_id: int | None
    terms_version_id: int | None
    # The wording beside each ticked box, by channel.
    wording_ids: dict[str, int]
    attribution: dict[str, Any] | None


def sign_up(application: Application, *, network_key: str, at: datetime) -> None:
    """Keep a sign-up and the mail that asks to confirm it.

    Whether the address is known is not even asked here (I16): the worker asks as it writes the
    mail. Of more than three a day to one mailbox nothing is kept. Raises TooManySignUps.
    """
    with transaction.atomic():
        count = RateCount.objects.hit(network_key, window=HOUR, at=at)
        if count > MAX_SIGN_UPS_PER_NETWORK_AND_HOUR:
            raise TooManySignUps
        if not _may_mail(application.email, at=at):
            return
        kept = SignUp.objects.create(
            created_at=at,
            language=application.language,
            name=application.name,
            email=application.email,
            company=application.company,
            phone=application.phone,
            policy_version_id=application.policy_version_id,
            terms_version_id=application.terms_version_id,
            email_wording_id=application.wording_ids.get(Channel.EMAIL),
            phone_wording_id=application.wording_ids.get(Channel.PHONE),
            attribution=application.attribution,
        )
        outbox.put(kind=CONFIRM, about=kept.pk, at=at)
        funnel.count(
            funnel.Step.SUBMITTED,
            language=kept.language,
            attribution=kept.attribution,
            at=at,
        )


def send_new_link(waiting: SignUp, *, at: datetime) -> None:
    """Have the mail sent once more, at most three times a day to one mailbox."""
    with transaction.atomic():
        if _may_mail(waiting.email, at=at):
            outbox.put(kind=CONFIRM, about=waiting.pk, at=at)


def confirm(token: str, *, at: datetime) -> SignUp:
    """Start the trial, and make proofs of the consents given.

    Raises tokens.TokenRefused, and AlreadyConfirmed where the address has its trial.
    """
    try:
        with transaction.atomic():
            used = tokens.use(token, purpose=CONFIRM, at=at)
            # Two links of one sign-up, pressed at once, follow each other.
            waiting = SignUp.objects.select_for_update().get(pk=used.subject)
            if trial := SignUp.objects.trial_of(waiting.email):
                raise AlreadyConfirmed(trial)
            _start(waiting, at=at)
            return waiting
    except IntegrityError:
        # Another sign-up of the same address was confirmed at the same moment.
        known = SignUp.objects.trial_of(waiting.email)
        if known is None:
            raise
        raise AlreadyConfirmed(known) from None


def withdraw(consent: MarketingConsent, *, method: str, at: datetime) -> bool:
    """End a consent to marketing. Doing it again changes nothing. Returns whether it stood."""
    _row, is_new = MarketingWithdrawal.objects.get_or_create(
        consent=consent, defaults={"withdrawn_at": at, "method": method}
    )
    return is_new


def end_trial(trial: SignUp, *, at: datetime) -> bool:
    """End a running trial before its time; one that is over stays so. Returns whether it ran."""
    return bool(SignUp.objects.running(at=at).filter(pk=trial.pk).update(ended_at=at))


def send_marketing_mail(mail: MarketingMail, *, at: datetime) -> int:
    """Have a mail sent to everybody with a live consent, once. Returns to how many."""
    with transaction.atomic():
        if not MarketingMail.objects.filter(pk=mail.pk, sent_at__isnull=True).update(sent_at=at):
            return 0
        consents = MarketingConsent.objects.live(Channel.EMAIL)
        abouts = [f"{mail.pk} {consent_id}" for consent_id in consents.values_list("pk", flat=True)]
        _put_to_many(MARKETING, abouts, at=at)
        return len(abouts)


def announce_policy(version: PolicyVersion, at: datetime) -> None:
    """Have everybody with a running trial told of a change of a policy that matters to them."""
    trials = readers_of_announcement(version, at=at).values_list("pk", flat=True)
    _put_to_many(POLICY, [f"{trial_id} {version.pk}" for trial_id in trials], at=at)


def readers_of_announcement(version: PolicyVersion, *, at: datetime) -> SignUpQuerySet:
    """Whom a material change concerns: nobody where no text applied before."""
    others = PolicyVersion.objects.published().filter(policy=version.policy)
    if not others.exclude(pk=version.pk).exists():
        return SignUp.objects.none()
    return SignUp.objects.running(at=at)


def _put_to_many(kind: str, abouts: list[str], *, at: datetime) -> None:
    Mail.objects.bulk_create(
        Mail(kind=kind, is_bulk=True, about=about, created_at=at, next_attempt_at=at)
        for about in abouts
    )


def _may_mail(address: str, *, at: datetime) -> bool:
    key = mailbox_key(address, purpose="trial", window=DAY, at=at)
    return RateCount.objects.hit(key, window=DAY, at=at) <= MAX_MAILS_PER_ADDRESS_AND_DAY


def _start(waiting: SignUp, *, at: datetime) -> None:
    remind_at = waiting.start(at=at)
    MarketingConsent.objects.bulk_create(
        MarketingConsent(
            sign_up=waiting,
            channel=channel,
            wording=wording,
            language=waiting.language,
            given_at=waiting.created_at,
            confirmed_at=at,
        )
        for channel, wording in waiting.wordings.items()
    )
    outbox.put(kind=STARTED, about=waiting.pk, at=at)
    outbox.put(kind=REMINDER, about=waiting.pk, at=at, send_at=remind_at)
    if settings.PROVISIONING_URL:
        HandOver.objects.create(sign_up=waiting, created_at=at, next_attempt_at=at)
    funnel.count(
        funnel.Step.CONFIRMED,
        language=waiting.language,
        attribution=waiting.attribution,
        at=at,
    )
