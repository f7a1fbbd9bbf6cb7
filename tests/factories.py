"""Makes rows, clients and requests for tests."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import time_machine
from cookie_consent.models import Cookie, CookieGroup
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from consent.choice import choice, reconsent
from consent.models import CookieDetails, Provider
from consent.records.made_choice import MadeChoice
from consent.registry import registry
from consent.registry.actions import store_notice
from content import store
from content.models import ContentRevision
from delivery import tokens
from pricing.models import Currency, Plan
from privacy.models import Reading
from privacy.rights.map.declarations import Person
from privacy.rights.readings import reading
from trial import actions as trial_actions
from trial.actions import SignUpData
from trial.marketing import calls
from trial.models import ConsentWording, SignUp
from trial.sign_up import wordings
from trial.sign_up.forms import new_stamp

DAY = 24 * 60 * 60
FORM = "application/x-www-form-urlencoded"


def make_made_choice(**fields: Any) -> MadeChoice:
    """A choice on its way to its record; by default a refusal in the Polish banner."""
    values = {
        "record_id": uuid.uuid4(),
        "made_at": timezone.now(),
        "notice_id": None,
        "language": "pl",
        "offered": ("analytics",),
        "granted": (),
        "method": "banner",
        "has_javascript": True,
        "has_gpc_signal": False,
        "policy_version_id": None,
        "supersedes_id": None,
    }
    return MadeChoice(**values | fields)


def make_cookie(name: str, *, group: str = "analytics", **details: Any) -> CookieDetails:
    """A cookie in the registry, in force at once."""
    cookie = Cookie.objects.create(
        cookiegroup=CookieGroup.objects.get(varname=group), name=name, description="Cel."
    )
    defaults: dict[str, Any] = {
        "purpose_en": "Purpose.",
        "provider": Provider.objects.get(name="Google"),
        "party": "third",
        "max_age_seconds": 30 * DAY,
    }
    row = CookieDetails.objects.create(cookie=cookie, **defaults | details)
    publish_registry()
    return row


def publish_registry() -> None:
    """Put the registry in force, as a save in the admin does."""
    store_notice(at=timezone.now())
    store.poll(timezone.now())


def make_grant(
    *groups: str,
    made_at: datetime | None = None,
    has_gpc_signal: bool = False,
    notice_key: str | None = None,
    reconsent_number: int = 0,
) -> choice.Grant:
    """A grant on the notice in force."""
    return choice.Grant(
        record_id=uuid.uuid4(),
        made_at=(made_at or timezone.now()).replace(microsecond=0),
        notice_key=notice_key or registry.current().notice_key,
        groups=frozenset(groups),
        has_gpc_signal=has_gpc_signal,
        reconsent_number=reconsent_number,
    )


def make_client(*groups: str, refused: bool = False, **headers: str) -> Client:
    """A visitor with a choice: these groups granted, a refusal, or no choice yet."""
    client = Client(headers=headers)
    if refused:
        client.cookies[settings.CHOICE_COOKIE_NAME] = choice.write_refusal()
    elif groups:
        client.cookies[settings.CHOICE_COOKIE_NAME] = choice.write_grant(make_grant(*groups))
    return client


def make_form(choice_: str, *groups: str, **fields: str) -> str:
    """The body of the form of the banner, URL-encoded."""
    form = {"choice": choice_, "notice": registry.current().notice_key, "next": "/"}
    if version := reconsent.current():
        form["policy"] = str(version.number)
    form |= fields
    return urlencode([*form.items(), *(("group", group) for group in groups)])


def post_choice(client: Client, choice_: str, *groups: str, **fields: str) -> Any:
    """Post the form as a page does. Takes `path` and every field of `make_form`."""
    path = fields.pop("path", "/cookies/")
    return client.post(path, make_form(choice_, *groups, **fields), content_type=FORM)


def kept_cookies(response: Any) -> dict[str, str]:
    """The cookies of an answer that a browser stores: all that do not expire at once."""
    return {
        morsel.key: morsel.value for morsel in response.cookies.values() if morsel["max-age"] != 0
    }


def expired_cookies(response: Any) -> set[tuple[str, str, str]]:
    """Name, domain and path of every cookie that an answer expires."""
    return {
        (morsel.key, morsel["domain"], morsel["path"])
        for morsel in response.cookies.values()
        if morsel["max-age"] == 0
    }


def make_sign_up_form(**fields: str) -> dict[str, str]:
    """The valid form of a person who opened it a minute ago and ticked no box."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
        stamp = new_stamp()
    fields_of_person = {
        "full_name": "Anna Nowak",
        "email": "anna@example.com",
        "company": "Firma Przykładowa",
        "phone": "",
        "stamp": stamp,
    }
    return fields_of_person | fields


