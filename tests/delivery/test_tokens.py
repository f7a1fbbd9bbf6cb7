"""Tokens are random, hashed at rest, single use and short-lived (I15: tokens)."""

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
def test_a_token_can_be_used_once(at) -> None:
    """Red when: `use` does not set `used_at`, or `read` does not check it."""
    value = make(at)
    assert tokens.read(value, purpose="confirm", at=at).subject == "42"
    assert tokens.use(value, purpose="confirm", at=at).subject == "42"

    for again in (tokens.read, tokens.use):
        with pytest.raises(tokens.TokenRefused) as refusal:
            again(value, purpose="confirm", at=at)
        assert refusal.value.token.used_at == at


@pytest.mark.django_db
def test_a_token_lives_for_48_hours(at) -> None:
    """Red when: an expired token is accepted."""
    value = make(at)
    last_moment = at + timedelta(hours=48) - timedelta(microseconds=1)
    assert tokens.read(value, purpose="confirm", at=last_moment)

    with pytest.raises(tokens.TokenRefused) as refusal:
        tokens.use(value, purpose="confirm", at=at + timedelta(hours=48))
    assert refusal.value.token.subject == "42"


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["", "x", "ą" * 43, "x" * 10_000, "\x00"])
def test_a_value_that_is_no_token_is_refused_without_a_row(at, value: str) -> None:
    with pytest.raises(tokens.TokenRefused) as refusal:
        tokens.use(value, purpose="confirm", at=at)
    assert refusal.value.token is None


@pytest.mark.django_db
def test_a_token_for_one_purpose_is_refused_for_another(at) -> None:
    """Red when: `read` does not check the purpose."""
    value = make(at, purpose="withdraw")

    with pytest.raises(tokens.TokenRefused) as refusal:
        tokens.use(value, purpose="confirm", at=at)
    assert refusal.value.token is None
    assert tokens.read(value, purpose="withdraw", at=at)


@pytest.mark.django_db
def test_the_database_holds_the_hash_of_a_token_only(at) -> None:
    """Red when: the value itself is stored."""
    value = make(at)
    [row] = Token.objects.values()

    assert value not in str(row)
    assert len(row["digest"]) == 64


@pytest.mark.django_db
def test_each_token_is_256_random_bits(at) -> None:
    """Red when: it is shorter, or derived from its subject."""
    values = {make(at) for _number in range(100)}

    assert len(values) == 100
    assert {len(value) for value in values} == {43}


@pytest.mark.django_db
def test_a_token_stays_valid_when_its_transaction_is_rolled_back(at) -> None:
    """Red when: `used_at` is not set in the transaction of the action."""
    value = make(at)
    with transaction.atomic():
        tokens.use(value, purpose="confirm", at=at)
        transaction.set_rollback(True)

    assert tokens.use(value, purpose="confirm", at=at)


@pytest.mark.django_db(transaction=True)
def test_a_token_used_twice_at_the_same_time_acts_once(at, monkeypatch) -> None:
    """Red when: the UPDATE of `use` selects the row by its id alone."""
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
