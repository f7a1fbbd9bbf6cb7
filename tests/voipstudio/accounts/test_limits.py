"""Guessing is slow for the guesser alone: the limits of the login and of the second step."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import get_hasher
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.translation import override

from privacy.models import RateCount
from privacy.rate_limits import RateCountQuerySet
from tests.pages import Page
from tests.voipstudio.accounts.people import (
    CODES,
    SECOND_STEP,
    code_of,
    is_inside,
    make_app,
    make_person,
    send_password,
    signed_in,
    verified,
)
from voipstudio.accounts import limits, login

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STRANGER, OWNER = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names whose passwords the site has looked at."""
    names: list[str] = []

    def look(request: Any, username: str, password: str) -> Any:
        names.append(username)
        return authenticate(request, username=username, password=password)

    monkeypatch.setattr("django.contrib.auth.forms.authenticate", look)
    return names


def guess_many(number: int, *, address: str = STRANGER, name: str = "") -> list[Any]:
    """Wrong passwords, one after the other: of one account, or of a new one each."""
    client = Client(REMOTE_ADDR=address)
    return [send_password(client, "wrong", name=name or f"person{each}") for each in range(number)]


def test_a_network_may_guess_twenty_times_and_then_nothing_is_hashed(clock, looks) -> None:
    """Red when: the guess is counted after the password is looked at, or not at all."""
    answers = guess_many(30)

    assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 10
    assert len(looks) == 20
    assert answers[-1]["Retry-After"] == "600"
    assert {*answers[-1].cookies} <= {"csrftoken"}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("pl", "Zbyt wiele prób. Spróbuj ponownie za 10 minut."),
        ("en", "Too many attempts. Please try again in 10 minutes."),
    ],
)
def test_the_page_says_when_to_try_again_and_keeps_the_name(
    clock, settings, language: str, sentence: str
) -> None:
    settings.LANGUAGE_CODE = language
    guess_many(20)

    page = Page(send_password(Client(REMOTE_ADDR=STRANGER)).content)

    assert [note.text for note in page.with_class("errornote")] == [sentence]
    assert page.form_fields["username"] == "anna"


def test_somebody_on_another_network_gets_in_meanwhile(clock) -> None:
    """Red when: the count is for the account, whatever the network: a stranger locks staff out."""
    make_person()
    guess_many(30, name="anna")

    assert is_inside(signed_in(address=OWNER))


def test_the_window_of_a_network_ends_when_the_page_says(clock) -> None:
    answer = guess_many(21)[-1]

    clock.shift(timedelta(seconds=int(answer["Retry-After"]) - 1))
    assert guess_many(1)[0].status_code == 429
    clock.shift(timedelta(seconds=1))
    assert guess_many(1)[0].status_code == 200


def test_each_wrong_password_of_an_account_doubles_the_wait_of_that_network(clock) -> None:
    """Red when: the wait does not grow, or the free guesses are not free."""
    assert {answer.status_code for answer in guess_many(limits.FREE_GUESSES, name="anna")} == {200}

    waits = []
    for _guess in range(7):
        assert guess_many(1, name="anna")[0].status_code == 200
        waits.append(int(guess_many(1, name="anna")[0]["Retry-After"]))
        clock.shift(timedelta(seconds=waits[-1]))

    assert waits == [2, 4, 8, 16, 32, 64, 128]


def test_a_wait_is_short_for_a_person_who_mistypes(clock, looks) -> None:
    """Red when: the right password does not take the wrong ones back."""
    make_person()
    client = Client(REMOTE_ADDR=OWNER)
    for _round in range(6):
        for _mistake in range(3):
            assert send_password(client, "wrong").status_code == 200
        assert send_password(client).status_code == 302
        clock.shift(timedelta(seconds=1))

    assert looks == ["anna"] * 24


