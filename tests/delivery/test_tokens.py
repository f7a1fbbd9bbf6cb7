"""The token of a link: random, hashed at rest, single use, short-lived (I15)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from delivery import tokens
from delivery.models import Token


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def make(at: datetime, **fields: str) -> str:
    return tokens.make(**{"purpose": "confirm", "subject": "42", "at": at} | fields)


@pytest.mark.django_db
def test_a_token_acts_once(at) -> None:
    """Red when: `use` does not mark it, or does not look at the mark."""
    value = make(at)
    assert tokens.read(value, purpose="confirm", at=at).subject == "42"
    assert tokens.use(value, purpose="confirm", at=at).subject == "42"

    for again in (tokens.read, tokens.use):
        with pytest.raises(tokens.TokenRefused) as refusal:
            again(value, purpose="confirm", at=at)
        assert refusal.value.token.used_at == at


@pytest.mark.django_db
def test_a_token_lives_for_48_hours(at) -> None:
    """Red when: an expired token acts."""
    value = make(at)
    last_moment = at + timedelta(hours=48) - timedelta(microseconds=1)
    assert tokens.read(value, purpose="confirm", at=last_moment)

    with pytest.raises(tokens.TokenRefused) as refusal:
        tokens.use(value, purpose="confirm", at=at + timedelta(hours=48))
    assert refusal.value.token.subject == "42"


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["", "x", "ą" * 43, "x" * 10_000, "\x00"])
def test_a_token_that_was_never_made_says_nothing(at, value: str) -> None:
    with pytest.raises(tokens.TokenRefused) as refusal:
        tokens.use(value, purpose="confirm", at=at)
    assert refusal.value.token is None


@pytest.mark.django_db
def test_a_token_for_one_thing_does_nothing_else(at) -> None:
    """Red when: `read` does not look at the purpose."""
    value = make(at, purpose="withdraw")

    with pytest.raises(tokens.TokenRefused) as refusal:
        tokens.use(value, purpose="confirm", at=at)
    assert refusal.value.token is None
    assert tokens.read(value, purpose="withdraw", at=at)


@pytest.mark.django_db
def test_who_reads_the_database_has_no_token(at) -> None:
    """Red when: the value itself is stored."""
    value = make(at)
    [row] = Token.objects.values()

    assert value not in str(row)
    assert len(row["digest"]) == 64


@pytest.mark.django_db
def test_each_token_is_256_random_bits(at) -> None:
    """Red when: it is shorter, or made of what it is about."""
    values = {make(at) for _number in range(100)}

    assert len(values) == 100
    assert {len(value) for value in values} == {43}


@pytest.mark.django_db
def test_what_was_not_done_can_be_done_later(at) -> None:
    """Red when: the mark is not in the transaction of what the token does."""
    value = make(at)
    with transaction.atomic():
        tokens.use(value, purpose="confirm", at=at)
        transaction.set_rollback(True)

    assert tokens.use(value, purpose="confirm", at=at)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_acts(at, monkeypatch) -> None:
    """Red when: `use` marks by the number alone."""
    value = make(at)
    both_read = threading.Barrier(2)
    read = tokens.read

    def read_and_wait(*args: object, **kwargs: object) -> Token:
        row = read(*args, **kwargs)
        both_read.wait()
        return row

    monkeypatch.setattr(tokens, "read", read_and_wait)

    def press(_person: int) -> str:
        try:
            tokens.use(value, purpose="confirm", at=at)
        except tokens.TokenRefused as refusal:
            return f"refused, used at {refusal.token.used_at == at}"
        else:
            return "acted"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(press, range(2))) == ["acted", "refused, used at True"]