def ticked_boxes(*channels: str) -> dict[str, str]:
    """The fields of these consents, ticked beside the wordings in force."""
    words = wordings.current()
    return {f"marketing_{channel}": words.key(channel) for channel in channels}


def make_sign_up(*consents: str, at: datetime | None = None, **fields: Any) -> SignUp:
    """A sign-up that is not confirmed, with its mail in the queue."""
    form_data = {
        "language": "pl",
        "name": "Anna Nowak",
        "email": "anna@example.com",
        "company": "Firma Przykładowa",
        "phone": "+48221234567",
        "extension": "",
        "policy_version_id": None,
        "terms_version_id": None,
        "wording_ids": {
            channel: ConsentWording.objects.filter(channel=channel).first().pk
            for channel in consents
        },
        "attribution": None,
    } | fields
    existing_ids = set(SignUp.objects.values_list("pk", flat=True))
    trial_actions.sign_up(
        SignUpData(**form_data), network_key=uuid.uuid4().hex, at=at or timezone.now()
    )
    return SignUp.objects.exclude(pk__in=existing_ids).get()


def make_token_of(sign_up: SignUp, *, at: datetime | None = None) -> str:
    """The token in the link of its confirmation mail."""
    return tokens.make(
        purpose=trial_actions.CONFIRM, subject=str(sign_up.pk), at=at or timezone.now()
    )


def make_trial(*consents: str, at: datetime | None = None, **fields: Any) -> SignUp:
    """A trial confirmed at `at`, its mails in the queue."""
    moment = at or timezone.now()
    sign_up = make_sign_up(*consents, at=moment, **fields)
    return trial_actions.confirm(make_token_of(sign_up, at=moment), at=moment)


def make_person_to_call(*, at: datetime | None = None, **fields: Any) -> SignUp:
    """A trial with a consent to calls, whose number was confirmed in a call."""
    trial = make_trial("phone", at=at, **fields)
    calls.confirm_number(trial.consents.get(channel="phone"), at=at or timezone.now())
    return trial


def make_reading(person: Person | None = None, *, at: datetime | None = None) -> Reading:
    """A colleague whose account is gone read a sign-up of the person, or a list of several."""
    former = User(pk=2**31 - 1, email="former@example.com")
    read = Reading.What.READ
    reading.log(former, person=person, what=read, kind=SignUp, rows=1, at=at or timezone.now())
    return Reading.objects.latest("pk")


def make_plan(code: str, *, amounts: dict[str, str] | None = None, **fields: Any) -> Plan:
    """A plan on offer. Without `amounts` it costs 10.00 in every currency."""
    texts = {
        "name_pl": f"Plan {code}",
        "name_en": f"{code} plan",
        "description_pl": "Opis.",
        "description_en": "Description.",
        "features_pl": "Raz\nDwa",
        "features_en": "One\nTwo",
    }
    plan = Plan.objects.create(code=code, **texts | fields)
    prices = dict.fromkeys(Currency.values, "10.00") if amounts is None else amounts
    for currency, amount in prices.items():
        plan.prices.create(currency=currency, amount=amount)
    return plan


def publish_plans() -> None:
    """Put plans and their comparison on the page, as saving in the admin does."""
    ContentRevision.objects.bump()
    store.poll(timezone.now())
