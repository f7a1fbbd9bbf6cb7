"""People of every kind, whose rows end at different moments."""

from datetime import UTC, datetime, timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from consent.choice.choice import CHOICE_LIFETIME
from consent.models import ConsentRecord, Notice
from delivery import outbox
from delivery.models import Mail, Token
from privacy.models import RateCount
from tests.factories import make_person_to_call, make_sign_up, make_token_of, make_trial
from trial import actions
from trial.marketing import objections
from trial.models import MarketingConsent, Objection, SignUp

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ATTRIBUTION = {"referrer": "", "landing": "/", "parameters": {"gclid": "click"}}


def make_people(*, at: datetime = START) -> None:
    """One person of each kind, all from one moment, with mails, links, hashes and history."""
    make_token_of(make_sign_up(email="never@firma.pl", at=at), at=at)
    make_trial(email="no-consent@firma.pl", at=at, attribution=ATTRIBUTION)
    make_trial("email", email="consent@firma.pl", at=at, attribution=ATTRIBUTION)
    withdrawn = make_person_to_call(email="withdrawn@firma.pl", at=at)
    actions.withdraw(withdrawn.consents.get(), method="page", at=at)
    Mail.objects.update(state=Mail.State.DELIVERED, finished_at=at)
    outbox.suppress("gone@firma.pl", at=at)
    objections.record("phone", withdrawn.phone.as_e164, at=at)
    make_record(made_at=at)
    log(withdrawn, at=at)


def make_record(*, made_at: datetime, supersedes: ConsentRecord | None = None) -> ConsentRecord:
    return ConsentRecord.objects.create(
        made_at=made_at,
        expires_at=made_at + CHOICE_LIFETIME,
        notice=Notice.objects.first(),
        language="pl",
        offered=["analytics"],
        granted=["analytics"],
        is_refusal=False,
        method="banner",
        has_javascript=False,
        has_gpc_signal=False,
        supersedes=supersedes,
    )


def log(sign_up: SignUp, *, at: datetime) -> None:
    """A member of staff did something with a sign-up, and downloaded all of them."""
    user, _is_new = User.objects.get_or_create(username="kasia")
    for object_id in (str(sign_up.pk), None):
        entry = LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(SignUp),
            object_id=object_id,
            object_repr="x",
            action_flag=CHANGE,
        )
        LogEntry.objects.filter(pk=entry.pk).update(action_time=at)


def people() -> set[str]:
    """The addresses that are stored, without their domain."""
    return {email.partition("@")[0] for email in SignUp.objects.values_list("email", flat=True)}


def everything() -> dict[str, list[object]]:
    """Every row that retention may touch."""
    models = (SignUp, MarketingConsent, ConsentRecord, Mail, Token, LogEntry, Objection)
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (*models, RateCount)
    }


def days(number: float) -> timedelta:
    return timedelta(days=number)
