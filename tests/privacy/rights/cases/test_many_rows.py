"""A person with very many rows: the statements stay few, and no limit of a database is met."""

import itertools
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import ConsentRecord
from consent.personal_data import records
from delivery.models import Mail, Token
from privacy.rights.cases import erasure
from privacy.rights.export import export
from privacy.rights.map.declarations import Person
from privacy.rights.map.register import all_declared
from tests.factories import make_trial
from tests.privacy.rights.people import START, days, make_record
from trial.actions import CONFIRM
from trial.models import SignUp

pytestmark = pytest.mark.django_db

LATER = START + days(1)
# More than SQLite takes as conditions of one statement.
MANY = 1100


def make_chain(number: int) -> list[uuid.UUID]:
    """The numbers of records, each of which supersedes the one before."""
    first = make_record(made_at=START)
    numbers = [first.pk, *(uuid.uuid4() for _ in range(number - 1))]
    values = {field.attname: getattr(first, field.attname) for field in first._meta.fields}
    ConsentRecord.objects.bulk_create(
        ConsentRecord(**values | {"id": new, "supersedes_id": old})
        for old, new in itertools.pairwise(numbers)
    )
    return numbers


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_a_long_chain_of_records_costs_no_more_statements() -> None:
    """Red when: each record of a browser, or each row of an export, is a statement."""
    short, long = (Person("", frozenset({make_chain(number)[1]})) for number in (3, 90))

    for act in (
        lambda person: erasure.preview(person, at=LATER),
        lambda person: export(person, at=LATER),
        lambda person: erasure.erase(person, at=LATER),
    ):
        number = statements(lambda: act(long))  # noqa: B023
        # Some for each table, whatever is in it.
        assert number == statements(lambda: act(short)) < 3 * len(all_declared())  # noqa: B023


def test_a_chain_is_found_from_any_of_its_records_and_from_one_that_is_gone() -> None:
    """Red when: the chain is followed one way only, or has to begin with a row."""
    numbers = make_chain(5)
    gone, other = uuid.uuid4(), make_chain(2)
    make_record(made_at=START, supersedes=ConsentRecord(pk=gone))

    for number in numbers:
        assert numbers_found_by(number) == {*numbers}
    assert numbers_found_by(other[1]) == {*other}
    assert len(numbers_found_by(gone)) == 1
    assert numbers_found_by(uuid.uuid4()) == set()


def numbers_found_by(number: uuid.UUID) -> set[uuid.UUID]:
    return {*records(Person("", frozenset({number}))).values_list("pk", flat=True)}


def test_an_address_with_very_many_sign_ups_is_erased_in_few_statements() -> None:
    """Red when: each sign-up is a condition, or one statement has a value for each row."""
    trial = make_trial("email", at=START)
    rows = [
        SignUp(created_at=START, language="pl", email=trial.email, email_folded=trial.email)
        for _number in range(MANY)
    ]
    SignUp.objects.bulk_create(rows)
    Mail.objects.bulk_create(
        Mail(kind=CONFIRM, about=str(row.pk), created_at=START, next_attempt_at=START)
        for row in rows
    )
    Token.objects.bulk_create(
        Token(digest=row.pk, purpose=CONFIRM, subject=row.pk, created_at=START, expires_at=START)
        for row in rows
    )

    assert statements(lambda: erasure.erase(Person(trial.email), at=LATER)) < 80

    for model in (SignUp, Mail, Token):
        assert not model.objects.exists(), model
