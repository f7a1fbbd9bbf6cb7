"""What a choice costs the database, and what the limits of choices promise there."""

import re
import threading
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.db import (
    IntegrityError,
    close_old_connections,
    connection,
    connections,
    transaction,
)
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consent.models import ConsentRecord
from consent.records import record, storing
from consent.records.made_choice import MadeChoice
from consent.records.record import Outcome
from consent.records.storing import Attempt, Limits, store_within_limits
from privacy.models import RateCount
from tests.factories import FORM, make_form, make_made_choice

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LIMITS = Limits(window=timedelta(minutes=1), most_of_network=2, most_of_all=3)
IS_POSTGRESQL = connection.vendor == "postgresql"
only_on_postgresql = pytest.mark.skipif(
    not IS_POSTGRESQL,
    reason="SQLite is a file: it has one writer at a time, and no connection to lose",
)
# The whole conversation with the database, from the arrival of a choice to its answer.
STATEMENTS = (
    ["WITH counted AS"]
    if IS_POSTGRESQL
    else ["BEGIN", "INSERT INTO privacy_ratecount", "INSERT INTO consent_consentrecord", "COMMIT"]
)


def make_refusal(**fields: object) -> MadeChoice:
    return make_made_choice(**{"made_at": AT} | fields)


def store(network: str | None = "a", **fields: object) -> Attempt:
    return store_within_limits(make_refusal(**fields), network_key=network, limits=LIMITS)


