"""A person who has rows in every table with personal data, made by real flows where there are some."""

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from consent.models import ConsentRecord
from delivery import outbox
from privacy.models import DataRequest, ErasureCase, LegalHold, Reading
from privacy.policies.actions import start_draft
from privacy.rights.cases import restrictions
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Person
from privacy.rights.readings import reading
from privacy.rights.requests import actions as requests
from privacy.rights.your_data import data_link
from tests.factories import make_client, make_reading, make_token_of, make_trial, post_choice
from tests.staff import act
from tests.voipstudio.accounts.people import make_app, make_passkey, make_person
from trial import actions
from trial.marketing import calls
from trial.models import ErasureNotice, MarketingMail, SignUp
from trial.phone_system import hand_over
from voipstudio.accounts import limits

ATTRIBUTION = {"referrer": "https://www.google.com", "landing": "/", "parameters": {}}


@dataclass
class Somebody:
    """A person, and texts that only their rows hold."""

    person: Person
    words: set[str] = field(default_factory=set)


def make_somebody(name: str, *, phone: str) -> Somebody:
    """A visitor, a trial user and a colleague at once. Set PROVISIONING_URL, so that there is a
    hand-over."""
    email = f"{name}@example.com"
    trial = _make_trial(name, email, phone)
    user = _make_colleague(name, email, trial)
    record_ids = _choose_and_withdraw()
    outbox.suppress(email, at=timezone.now())
    _make_cases(Person(email))
    numbers = _make_readings(Person(email, frozenset(record_ids[:1])), by=user)
    request = _make_request(name, Person(email), user)
    rows: list[Model] = [trial, *trial.consents.all()]
    words = {email, f"{name} full", f"{name} company", phone, f"user-{name}", f"{name} click"}
    words |= {request.text} | {f"{name} {word}" for word in ("doubt", "called", "note", "answer")}
    words |= {str(row.pk) for row in rows} | {*map(str, record_ids)} | {user.password}
    words |= numbers
    return Somebody(Person(email.upper(), frozenset({record_ids[0]})), words)


def _make_cases(person: Person) -> None:
    """What became of the person's earlier requests: none of them stands any more."""
    now = timezone.now()
    restrictions.lift(restrictions.restrict(person, reason="Asked by letter.", at=now), at=now)
    LegalHold.objects.create(
        **fields_of(person), opened_at=now, reason="A claim.", review_on=now, lifted_at=now
    )
    ErasureCase.objects.create(
        **fields_of(person), opened_at=now, next_attempt_at=now, undone_at=now
    )


def _make_readings(person: Person, *, by: User) -> set[str]:
    """Somebody read about the person, who read about others. Returns the numbers in the log by
    which it names the person.
    """
    numbers = {make_reading(each).about for each in (person, Person("", person.record_ids))}
    exported, at = Reading.What.EXPORTED, timezone.now()
    reading.log(by, person=None, what=exported, kind=SignUp, rows=2, at=at)
    return numbers


def _make_request(name: str, person: Person, user: User) -> DataRequest:
    """A link, and a request with every step that keeps words, which was answered by mail."""
    now = timezone.now()
    data_link.ask(person.email, language="pl", network_key=None, at=now)
    request = requests.receive(
        person, kind="access", language="pl", at=now, text=f"{name} asks", source="letter"
    )
    requests.pause(request, reason=f"{name} doubt", user=user, at=now)
    requests.verify(request, text=f"{name} called", user=user, at=now)
    requests.note(request, text=f"{name} note", user=user, at=now)
    requests.answer(request, text=f"{name} answer", outcome="done", user=user, at=now)
    return request


def _make_trial(name: str, email: str, phone: str) -> SignUp:
    now = timezone.now()
    parameters = {"gclid": f"{name} click"}
    trial = make_trial(
        "email",
        "phone",
        name=f"{name} full",
        email=email,
        company=f"{name} company",
        phone=phone,
        attribution=ATTRIBUTION | {"parameters": parameters},
    )
    mail = MarketingMail.objects.create(
        subject_pl="Nowość", subject_en="News", text_pl="Tekst.", text_en="Text."
    )
    actions.send_marketing_mail(mail, at=now)
    make_token_of(trial)
    calls.confirm_number(trial.consents.get(channel="phone"), at=now)
    hand_over.tell_of_erasure(SignUp.objects.filter(pk=trial.pk), at=now)
    ErasureNotice.objects.get(trial_id=trial.pk).finish(ErasureNotice.State.DELIVERED, at=now)
    actions.object_to_marketing(email, method="page", at=now)
    return trial


def _make_colleague(name: str, email: str, trial: SignUp) -> User:
    """A member of staff who ended the trial of the same person."""
    user = make_person(f"user-{name}", email=email, first_name=f"{name} full", is_superuser=True)
    user.groups.add(Group.objects.order_by("pk")[0])
    user.user_permissions.add(Permission.objects.order_by("pk")[0])
    client = Client()
    client.force_login(user)
    assert act(client, "/admin/trial/signup/", "end_trial", trial).status_code == 200
    make_app(user)
    make_passkey(user)
    codes = StaticDevice.objects.create(user=user, name="codes")
    StaticToken.objects.create(device=codes, token=f"code {name}")
    start_draft(policy="terms", user=user, at=timezone.now())
    limits.count_app_code(user, at=timezone.now())
    return user


def _choose_and_withdraw() -> list[UUID]:
    """The numbers of two records: the browser kept the first, and the second supersedes it."""
    client = make_client()
    before = set(ConsentRecord.objects.values_list("pk", flat=True))
    post_choice(client, "accept")
    [granted] = set(ConsentRecord.objects.values_list("pk", flat=True)) - before
    post_choice(client, "reject")
    withdrawn = ConsentRecord.objects.get(supersedes=granted)
    return [granted, withdrawn.pk]
