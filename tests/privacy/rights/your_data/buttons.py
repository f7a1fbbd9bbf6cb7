"""Every button of the page with a person's data, and what two clicks on it leave."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client

from consent.models import ConsentRecord
from delivery.models import Mail, Token
from privacy.models import DataLink, DataRequest, ErasureCase, Restriction
from privacy.rights.cases import restrictions
from privacy.rights.map.declarations import Person
from privacy.rights.requests.data_request import Right
from privacy.rights.your_data import data_link
from tests import seeded_database
from tests.factories import make_client, make_trial, post_choice
from tests.privacy.rights.people import START
from tests.privacy.rights.your_data.open_pages import make_page
from trial.models import SignUp

EMAIL = "anna@firma.pl"
ANNA = Person(EMAIL)


@dataclass(frozen=True)
class Button:
    """One button: what to do before, what to send where, and what two clicks leave."""

    name: str
    # The path below the page, or a whole path; the form is made for the page.
    path: str
    form: Callable[[], dict[str, str]]
    # How often each row is there in the end.
    rows: Callable[[], dict[str, int]]
    statuses: tuple[int, int] = (303, 303)
    before: Callable[[], Any] = lambda: None

    def address(self, page: str) -> str:
        return self.path if self.path.startswith("/") else page + self.path


def do(value: str) -> Callable[[], dict[str, str]]:
    return lambda: {"do": value}


def correction() -> dict[str, str]:
    sign_up = SignUp.objects.get()
    prefix = f"sign-up-{sign_up.pk}"
    return {
        f"{prefix}-full_name": sign_up.name,
        f"{prefix}-company": "Nowa",
        f"{prefix}-phone": "+48 22 123 45 67",
    }


def make_record() -> None:
    post_choice(make_client(), "accept")


def joined() -> dict[str, str]:
    return {"do": "join", "number": str(ConsentRecord.objects.latest("made_at").pk)}


def counts(**found: int) -> dict[str, int]:
    return found


BUTTONS = [
    Button(
        "restrict",
        "choose/",
        do("restrict"),
        lambda: counts(
            restrictions=restrictions.standing().count(), requests=DataRequest.objects.count()
        ),
    ),
    Button(
        "lift",
        "choose/",
        do("lift"),
        lambda: counts(lifted=Restriction.objects.filter(lifted_at__isnull=False).count()),
        before=lambda: restrictions.restrict(ANNA, reason="Asked.", at=START),
    ),
    Button(
        "stop",
        "choose/",
        do("stop-email"),
        lambda: counts(requests=DataRequest.objects.filter(kind=Right.OBJECTION).count()),
    ),
    Button(
        "correct",
        "correct/",
        correction,
        lambda: counts(
            requests=DataRequest.objects.filter(kind=Right.RECTIFICATION).count(),
            mails=Mail.objects.filter(kind="data-received").count(),
            sign_ups=SignUp.objects.filter(company="Nowa").count(),
        ),
    ),
    Button(
        "erase",
        "erase/",
        dict,
        lambda: counts(
            cases=ErasureCase.objects.count(),
            requests=DataRequest.objects.filter(kind=Right.ERASURE).count(),
            mails=Mail.objects.filter(kind="data-erasure").count(),
        ),
    ),
    Button(
        "ask",
        "ask/",
        lambda: {"kind": "objection", "text": "Not for statistics."},
        lambda: counts(
            requests=DataRequest.objects.open().count(),
            restrictions=restrictions.standing().count(),
            mails=Mail.objects.filter(kind="data-received").count(),
        ),
    ),
    Button(
        "join",
        "choose/",
        joined,
        lambda: counts(numbers=len(DataLink.objects.get().record_ids)),
        before=make_record,
    ),
    Button(
        "close",
        "choose/",
        do("close"),
        lambda: counts(
            used=Token.objects.filter(purpose=data_link.PAGE).exclude(used_at=None).count()
        ),
        statuses=(303, 410),
    ),
    Button(
        "complain",
        "/en/your-data/complaint/",
        lambda: {"email": EMAIL, "text": "Too many calls."},
        lambda: counts(
            requests=DataRequest.objects.open().count(),
            mails=Mail.objects.filter(kind="data-received").count(),
        ),
        statuses=(200, 200),
    ),
]
IDS = [button.name for button in BUTTONS]


def click(address: str, form: dict[str, str]) -> int:
    return Client().post(address, form).status_code


def prepare(at=START) -> str:
    """A person with a trial and an open page."""
    seeded_database.restore()
    make_trial("email", "phone", email=EMAIL, at=START)
    return make_page(EMAIL, at=at)


def at_each_step(run: Callable[[int], bool]) -> int:
    """Call it for each step of the first act, until there is none left. Returns their number."""
    return next(number for number in itertools.count() if not run(number))


def at_some_steps(run: Callable[[int], bool]) -> int:
    """The same for 0, 1, 2, 4, 8 and so on: an erasure has many steps, all in one transaction."""
    return next(number for number in (0, *(2**n for n in range(20))) if not run(number))