def beginnings(queries: CaptureQueriesContext) -> list[str]:
    """The first words of each statement, as many as `STATEMENTS` has of it."""
    statements = [" ".join(query["sql"].split()) for query in queries]
    return [
        next((known for known in STATEMENTS if statement.startswith(known)), statement)
        for statement in statements
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("choice", ["accept", "reject"])
def test_a_choice_is_one_transaction_of_as_few_statements_as_the_database_allows(
    choice: str,
) -> None:
    """Red when: one more statement is sent for a choice, or it has a second transaction."""
    client = Client()

    with CaptureQueriesContext(connection) as queries:
        response = client.post("/en/cookies/", make_form(choice), content_type=FORM)

    assert response.status_code == 303
    assert beginnings(queries) == STATEMENTS
    assert (ConsentRecord.objects.count(), RateCount.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_costs_no_statement_more(client) -> None:
    """Red when: the record that it supersedes is read by a statement of its own."""
    client.post("/en/cookies/", make_form("accept"), content_type=FORM)

    with CaptureQueriesContext(connection) as queries:
        client.post("/en/cookies/", make_form("reject"), content_type=FORM)

    assert beginnings(queries) == STATEMENTS
    withdrawal = ConsentRecord.objects.get(is_refusal=True)
    assert withdrawal.supersedes == ConsentRecord.objects.get(is_refusal=False)


@pytest.mark.django_db
def test_a_choice_over_the_limit_of_its_network_counts_and_is_not_stored() -> None:
    """Red when: the statement does not look at the count, or does not count what it holds back."""
    attempts = [store("a"), store("a"), store("a"), store("b")]

    assert attempts == [Attempt(1, True), Attempt(2, True), Attempt(3, False), Attempt(1, True)]
    assert ConsentRecord.objects.count() == 3
    assert dict(RateCount.objects.values_list("key", "count")) == {"a": 3, "b": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("network", ["d", None])
def test_in_a_flood_a_choice_counts_and_is_not_stored(network: str | None) -> None:
    """Red when: the number of all records is not in the condition; `None` skips it."""
    for name in ("a", "b", "c"):
        store(name)

    assert store(network).is_stored is False
    assert ConsentRecord.objects.count() == 3
    assert RateCount.objects.filter(key="d").count() == (network == "d")


@pytest.mark.django_db
def test_only_records_of_the_window_and_of_the_kind_make_a_flood() -> None:
    """Red when: the condition leaves out the moment or `is_refusal`."""
    store("a", made_at=AT - LIMITS.window)
    for name in ("b", "c"):
        store(name)

    assert store("d").is_stored is True
    assert store("e").is_stored is False


@pytest.mark.django_db
def test_a_flood_is_found_by_the_index_of_the_moment() -> None:
    """Its cost is then the same at any number of records. Red when: that index is dropped."""
    values = storing._columns(make_refusal()) | {"window_start": AT, "most_of_all": 600}
    explain = "EXPLAIN" if IS_POSTGRESQL else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        if IS_POSTGRESQL:
            # With so few rows, reading all of them is the cheaper plan.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{explain} SELECT 1 WHERE {storing._UNLESS_FLOODED}", values)
        plan = str(cursor.fetchall())

    assert re.search("(Index Cond: |SEARCH recent USING [A-Z ]*INDEX )[^']*made_at ?>", plan), plan


@pytest.mark.django_db(transaction=True)
def test_a_choice_that_the_database_refuses_counts_all_the_same(monkeypatch, log_lines) -> None:
    """Red when: the count ends with the record, and a program sends such choices without end."""
    monkeypatch.setattr(record, "MAX_CHOICES_PER_WINDOW", 2)
    broken = make_refusal(notice_id=999_999)

    outcomes = [record.record(broken, network_key="a") for _attempt in range(3)]

    assert outcomes == [Outcome.KEPT_ON_DISK, Outcome.KEPT_ON_DISK, Outcome.TOO_MANY]
    assert ConsentRecord.objects.count() == 0
    assert RateCount.objects.get().count == 3


@pytest.mark.django_db(transaction=True)
def test_a_grant_that_the_database_refuses_at_the_end_of_the_transaction_is_no_grant() -> None:
    """I4. Red when: a record counts as stored before its transaction has ended."""
    grant = make_refusal(granted=("analytics",), notice_id=999_999)

    assert record.record(grant, network_key="a") is Outcome.UNAVAILABLE
    with pytest.raises(IntegrityError):
        store_within_limits(grant, network_key=None, limits=LIMITS)
    assert ConsentRecord.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@only_on_postgresql
def test_a_network_waits_for_no_other() -> None:
    """Red when: all networks share a row, so that a slow transaction stops every choice."""
    attempts = []

    def from_another_network() -> None:
        attempts.append(store("b"))
        connections.close_all()

    with transaction.atomic():
        store("a")  # its row stays locked until the end of the block
        visitor = threading.Thread(target=from_another_network)
        visitor.start()
        visitor.join(timeout=10)
        assert attempts == [Attempt(1, True)]


@pytest.mark.django_db(transaction=True)
def test_a_connection_stays_open_from_one_choice_to_the_next() -> None:
    """Red when: each request opens SQLite anew, which costs more than to save the choice."""
    connection.close()  # that of an earlier test may be old
    store("a")
    opened = connection.connection
    close_old_connections()  # as at the end of each request

    assert connection.connection is opened


@pytest.mark.django_db(transaction=True)
@only_on_postgresql
def test_the_database_is_not_asked_first_whether_it_is_there() -> None:
    """Red when: Django sends `SELECT 1` before the statement of each choice."""
    assert store("a").is_stored
    connection.close_if_unusable_or_obsolete()  # as at the beginning of each request

    with mock.patch.object(
        type(connections["default"]), "is_usable", side_effect=AssertionError("asked")
    ):
        assert store("b").is_stored


@pytest.mark.django_db(transaction=True)
@only_on_postgresql
def test_a_choice_outlives_a_connection_that_the_database_has_closed() -> None:
    """As after its restart. Red when: the statement is not sent again over a new connection."""
    made_choice = make_refusal()
    _end_this_connection()
    connection.close_if_unusable_or_obsolete()

    assert record.record(made_choice, network_key="a") is Outcome.RECORDED
    assert ConsentRecord.objects.get().pk == made_choice.record_id


def _end_this_connection() -> None:
    connection.ensure_connection()
    number = connection.connection.info.backend_pid

    def end() -> None:
        with connection.cursor() as cursor:
            # It waits, for at most 10 seconds, until the other side has ended.
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [number])
            assert cursor.fetchone() == (True,)
        connections.close_all()

    other = threading.Thread(target=end)
    other.start()
    other.join(timeout=20)


@pytest.mark.django_db
@only_on_postgresql
def test_a_statement_that_was_sent_twice_stores_one_record_and_says_so() -> None:
    """The first answer was lost with the connection. Red when: the second is taken as a flood."""
    made_choice = make_refusal()
    attempts = [
        store_within_limits(made_choice, network_key="a", limits=LIMITS) for _time in range(3)
    ]

    assert attempts == [Attempt(1, True), Attempt(2, True), Attempt(3, True)]
    assert ConsentRecord.objects.count() == 1
