"""Everything that a person can ask for, each with what was acknowledged and what has to come of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from delivery.models import Mail
from privacy.models import DataRequest, ErasureCase, LegalHold
from privacy.rights.cases import erasure_cases, erasure_journal, restrictions
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Fate, Person
from privacy.rights.map.register import all_declared
from privacy.rights.requests import actions
from privacy.rights.requests.data_request import Right
from tests.factories import make_trial
from tests.privacy.rights.people import START
from tests.privacy.rights.your_data.open_pages import make_page, path_in_mail
from trial.marketing import objections
from trial.models import ErasureNotice, HandOver, SignUp

EMAIL = "anna@firma.pl"
COLLEAGUE = "kasia"
ANNA = Person(EMAIL)
FINAL = START + erasure_cases.TIME_TO_UNDO
REQUEST = "We have your request"
COMPLAINT = "We have your complaint"
LINK = "Your data at VoIPstudio"


@dataclass(frozen=True)
class AskedRight:
    """One right: how it is asked for, and the one outcome that it has to have."""

    name: str
    # Asks with a page; returns the status.
    ask: Callable[[str], int]
    # Kind and outcome of each request in the end; an open one has no outcome.
    requests: tuple[tuple[str, str], ...] = ()
    # The subjects of the mails to the person, without the reference.
    mails: tuple[str, ...] = ()
    # What was asked for and acknowledged before.
    before: Callable[[str], Any] = lambda page: None
    check: Callable[[], None] = lambda: None
    # When workers work.
    moments: tuple[datetime, ...] = (START,)
    # Whether asking again has the same outcome as asking once.
    is_repeatable: bool = True


def make_anna() -> str:
    """A person with a trial that was handed over, and whose mails are sent. Returns her page."""
    User.objects.create(username=COLLEAGUE)
    make_trial("email", "phone", email=EMAIL, at=START - timedelta(days=1))
    Mail.objects.update(state=Mail.State.DELIVERED, finished_at=START)
    HandOver.objects.update(state=HandOver.State.DELIVERED, finished_at=START)
    return make_page(EMAIL, at=START)


def post(page: str, below: str, **form: str) -> int:
    return Client().post(f"{page}{below}", form).status_code


def choose(do: str) -> Callable[[str], int]:
    return lambda page: post(page, "choose/", do=do)


def ask_staff(kind: str) -> Callable[[str], int]:
    return lambda page: post(page, "ask/", kind=kind, text="Please look into it.")


def correct(page: str) -> int:
    prefix = f"sign-up-{SignUp.objects.get().pk}"
    form = {"full_name": "Anna Nowak", "company": "Nowa", "phone": "+48 22 123 45 67"}
    return post(page, "correct/", **{f"{prefix}-{name}": value for name, value in form.items()})


def download(page: str) -> int:
    response = Client().get(f"{page}file/")
    assert any(t["table"] == "trial_signup" for t in json.loads(response.content)["tables"])
    return response.status_code


def look(page: str) -> int:
    response = Client().get(page)
    assert "Nowak" in response.content.decode()
    return response.status_code


def erase(page: str) -> int:
    return post(page, "erase/")


def hold(_page: str) -> None:
    LegalHold.objects.create(
        **fields_of(ANNA), opened_at=START, reason="A claim.", review_on=START.date()
    )


def answer(_page: str) -> int:
    """A member of staff answers; the page of staff leads on."""
    request, user = DataRequest.objects.get(), User.objects.get(username=COLLEAGUE)
    actions.answer(request, text="See your page.", outcome="done", user=user, at=timezone.now())
    return 303


def extend(_page: str) -> int:
    request, user = DataRequest.objects.get(), User.objects.get(username=COLLEAGUE)
    actions.extend(request, reason="Much.", user=user, at=timezone.now())
    return 303


def is_corrected() -> None:
    assert [sign_up.company for sign_up in SignUp.objects.all()] == ["Nowa"]


def is_restricted() -> None:
    assert restrictions.standing().count() == 1
    assert SignUp.objects.restricted().count() == 1


def gets_no_mails() -> None:
    assert objections.stands_against_address(EMAIL)
    assert SignUp.objects.get().consents.filter(withdrawal__isnull=True).count() == 1


def each_link_works() -> None:
    for message in mail.outbox:
        assert Client().post(path_in_mail(message.body)).status_code == 303


def is_erased() -> None:
    """Once, with one file of the journal, and nothing is left."""
    assert ErasureCase.objects.get().erased_at
    assert ErasureCase.objects.get().counts["trial_signup"] == 1
    [path] = erasure_journal.folder().iterdir()
    [entry] = erasure_journal.entries([path.parent])
    assert entry.covers_until == START
    assert ErasureNotice.objects.count() == 1
    for data in all_declared():
        if data.on_erasure.fate is not Fate.KEPT:
            affected = (data.on_erasure.rows or data.rows_of)(ANNA)
            assert not affected.exists(), data.table


def is_kept() -> None:
    assert SignUp.objects.count() == 1
    assert not SignUp.objects.restricted().exists()
    assert not ErasureNotice.objects.exists()


def steps_are_there_once(*kinds: str) -> Callable[[], None]:
    def check() -> None:
        assert sorted(step.kind for step in DataRequest.objects.get().steps.all()) == sorted(kinds)

    return check


def _of_staff(kind: Right, subject: str = REQUEST, **more: Any) -> AskedRight:
    steps = steps_are_there_once("received", "acknowledged")
    fields = {"check": steps, "name": f"{kind.value} by staff"} | more
    return AskedRight(ask=ask_staff(kind), requests=((kind, ""),), mails=(subject,), **fields)


RIGHTS = [
    AskedRight(
        "link",
        lambda page: Client().post("/en/your-data/", {"email": EMAIL}).status_code,
        mails=(LINK,),
        check=each_link_works,
        is_repeatable=False,
    ),
    AskedRight("access", look),
    AskedRight("portability", download),
    AskedRight(
        "rectification",
        correct,
        requests=((Right.RECTIFICATION, ""),),
        mails=(REQUEST,),
        check=is_corrected,
    ),
    AskedRight(
        "restriction",
        choose("restrict"),
        # Staff pass it on to the phone system.
        requests=((Right.RESTRICTION, ""),),
        check=is_restricted,
    ),
    AskedRight(
        "objection by channel",
        choose("stop-email"),
        requests=((Right.OBJECTION, "done"),),
        check=gets_no_mails,
    ),
    _of_staff(Right.OBJECTION, name="objection with reasons", check=is_restricted),
    _of_staff(Right.ACCESS),
    _of_staff(Right.RECTIFICATION),
    _of_staff(Right.AUTOMATED),
    _of_staff(Right.COMPLAINT, COMPLAINT),
    AskedRight(
        "complaint without a link",
        lambda page: (
            Client()
            .post("/en/your-data/complaint/", {"email": EMAIL, "text": "Too many calls."})
            .status_code
        ),
        requests=((Right.COMPLAINT, ""),),
        mails=(COMPLAINT,),
        check=steps_are_there_once("received", "acknowledged"),
    ),
    AskedRight(
        "erasure",
        erase,
        requests=((Right.ERASURE, "done"),),
        mails=("We will erase your data",),
        check=is_erased,
        moments=(START, FINAL),
    ),
    AskedRight(
        "erasure with an open request",
        erase,
        before=ask_staff(Right.ACCESS),
        requests=((Right.ACCESS, ""), (Right.ERASURE, "done")),
        # Nothing was sent in the day before the erasure.
        mails=(REQUEST,),
        check=is_erased,
        moments=(FINAL,),
    ),
    AskedRight(
        "undo",
        choose("undo"),
        before=erase,
        requests=((Right.ERASURE, "taken-back"),),
        check=is_kept,
        moments=(START, FINAL),
    ),
    AskedRight(
        "erasure that a legal hold stops",
        erase,
        before=hold,
        requests=((Right.ERASURE, ""),),
        mails=(REQUEST,),
        check=is_kept,
        moments=(START, FINAL),
    ),
    AskedRight(
        "answer of staff",
        answer,
        before=ask_staff(Right.ACCESS),
        requests=((Right.ACCESS, "done"),),
        mails=("Our answer to your request", REQUEST),
        check=steps_are_there_once("received", "acknowledged", "answered", "closed"),
        is_repeatable=False,
    ),
    AskedRight(
        "extension",
        extend,
        before=ask_staff(Right.ACCESS),
        requests=((Right.ACCESS, ""),),
        mails=(REQUEST, "We need more time for your request"),
        check=steps_are_there_once("received", "acknowledged", "extended"),
        is_repeatable=False,
    ),
]


def at_start() -> Any:
    return time_machine.travel(START, tick=False)
