"""What a stranger tries on the pages with a person's data: nothing of anybody else is shown or done."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.models import ConsentRecord
from delivery import worker
from delivery.models import Token
from privacy.models import DataLink, DataRequest, ErasureCase
from privacy.rights.cases import restrictions
from privacy.rights.map.declarations import Person
from privacy.rights.your_data import data_link
from tests.factories import make_client, make_sign_up, make_trial, post_choice
from tests.pages import Page
from tests.privacy.rights.your_data.open_pages import make_link, make_page
from trial import actions
from trial.models import SignUp

pytestmark = pytest.mark.django_db

EMAIL = "anna@firma.pl"
PAGES = ("", "file/", "erase/", "correct/", "ask/", "choose/")
METHODS = ("get", "head", "options", "post", "put", "patch", "delete", "trace")


def page_of(email: str = EMAIL) -> str:
    return make_page(email, at=timezone.now())


def record_of_browser() -> str:
    """The number of the record of a browser that several people use."""
    post_choice(make_client(), "accept")
    return str(ConsentRecord.objects.get().pk)


def open_by_number(number: str) -> str:
    return str(Client().post("/en/your-data/record/", {"number": number})["Location"])


@pytest.fixture
def joined() -> str:
    """A person joined the record of a browser, and asked for everything with both."""
    make_trial(email=EMAIL)
    page, number = page_of(), record_of_browser()
    Client().post(f"{page}choose/", {"do": "join", "number": number})
    Client().post(f"{page}choose/", {"do": "restrict"})
    Client().post(f"{page}ask/", {"kind": "complaint", "text": "Tajne slowa."})
    Client().post(f"{page}erase/")
    return number


@pytest.mark.parametrize("below", ["", "file/", "erase/"])
def test_the_number_of_a_shared_browser_shows_nothing_of_the_person(joined: str, below) -> None:
    """Red when: a case with an address is found by its number alone."""
    body = Client().get(open_by_number(joined) + below).content.decode()
    for words in (EMAIL, "Tajne", DataRequest.objects.get(kind="complaint").reference):
        assert words not in body


def test_the_number_of_a_shared_browser_undoes_and_lifts_nothing(joined: str) -> None:
    """Red when: as above. Then whoever sits at the browser keeps what the person had erased."""
    page = open_by_number(joined)
    for do in ("lift", "undo"):
        assert Client().post(f"{page}choose/", {"do": do}).status_code == 303
    assert restrictions.standing().count() == 1
    assert ErasureCase.objects.get().undone_at is None


def test_two_people_who_joined_one_browser_do_not_meet(joined: str) -> None:
    """Red when: the cases of one are found by the number that both have."""
    page = page_of("jan@firma.pl")
    Client().post(f"{page}choose/", {"do": "join", "number": joined})
    body = Client().get(page).content.decode()
    assert joined in body
    assert EMAIL not in body
    assert "Tajne" not in body


@pytest.mark.parametrize(
    "other",
    ["anna+x@firma.pl", "anna@firma.pl.evil.example", "anna@xn--frma-4va.pl", "anna.x@firma.pl"],
)
def test_a_mailbox_that_looks_alike_is_somebody_else(other: str) -> None:
    """Red when: people are compared by the mailbox key of the limits, which folds tags."""
    make_trial(email=EMAIL, company="Moja")
    body = Client().get(page_of(other)).content.decode()
    assert other in body
    assert "Moja" not in body


@pytest.mark.parametrize(
    "email",
    [
        "аnna@firma.pl",  # a Cyrillic letter
        "anna@firma.pl\r\nBcc: jan@firma.pl",
        "anna@firma.pl,jan@firma.pl",
        '"anna\\nBcc: x"@firma.pl',
        "anna\0@firma.pl",
        "a" * 900_000 + "@firma.pl",
    ],
)
@pytest.mark.parametrize("path", ["", "complaint/"])
def test_an_address_that_is_none_gets_no_mail(email: str, path: str) -> None:
    """Red when: a form takes addresses that the mail server, or a header, reads as another."""
    form = {"email": email, "text": "Words."}
    assert Client().post(f"/en/your-data/{path}", form).status_code == 422
    assert not DataLink.objects.exists()
    assert not DataRequest.objects.exists()


def fields_of_page(page: str, sign_up: SignUp) -> dict[str, tuple[str, dict[str, str]]]:
    """Each form: its address, and its fields with valid values."""
    prefix = f"sign-up-{sign_up.pk}"
    correction = {f"{prefix}-full_name": "A", f"{prefix}-company": "B", f"{prefix}-phone": ""}
    return {
        "ask": (f"{page}ask/", {"kind": "access", "text": "Words."}),
        "join": (f"{page}choose/", {"do": "join", "number": "x"}),
        "correct": (f"{page}correct/", correction),
        "complain": ("/en/your-data/complaint/", {"email": EMAIL, "text": "x", "website": ""}),
        "record": ("/en/your-data/record/", {"number": "x"}),
    }


@pytest.mark.parametrize("text", ["a\0b", "a" * 900_000], ids=["NUL", "900 KB"])
@pytest.mark.parametrize("form", ["ask", "join", "correct", "complain", "record"])
def test_no_field_takes_everything(form: str, text: str) -> None:
    """Red when: a text reaches PostgreSQL that it cannot store, or fills the disk."""
    sign_up = make_trial(email=EMAIL)
    address, fields = fields_of_page(page_of(), sign_up)[form]
    for name in fields:
        response = Client().post(address, fields | {name: text})
        assert response.status_code in {400, 422}, name
        assert Page(response.content).one("main")
    assert not DataRequest.objects.exists()
    assert Client().post(address, fields | {name: "a" * 1_100_000}).status_code == 413


@pytest.mark.parametrize("token", ["x", "a" * 3000, "%00", "%ff%fe", "a/b/c", "..%2f..", "ż"])
@pytest.mark.parametrize("method", METHODS)
def test_a_made_up_token_opens_nothing(token: str, method: str) -> None:
    for path in (f"link/{token}/", *(f"page/{token}/{below}" for below in PAGES)):
        response = getattr(Client(), method)(f"/en/your-data/{path}")
        assert response.status_code in {404, 405}, path
        assert_is_private(response)


def assert_is_private(response: HttpResponse) -> None:
    """No cache keeps it, no other site learns its address, and a proxy takes its headers (I15, I21)."""
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "strict-origin"
    assert "google" not in response["Content-Security-Policy"]
    assert len(response.serialize_headers()) < 3000


@pytest.mark.parametrize("method", METHODS)
def test_every_answer_of_an_open_page_is_private(method: str) -> None:
    """Redirects, errors and refused methods too. Red when: a view is no private page."""
    make_trial(email=EMAIL)
    page, link = page_of(), make_link(EMAIL, at=timezone.now())
    for address in (link, *(page + below for below in PAGES)):
        assert_is_private(getattr(Client(), method)(address))


FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=lambda headers: "".join(headers.values()))
def test_a_form_of_another_site_does_nothing(headers: dict[str, str]) -> None:
    """CSRF. Red when: a view is exempt from the check."""
    make_trial(email=EMAIL)
    page, link = page_of(), make_link(EMAIL, at=timezone.now())
    stranger = Client(enforce_csrf_checks=True, headers=headers)
    for address in (link, *(page + below for below in ("erase/", "correct/", "ask/", "choose/"))):
        response = stranger.post(address, {"do": "restrict", "kind": "access", "text": "x"})
        assert response.status_code == 403
        assert_is_private(response)
    for address in ("", "complaint/", "record/"):
        form = {"email": EMAIL, "text": "x", "number": "x"}
        assert stranger.post(f"/en/your-data/{address}", form).status_code == 403
    assert not DataRequest.objects.exists()
    assert not Token.objects.filter(purpose=data_link.LINK, used_at__isnull=False).exists()


def test_a_mail_names_our_own_host_whatever_was_asked(settings) -> None:
    """Red when: the link is built of the Host header: then a stranger gets the token."""
    settings.ALLOWED_HOSTS = ["*"]
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert Client(headers=headers).post("/en/your-data/", {"email": EMAIL}).status_code == 200
    worker.work_off(timezone.now())
    [message] = mail.outbox
    assert "evil" not in str(message.message())
    assert f"{settings.SITE_ORIGIN}/en/your-data/link/" in message.body


@pytest.mark.parametrize("done", ["<script>alert(1)</script>", "//evil.example", "x" * 2000, "%00"])
def test_a_made_up_done_says_nothing(done: str) -> None:
    response = Client().get(page_of(), {"done": done})
    assert response.status_code == 200
    assert 'role="status"' not in response.content.decode()
    assert "evil" not in response.content.decode()


def test_the_link_that_unsubscribes_restricts_and_never_lifts() -> None:
    """It is old, and may be in other hands. Red when: it takes any button of the page."""
    consent = make_trial("email", email=EMAIL).consents.get()
    path = f"/en/free-trial/consents/{consent.pk}/"
    assert Client().post(path, {"do": "restrict"}).status_code == 200
    for do in ("lift", "undo", "join", "close", "", "erase"):
        assert Client().post(path, {"do": do}).status_code == 400
    assert restrictions.standing().count() == 1


def count_statements(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as counted:
        act()
    return len(counted)


def statements_of(email: str, rows: int) -> dict[str, int]:
    """The statements of each page, and of each button, for a person with so many rows."""
    at = timezone.now()
    trial = make_trial("email", "phone", email=email, at=at)
    for number in range(rows):
        make_sign_up("email", "phone", email=email, at=at - timedelta(days=number))
        request = DataRequest.objects.create(
            email=email, kind="access", language="en", text=f"{number}", opened_at=at
        )
        request.steps.create(kind="received", taken_at=at)
        DataLink.objects.create(email=email, language="en", opened_at=at)
    actions.object_to_marketing(Person(email), method="page", at=at)
    page = page_of(email)
    client = Client()
    acts: dict[str, Callable[[], Any]] = {
        f"GET {below}": partial(client.get, page + below) for below in ("", "file/", "erase/")
    }
    forms = fields_of_page(page, trial)
    acts |= {name: partial(client.post, *forms[name]) for name in ("ask", "correct")}
    for do in ("restrict", "lift", "stop-email"):
        acts[do] = partial(client.post, f"{page}choose/", {"do": do})
    acts["erase"] = partial(client.post, f"{page}erase/")
    acts["undo"] = partial(client.post, f"{page}choose/", {"do": "undo"})
    return {name: count_statements(act) for name, act in acts.items()}


def test_the_statements_of_a_page_do_not_grow_with_the_rows() -> None:
    """A person with three hundred rows. Red when: there is a statement for each row, such as one for
    each telephone number."""
    statements_of("ewa@firma.pl", 1)  # what is read once for all pages
    few, many = statements_of("jan@firma.pl", 2), statements_of(EMAIL, 100)
    assert few == many
    assert max(few.values()) < 150
