"""Migrations of indexes: beside the writers, back and forth, also after an interrupted attempt."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from tests.test_append_only import triggers

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "consent_consentrecord"
OWN = {
    "consent_record_superseded_once",
    "consent_record_version",
    "consent_record_without_hash",
} | ({"consent_record_stored"} if connection.vendor == "postgresql" else set())
KEYS = {"notice_id", "policy_version_id", "supersedes_id"}


@pytest.fixture(autouse=True)
def all_migrations():
    yield
    migrate()


def migrate(*to: str) -> None:
    call_command("migrate", *to, verbosity=0, stdout=io.StringIO())


def indexes() -> dict[str, list[str]]:
    """The columns of each valid index of the table that is not a key, by name."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, TABLE)
        invalid = set()
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
            invalid = {name for [name] in cursor.fetchall()}
    return {
        name: each["columns"]
        for name, each in found.items()
        if each["index"] and not each["primary_key"] and name not in invalid
    }


def test_the_indexes_go_back_and_forth_and_the_triggers_stay() -> None:
    """Red when: the table is made anew (SQLite then drops its triggers), or a way back is missing."""
    before, events = indexes(), triggers()[TABLE]
    assert set(before) >= OWN

    migrate("consent", "0006")
    earlier = indexes()
    assert not OWN & set(earlier)
    assert {columns[0] for columns in earlier.values()} >= KEYS
    assert triggers()[TABLE] == events

    migrate()
    assert indexes() == before
    assert triggers()[TABLE] == events


def test_an_interrupted_attempt_is_begun_again() -> None:
    """Red when: the invalid index that PostgreSQL leaves behind stops the next attempt."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite makes an index in a transaction.")
    before = indexes()
    migrate("consent", "0006")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX consent_record_version ON {TABLE} (language)")
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false"
            " WHERE indexrelid = 'consent_record_version'::regclass"
        )

    migrate()

    assert indexes() == before


def test_making_an_index_has_no_time_limit_and_statements_afterwards_have_theirs() -> None:
    """Red when: an index of a large table ends at the limit of a statement of the site."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such limit.")
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        [usual] = cursor.fetchone()
    assert usual != "0"
    limits = []

    def watch(execute, sql, params, many, context):
        if sql.startswith("CREATE INDEX CONCURRENTLY"):
            with connection.connection.cursor() as cursor:
                limits.append(cursor.execute("SHOW statement_timeout").fetchone()[0])
        return execute(sql, params, many, context)

    migrate("consent", "0006")
    with connection.execute_wrapper(watch):
        migrate()

    assert len(limits) == len(OWN)
    assert set(limits) == {"0"}
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == (usual,)