def test_a_wait_of_one_account_is_none_of_another(clock) -> None:
    make_person("jan")
    guess_many(5, name="anna")

    assert send_password(Client(REMOTE_ADDR=STRANGER), name="jan").status_code == 302


def test_a_wait_never_lasts_longer_than_ten_minutes(clock, monkeypatch) -> None:
    """Red when: the wait doubles without an end."""
    monkeypatch.setattr(limits, "MOST_OF_A_NETWORK", 1000)
    request = RequestFactory().post("/", REMOTE_ADDR=STRANGER)
    waits = []
    for _guess in range(28):
        at = timezone.now()
        try:
            limits.count_guess(request, purpose="password", account="anna", at=at)
        except limits.TooManyGuesses as refusal:
            waits.append((refusal.until - at).total_seconds())
            clock.move_to(refusal.until)

    assert waits[-1] == max(waits) == 600


def test_spellings_of_a_name_count_as_one(clock) -> None:
    """Names differ by case, but a guesser must not get three free guesses for each spelling."""
    answers = [guess_many(1, name=name)[0] for name in ("anna", "ANNA", "Anna", "aNNa", "annA")]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]


def test_known_and_unknown_names_get_the_same_answers(clock, looks, monkeypatch) -> None:
    """I16. Red when: the message, the count or the hashing depends on the account."""
    hashed: list[str] = []
    hasher = type(get_hasher())
    encode = hasher.encode

    def note_and_encode(self: Any, password: str, *rest: Any, **more: Any) -> str:
        hashed.append(password)
        return encode(self, password, *rest, **more)

    monkeypatch.setattr(hasher, "encode", note_and_encode)
    make_person("anna")
    make_person("visitor", is_staff=False)
    make_person("former", is_active=False)
    seen = {}
    for number, name in enumerate(("anna", "visitor", "former", "nobody")):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        hashed.clear()
        answers = [send_password(client, "wrong", name=name) for _guess in range(5)]
        assert hashed == ["wrong"] * 4
        seen[name] = [
            (answer.status_code, answer.headers.get("Retry-After"), _note_on(answer))
            for answer in answers
        ]

    assert len({repr(answers) for answers in seen.values()}) == 1
    assert [status for status, _wait, _note in seen["anna"]] == [200, 200, 200, 200, 429]
    assert [looks.count(name) for name in seen] == [4, 4, 4, 4]


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_active": False}])
def test_the_right_password_of_somebody_who_may_not_enter_is_a_wrong_one(clock, fields) -> None:
    """Red when: the answer tells that the password was right, or it is taken back as right."""
    make_person(**fields)
    client = Client(REMOTE_ADDR=STRANGER)

    answers = [send_password(client) for _guess in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert _note_on(answers[0]) == _note_on(send_password(Client(REMOTE_ADDR=OWNER), "wrong"))


def _note_on(answer: Any) -> str:
    (note,) = Page(answer.content).with_class("errornote")
    return note.text


def test_a_client_whose_address_cannot_be_read_shares_no_limit(clock, settings) -> None:
    """Strangers must not lock each other out. Red when: they all get one key."""
    settings.TRUSTED_PROXIES = 1
    make_person()

    assert {answer.status_code for answer in guess_many(22)} == {200}
    assert send_password(Client()).status_code == 302


def test_two_guesses_at_once_do_not_pass_the_limit_together(clock, monkeypatch) -> None:
    """Both have read a number below the limit. Red when: the number after the write is not read."""
    guess_many(20)
    monkeypatch.setattr(RateCountQuerySet, "number", lambda *_args, **_more: 0)

    assert send_password(Client(REMOTE_ADDR=STRANGER), name="another").status_code == 429


def test_a_flood_above_the_limit_writes_nothing(clock, django_assert_num_queries) -> None:
    """Red when: each refused guess costs a write, which a disk has to confirm."""
    guess_many(25)
    before = [*RateCount.objects.order_by("pk").values_list("key", "count")]

    client = Client(REMOTE_ADDR=STRANGER)
    with django_assert_num_queries(2):  # the wait of the account, the count of the network
        assert send_password(client, name="another").status_code == 429

    assert [*RateCount.objects.order_by("pk").values_list("key", "count")] == before


def test_nothing_that_is_stored_names_a_person_or_an_address(clock) -> None:
    """I21. Red when: a key is not a hash."""
    guess_many(5, name="anna")

    keys = RateCount.objects.values_list("key", flat=True)
    assert len(keys) >= 3
    assert [key for key in keys if len(key) != 64 or not set(key) <= set("0123456789abcdef")] == []


def test_a_failed_login_is_logged_without_the_name(caplog) -> None:
    """Red when: the log line has the credentials, which Django's signal carries."""
    send_password(Client(), "secret-guess", name="anna-nowak")

    text = "\n".join(record.getMessage() for record in caplog.records)
    assert text.count("A login failed: wrong name or wrong password.") == 1
    assert "anna-nowak" not in text
    assert "secret-guess" not in text


# --- The second step


def test_wrong_codes_wait_longer_each_time_and_the_wait_is_said(clock) -> None:
    """Red when: codes are not counted: six digits are soon guessed."""
    make_app(make_person())
    client = signed_in(address=STRANGER)

    answers = [client.post(SECOND_STEP, {"code": "000000"}) for _guess in range(5)]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert answers[-1]["Retry-After"] == "2"
    assert "Spróbuj ponownie za 2 sekundy." in _note_on(answers[-1])


def test_codes_of_an_account_are_limited_over_all_networks_but_recovery_codes_are_not(
    clock, caplog
) -> None:
    """Red when: many networks guess the six digits of one account together, or whoever knows the
    password locks the owner out of the last way in."""
    user = make_person()
    app = make_app(user)
    codes = Page(verified(user).post(CODES).content).all("code")
    for number in range(limits.MOST_APP_CODES):
        client = signed_in(address=f"198.51.100.{number}")
        assert client.post(SECOND_STEP, {"code": "000000"}).status_code == 422

    owner = signed_in(address=OWNER)
    for _try in range(8):
        assert owner.post(SECOND_STEP, {"code": code_of(app)}).status_code == 429
    assert owner.post(SECOND_STEP, {"code": codes[0].text}).status_code == 302
    assert is_inside(owner)
    alarms = [record for record in caplog.records if "knows the password" in record.getMessage()]
    assert len(alarms) == 1


def test_right_codes_use_nothing_up(clock, caplog) -> None:
    """Red when: `was_right` takes nothing back, and busy people lock themselves out; a right code
    raises the alarm of wrong ones."""
    user = make_person()
    make_app(user)
    for number in range(limits.MOST_APP_CODES - 1):
        client = signed_in(address=f"198.51.100.{number}")
        assert client.post(SECOND_STEP, {"code": "000000"}).status_code == 422

    for _login in range(limits.MOST_APP_CODES + 2):
        verified(user)

    assert [r for r in caplog.records if "knows the password" in r.getMessage()] == []


@pytest.mark.parametrize(
    ("seconds", "polish", "english"),
    [
        (1, "za 1 sekundę", "in 1 second"),
        (59, "za 59 sekund", "in 59 seconds"),
        (60, "za 1 minutę", "in 1 minute"),
        (61, "za 2 minuty", "in 2 minutes"),
        (600, "za 10 minut", "in 10 minutes"),
        (3600, "za 1 godzinę", "in 1 hour"),
    ],
)
def test_a_wait_is_rounded_up(seconds: int, polish: str, english: str) -> None:
    """Red when: a person who comes back in time is refused once more."""
    with override("pl"):
        assert login.too_many_guesses(seconds) == f"Zbyt wiele prób. Spróbuj ponownie {polish}."
    with override("en"):
        assert login.too_many_guesses(seconds) == f"Too many attempts. Please try again {english}."
