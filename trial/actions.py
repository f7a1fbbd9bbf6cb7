"""Verbs of the trial: sign up, confirm, send a new link, withdraw a consent, object to marketing,
end a trial, send a marketing mail, announce a policy."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from delivery import addresses, outbox, tokens
from delivery.models import Mail
from privacy import rate_limits
from privacy.models import PolicyVersion
from privacy.rights.map.declarations import Person
from trial import funnel
from trial.marketing import objections
from trial.marketing.consents import address_hashes, number_hashes
from trial.marketing.consents import withdraw as withdraw  # a verb of the trial too
from trial.models import (
    Channel,
    HandOver,
    MarketingConsent,
    MarketingMail,
    SignUp,
    SignUpQuerySet,
)

CONFIRM = "trial-confirm"
STARTED = "trial-started"
REMINDER = "trial-reminder"
MARKETING = "trial-marketing"
POLICY = "trial-policy"

ROWS_AT_ONCE = 500


class AlreadyConfirmed(Exception):
    """The address already has a trial, running or over."""

    def __init__(self, sign_up: SignUp) -> None:
        super().__init__()
        self.sign_up = sign_up


@dataclass(frozen=True)
class SignUpData:
    """The valid data of one form, and the policy versions in force when it was sent."""

    language: str
    name: str
    email: str
    company: str
    phone: str
    extension: str
    policy_version_id: int | None
    terms_version_id: int | None
    # The id of the wording beside each ticked box, by channel.
    wording_ids: dict[str, int]
    attribution: dict[str, Any] | None


def sign_up(data: SignUpData, *, network_key: str | None, at: datetime) -> None:
    """Store a sign-up, and queue the mail that asks to confirm it. Raises
    rate_limits.TooManyForms.

    This function does not look the address up, so known and unknown addresses cost the same work
    (I16: same answer, same work). The worker looks it up when it writes the mail. From the fourth
    sign-up a day for one mailbox nothing is stored. Without a network key a network has no limit.
    """
    # One transaction: a stored sign-up always has its mail (I17: nothing is lost).
    with transaction.atomic():
        rate_limits.count_form(network_key, at=at)
        if not _may_mail(data.email, at=at):
            return
        sign_up = SignUp.objects.create(
            created_at=at,
            language=data.language,
            name=data.name,
            email=data.email,
            company=data.company,
            phone=data.phone,
            extension=data.extension,
            policy_version_id=data.policy_version_id,
            terms_version_id=data.terms_version_id,
            email_wording_id=data.wording_ids.get(Channel.EMAIL),
            phone_wording_id=data.wording_ids.get(Channel.PHONE),
            attribution=data.attribution,
        )
        outbox.put(kind=CONFIRM, about=sign_up.pk, at=at)
        funnel.count(
            funnel.Step.SUBMITTED,
            language=sign_up.language,
            attribution=sign_up.attribution,
            at=at,
        )


def send_new_link(sign_up: SignUp, *, at: datetime) -> None:
    """Queue the confirmation mail again, within the daily limit of the mailbox."""
    with transaction.atomic():
        if _may_mail(sign_up.email, at=at):
            outbox.put(kind=CONFIRM, about=sign_up.pk, at=at)


def confirm(token: str, *, at: datetime) -> SignUp:
    """Start the trial, and store a proof of each consent (GDPR Art. 7(1)).

    Raises tokens.TokenRefused, and AlreadyConfirmed where the address has a trial.
    """
    try:
        # AlreadyConfirmed rolls back: a token that started no trial stays unused.
        with transaction.atomic():
            # Row lock: serializes two links of one sign-up that are confirmed at the same time. It
            # comes before the token: erasure and retention take the two in this order.
            subject = tokens.read(token, purpose=CONFIRM, at=at).subject
            row = SignUp.objects.select_for_update().filter(pk=subject).first()
            if row is None:  # deleted meanwhile, and its tokens with it
                raise tokens.TokenRefused
            tokens.use(token, purpose=CONFIRM, at=at)
            sign_up = row
            if trial := SignUp.objects.trial_of(sign_up.email):
                raise AlreadyConfirmed(trial)
            _start(sign_up, at=at)
            return sign_up
    except IntegrityError:
        # Another sign-up of the same address was confirmed at the same time: the row lock does not
        # cover it, the unique constraint `trial_one_trial_per_address` does.
        trial = SignUp.objects.trial_of(sign_up.email)
        if trial is None:
            raise
        raise AlreadyConfirmed(trial) from None


def object_to_marketing(
    person: Person | str,
    *,
    method: str,
    at: datetime,
    channels: Collection[str] = tuple(Channel),
) -> bool:
    """Send no more marketing to a person or an address (GDPR Art. 21(2)). False if nothing is new.

    Withdraws every standing consent by these channels, and notes an objection for the address and
    for each number of its sign-ups.
    """
    address = person.email if isinstance(person, Person) else addresses.normalized(person)
    if not address:
        return False
    with transaction.atomic():
        consents = MarketingConsent.objects.of_address(address).standing(at=at)
        consents = consents.filter(channel__in=channels)
        changes = [withdraw(consent, method=method, at=at) for consent in consents]
        for channel, contact in _contacts(address):
            if channel in channels:
                changes.append(objections.record(channel, contact, at=at)[1])
    return any(changes)


def end_trial(trial: SignUp, *, at: datetime) -> bool:
    """End a running trial before its time. Returns False where it was not running."""
    # Condition and change in one statement, so that two colleagues cannot both end it.
    return bool(SignUp.objects.running(at=at).filter(pk=trial.pk).update(ended_at=at))


def send_marketing_mail(mail: MarketingMail, *, at: datetime) -> int:
    """Queue a mail to everybody with a live consent and no objection. Returns how many.

    Returns 0 where the mail was sent before.
    """
    with transaction.atomic():
        # The condition in the UPDATE is the lock: of two colleagues only one sends the mail.
        if not MarketingMail.objects.filter(pk=mail.pk, sent_at__isnull=True).update(sent_at=at):
            return 0
        abouts = [f"{mail.pk} {consent_id}" for consent_id in _consents_to_mails(at=at)]
        _queue_bulk_mails(MARKETING, abouts, at=at)
        return len(abouts)


def announce_policy(version: PolicyVersion, at: datetime) -> None:
    """Queue a mail about a material change of a policy to everybody with a running trial."""
    trials = readers_of_announcement(version, at=at).values_list("pk", flat=True)
    _queue_bulk_mails(POLICY, [f"{trial_id} {version.pk}" for trial_id in trials], at=at)


def readers_of_announcement(version: PolicyVersion, *, at: datetime) -> SignUpQuerySet:
    """The trials that a material change concerns; empty for the first version of a policy."""
    others = PolicyVersion.objects.published().filter(policy=version.policy)
    if not others.exclude(pk=version.pk).exists():
        return SignUp.objects.none()
    return SignUp.objects.running(at=at)


def _contacts(address: str) -> Iterator[tuple[str, str]]:
    """The address and the numbers of its sign-ups, each with its channel."""
    yield Channel.EMAIL, address
    for sign_up in SignUp.objects.of_address(address).exclude(phone=""):
        yield Channel.PHONE, objections.contact_of(sign_up, Channel.PHONE)


def _consents_to_mails(*, at: datetime) -> Iterator[uuid.UUID]:
    standing = objections.StandingObjections.load()
    consents = MarketingConsent.objects.live(Channel.EMAIL, at=at).select_related("sign_up")
    for consent in consents.iterator(chunk_size=ROWS_AT_ONCE):
        if consent.person and not standing.forbid(Channel.EMAIL, consent.person):
            yield consent.pk


def _queue_bulk_mails(kind: str, abouts: list[str], *, at: datetime) -> None:
    # is_bulk: the worker sends every due single mail first.
    Mail.objects.bulk_create(
        Mail(kind=kind, is_bulk=True, about=about, created_at=at, next_attempt_at=at)
        for about in abouts
    )


def _may_mail(address: str, *, at: datetime) -> bool:
    return rate_limits.may_mail(address, purpose="trial", at=at)


def _start(sign_up: SignUp, *, at: datetime) -> None:
    remind_at = sign_up.start(at=at)
    consents = MarketingConsent.objects.bulk_create(
        MarketingConsent(
            sign_up=sign_up,
            channel=channel,
            wording=wording,
            language=sign_up.language,
            given_at=sign_up.created_at,
            confirmed_at=at,
            address_hash=address_hashes(sign_up.email)[0],
            number_hash=number_hashes(sign_up.phone)[0] if channel == Channel.PHONE else "",
        )
        for channel, wording in sign_up.wordings.items()
    )
    for consent in consents:
        # The mailbox proves the address alone: a number is confirmed in a call (calls.py).
        if consent.channel == Channel.EMAIL:
            objections.lift_by(consent, at=at)
    outbox.put(kind=STARTED, about=sign_up.pk, at=at)
    outbox.put(kind=REMINDER, about=sign_up.pk, at=at, send_at=remind_at)
    if settings.PROVISIONING_URL:
        HandOver.objects.create(sign_up=sign_up, created_at=at, next_attempt_at=at)
    funnel.count(
        funnel.Step.CONFIRMED,
        language=sign_up.language,
        attribution=sign_up.attribution,
        at=at,
    )
