"""Passwords are hashed one at a time, and nobody waits for long."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.test import Client

from privacy.models import RateCount
from tests.pages import Page
from tests.voipstudio.accounts.people import make_app, make_person, send_password, verified
from voipstudio.accounts import hashers
from voipstudio.accounts.hashers import HashingBusy, OneAtATimeHasher

HASHER = "voipstudio.accounts.hashers.OneAtATimeHasher"


@pytest.fixture
def argon2(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hasher of the site, with little memory so that the tests are fast."""
    settings.PASSWORD_HASHERS = [HASHER]
    monkeypatch.setattr(OneAtATimeHasher, "memory_cost", 64)


@contextmanager
def somebody_hashes(monkeypatch: pytest.MonkeyPatch, *, threads: int = 1) -> Iterator[None]:
    """Other threads have the turn, and one place each."""
    monkeypatch.setattr(hashers, "MOST_SECONDS_TO_WAIT", 0.01)
    taken = [hashers._places.acquire(blocking=False) for _thread in range(threads)]
    assert all(taken)
    with hashers._turn:
        yield
    for _thread in range(threads):
        hashers._places.release()


def test_no_two_threads_hash_at_the_same_time(argon2, monkeypatch) -> None:
    """Red when: `_one_at_a_time` takes no lock: each thread takes 100 MB."""
    meeting, met = threading.Barrier(2), []

    def encode(self: Any, password: str, salt: str) -> str:
        # With both threads in here, neither has to wait until the time is over.
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.5)
            met.append(password)
        return "encoded"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    people = [threading.Thread(target=make_password, args=("x",)) for _person in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert met == []


def test_a_thread_that_does_not_get_its_turn_gives_up(argon2, monkeypatch) -> None:
    """Red when: it waits for ever, or keeps its place: the next ones would all be refused."""
    encoded = make_password("x")
    for _again in range(3):
        with somebody_hashes(monkeypatch), pytest.raises(HashingBusy):
            make_password("x")
        with somebody_hashes(monkeypatch), pytest.raises(HashingBusy):
            check_password("x", encoded)

    for _place in range(hashers.MOST_THREADS + 1):
        assert check_password("x", encoded)


def test_a_third_thread_does_not_even_wait(argon2, monkeypatch) -> None:
    """Red when: every thread of a process waits for its turn, and none is left for visitors."""
    with somebody_hashes(monkeypatch, threads=hashers.MOST_THREADS):
        monkeypatch.setattr(hashers, "MOST_SECONDS_TO_WAIT", 60)
        with pytest.raises(HashingBusy):
            make_password("x")


def test_one_password_is_hashed_by_one_thread(argon2) -> None:
    """Red when: Argon2 starts eight threads for each password."""
    assert "p=1$" in make_password("x")


def test_a_hash_of_djangos_own_hasher_stays_valid_and_is_replaced(argon2, monkeypatch) -> None:
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    old = Argon2PasswordHasher().encode("x", "saltsaltsalt")
    new: list[str] = []

    assert "p=8$" in old
    assert check_password("x", old, setter=lambda password: new.append(make_password(password)))
    assert "p=1$" in new[0]


@pytest.mark.django_db
def test_a_login_that_does_not_get_its_turn_is_asked_to_come_back(argon2, monkeypatch) -> None:
    """Red when: it is an error of the server, or counts as a wrong password of the account; or the
    network does not pay for it, and keeps the hasher busy without an end."""
    make_person()
    with somebody_hashes(monkeypatch):
        response = send_password(Client())

    page = Page(response.content)
    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert "W tej chwili loguje się kilka osób." in page.with_class("errornote")[0].text
    assert page.form_fields["username"] == "anna"
    assert sorted(RateCount.objects.values_list("count", flat=True)) == [0, 1]
    assert send_password(Client()).status_code == 302


@pytest.mark.django_db
def test_a_change_of_password_that_does_not_get_its_turn_changes_nothing(
    argon2, monkeypatch
) -> None:
    """Red when: StaffSessionMiddleware has no `process_exception`: the answer is 500."""
    user = make_person()
    make_app(user)
    client = verified(user)
    fields = {"old_password": "for-tests-only", "new_password1": "Zebra-7-w-paski"}
    with somebody_hashes(monkeypatch):
        response = client.post(
            "/admin/password_change/", fields | {"new_password2": fields["new_password1"]}
        )

    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert send_password(Client()).status_code == 302
