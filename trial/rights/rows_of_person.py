"""Which rows concern a person, and which rows of the trial are older than their period."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from delivery.models import Mail, Token
from privacy.models import RateCount
from privacy.rate_limits import DAY, mailbox_counts
from privacy.rights.map.declarations import Person
from privacy.rights.map.periods import days_before
from privacy.rights.map.register import add_finder, add_names
from trial.marketing.objections import contact_of, keys_of
from trial.models import (
    Channel,
    ErasureNotice,
    FunnelCount,
    HandOver,
    MarketingConsent,
    MarketingWithdrawal,
    NumberConfirmation,
    Objection,
    SignUp,
    SignUpQuerySet,
)


def sign_ups(person: Person) -> SignUpQuerySet:
    """Those of the address, confirmed or not. An empty address is nobody's."""
    rows = SignUp.objects.of_address(person.email)
    return rows.filter(created_at__lte=person.before) if person.before else rows


def consents(person: Person) -> QuerySet[MarketingConsent]:
    """Those of the sign-ups, and the proofs of the address whose sign-up is gone."""
    if not person.email:
        return MarketingConsent.objects.none()
    rows = MarketingConsent.objects.of_address(person.email)
    return rows.filter(given_at__lte=person.before) if person.before else rows


def consents_with_sign_up(person: Person) -> QuerySet[MarketingConsent]:
    """Those that still hold the id of a sign-up."""
    return consents(person).filter(sign_up__isnull=False)


def withdrawals(person: Person) -> QuerySet[MarketingWithdrawal]:
    return MarketingWithdrawal.objects.filter(consent__in=consents(person))


def number_confirmations(person: Person) -> QuerySet[NumberConfirmation]:
    return NumberConfirmation.objects.filter(consent__in=consents(person))


def hand_overs(person: Person) -> QuerySet[HandOver]:
    return HandOver.objects.filter(sign_up__in=sign_ups(person))


def erasure_notices(person: Person) -> QuerySet[ErasureNotice]:
    """Those of trials that are still there. The number of one that is gone leads to nobody here."""
    return ErasureNotice.objects.filter(trial_id__in=sign_ups(person).values("pk"))


def objections(person: Person) -> QuerySet[Objection]:
    """Those of the address, and of the numbers that the person gave in a form."""
    contacts = {person.email} - {""}
    for sign_up in sign_ups(person).exclude(phone=""):
        contacts.add(contact_of(sign_up, Channel.PHONE))
    return Objection.objects.filter(key__in=[key for each in contacts for key in keys_of(each)])


def mails(person: Person) -> QuerySet[Mail]:
    """About a sign-up; about a sign-up and a policy; about a marketing mail and a consent."""
    ids = [*sign_ups(person).values_list("pk", flat=True)]
    ids += consents(person).values_list("pk", flat=True)
    return Mail.objects.about_any(ids)


def tokens(person: Person) -> QuerySet[Token]:
    return Token.objects.filter(subject__in=_texts_of_ids(sign_ups(person)))


def mailbox_rate_counts(person: Person) -> QuerySet[RateCount]:
    return mailbox_counts(person.email, purpose="trial", window=DAY)


def log_entries(person: Person) -> QuerySet[LogEntry]:
    """What staff did with rows of the person. An entry names a row by its number."""
    about = Q(pk__in=[])
    of_person: list[QuerySet[Any]] = [
        sign_ups(person),
        consents(person),
        hand_overs(person),
        mails(person),
    ]
    for rows in of_person:
        about |= Q(
            content_type__app_label=rows.model._meta.app_label,
            content_type__model=rows.model._meta.model_name,
            object_id__in=_texts_of_ids(rows),
        )
    return LogEntry.objects.filter(about)


def person_of_sign_up(pk: UUID | None) -> Person | None:
    """Whose sign-up it is; None once it is gone. An erasure waits until the transaction ends."""
    if pk is None:
        return None
    rows = SignUp.objects.filter(pk=pk).select_for_update()
    email = rows.values_list("email_folded", flat=True).first()
    return Person(email) if email else None


def _texts_of_ids(rows: QuerySet[Any]) -> list[str]:
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


add_finder(Mail, mails)
add_finder(Token, tokens)
add_finder(RateCount, mailbox_rate_counts)
add_finder(LogEntry, log_entries)
add_names(
    lambda: SignUp.objects.order_by().values_list("email_folded", flat=True).distinct().iterator()
)


def unconfirmed(at: datetime) -> QuerySet[SignUp]:
    before = days_before(at, settings.UNCONFIRMED_SIGN_UP_DAYS)
    return SignUp.objects.waiting().filter(created_at__lte=before)


def ended(at: datetime) -> QuerySet[SignUp]:
    """Trials that ended long ago, without a consent that still allows marketing."""
    before = days_before(at, settings.ENDED_TRIAL_DAYS)
    over = SignUp.objects.confirmed().annotate(over_since=Coalesce("ended_at", "ends_at"))
    # The sign-up is there: `standing` would look it up again for each consent.
    consent = MarketingConsent.objects.not_ended(at=at).filter(sign_up=OuterRef("pk"))
    return over.filter(~Exists(consent), over_since__lte=before)


def with_old_attribution(at: datetime) -> QuerySet[SignUp]:
    before = days_before(at, settings.OPTIMIZATION_DAYS)
    return SignUp.objects.filter(created_at__lte=before, attribution__isnull=False)


def consents_ended_long_ago(at: datetime) -> QuerySet[MarketingConsent]:
    """Consents withdrawn or lapsed before PROOF_YEARS. Their withdrawals are deleted with them."""
    return MarketingConsent.objects.past_proof(at=at)


def old_erasure_notices(at: datetime) -> QuerySet[ErasureNotice]:
    """Those that reached the phone system, or were given up. A notice that waits stays."""
    before = days_before(at, settings.MAIL_DAYS)
    return ErasureNotice.objects.filter(finished_at__lte=before)


def old_funnel_counts(at: datetime) -> QuerySet[FunnelCount]:
    before = days_before(at, settings.OPTIMIZATION_DAYS)
    return FunnelCount.objects.filter(date__lt=before.date())
