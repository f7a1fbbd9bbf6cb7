"""Evidence about people can be deleted in a deletion window, and at no other moment (I9, I20)."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from consent.models import ConsentRecord
from evidence.deletion_window import Reason, deletion_window
from evidence.models import EvidenceWindow
from privacy.models import PolicyStep
from tests.consent.looks.rows import make_picture
from tests.evidence.seal.sealed import make_seal
from tests.factories import make_client, make_reading, make_trial, post_choice
from tests.privacy.rights.breaches.rows import make_breach, tell
from tests.test_append_only import APPEND_ONLY, COLUMN, VALUE, rows
from trial.actions import withdraw
from trial.marketing import calls
from trial.models import MarketingConsent

pytestmark = pytest.mark.django_db

ROOT = Path(settings.BASE_DIR)
ABOUT_PEOPLE = [
    # In the order in which a foreign key lets them go.
    "trial_numberconfirmation",
    "trial_marketingwithdrawal",
    "trial_marketingconsent",
    "consent_consentrecord",
    "privacy_reading",
    # About breaches, and nobody in them.
    "privacy_breachnotice",
]
NEVER_DELETED = sorted({*APPEND_ONLY} - {*ABOUT_PEOPLE})


@pytest.fixture(autouse=True)
def evidence() -> None:
    """Each table of evidence holds at least one row."""
    post_choice(make_client(), "accept")
    consent = make_trial("email").consents.get()
    calls.confirm_number(consent, at=timezone.now())
    withdraw(consent, method="page", at=timezone.now())
    make_reading()
    tell(make_breach())
    make_picture()
    make_seal()
    assert all(model.objects.exists() for model in APPEND_ONLY.values())


def execute(statement: str, *parameters: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def assert_refused(table: str, statement: str, *parameters: object) -> None:
    before = rows(table)
    with pytest.raises(DatabaseError, match=f"{table} is append-only"), transaction.atomic():
        execute(statement, *parameters)
    assert rows(table) == before


def test_a_window_lets_evidence_about_people_be_deleted() -> None:
    """Red when: a migration rebuilds a table and repeats `refuse_changes` alone."""
    with deletion_window(Reason.RETENTION):
        for table in ABOUT_PEOPLE:
            assert execute(f"DELETE FROM {table}") >= 1

    assert [table for table in ABOUT_PEOPLE if rows(table)] == []
    assert not EvidenceWindow.objects.exists()


@pytest.mark.parametrize("table", NEVER_DELETED)
def test_no_window_opens_for_words_versions_and_states_of_the_registry(table: str) -> None:
    """They hold nothing about visitors. Red when: a window opens for every table of evidence."""
    assert len(NEVER_DELETED) >= 5
    with deletion_window(Reason.RETENTION):
        assert_refused(table, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", ABOUT_PEOPLE)
def test_a_window_lets_nothing_be_changed(table: str) -> None:
    """Red when: the window opens for UPDATE, or for INSERT OR REPLACE."""
    columns = [field.column for field in APPEND_ONLY[table]._meta.concrete_fields]
    values = ", ".join("'x'" if name == COLUMN[table] else name for name in columns)
    with deletion_window(Reason.ERASURE):
        assert_refused(table, f"UPDATE {table} SET {COLUMN[table]} = %s", VALUE[table])
        if connection.vendor == "sqlite":
            replace = f"REPLACE INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"
            assert_refused(table, replace)
        else:
            execute("SET CONSTRAINTS ALL IMMEDIATE")
            assert_refused(table, f"TRUNCATE {table} CASCADE")


STRIP = "UPDATE trial_marketingconsent SET sign_up_id = NULL"


def test_a_window_lets_a_proof_be_stripped_of_the_id_of_its_sign_up() -> None:
    before = rows("trial_marketingconsent")
    with deletion_window(Reason.ERASURE):
        assert execute(STRIP) == len(before) >= 1

    assert rows("trial_marketingconsent") == [row | {"sign_up_id": None} for row in before]


@pytest.mark.parametrize(
    "column",
    [field.column for field in MarketingConsent._meta.concrete_fields if field.name != "sign_up"],
)
def test_stripping_changes_no_other_column(column: str) -> None:
    """Red when: a column is added to the table, and its trigger of SQLite is not made anew."""
    other = {"wording_id": "wording_id + 1", "id": "'00000000000000000000000000000001'"}
    value = other.get(column, "'2026-01-01 00:00:00+00:00'" if column.endswith("_at") else "'x'")
    with deletion_window(Reason.ERASURE):
        assert_refused("trial_marketingconsent", f"{STRIP}, {column} = {value}")


def test_a_proof_is_stripped_in_a_window_alone() -> None:
    assert_refused("trial_marketingconsent", STRIP)


def test_a_window_strips_by_emptying_alone() -> None:
    """Red when: a proof can be given to somebody else."""
    with deletion_window(Reason.ERASURE):
        assert_refused(
            "trial_marketingconsent",
            "UPDATE trial_marketingconsent SET sign_up_id = '00000000000000000000000000000001'",
        )


def test_a_window_ends_with_its_block() -> None:
    """Red when: the control row stays, or stays usable in the same transaction."""
    with transaction.atomic():
        with deletion_window(Reason.RETENTION):
            pass

        assert_refused("consent_consentrecord", "DELETE FROM consent_consentrecord")


def test_a_window_ends_with_an_error_in_its_block() -> None:
    def delete_a_record_and_a_step() -> None:
        with deletion_window(Reason.RETENTION):
            ConsentRecord.objects.all().delete()
            PolicyStep.objects.all()._raw_delete("default")

    with pytest.raises(IntegrityError):
        delete_a_record_and_a_step()

    assert ConsentRecord.objects.exists()
    assert_refused("consent_consentrecord", "DELETE FROM consent_consentrecord")


def in_another_connection(statement: str) -> None:
    def run() -> None:
        try:
            execute(statement)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


@pytest.fixture
def row_left_behind() -> EvidenceWindow:
    number = "txid_current()" if connection.vendor == "postgresql" else "4611686018427387901"
    in_another_connection(
        f"INSERT INTO evidence_window (id, reason) VALUES ({number}, 'retention')"
    )
    return EvidenceWindow.objects.get()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_was_left_behind_opens_nothing(row_left_behind) -> None:
    """Red when: the triggers ask for any control row, not for that of their own transaction."""
    for table in ABOUT_PEOPLE:
        assert_refused(table, f"DELETE FROM {table}")


@pytest.mark.django_db(transaction=True)
def test_the_next_window_removes_a_row_that_was_left_behind(row_left_behind) -> None:
    with deletion_window(Reason.RETENTION):
        assert EvidenceWindow.objects.count() == 1
        assert execute("DELETE FROM consent_consentrecord") >= 1

    assert not EvidenceWindow.objects.exists()


def test_only_retention_opens_the_window() -> None:
    """Red when: a module calls `deletion_window`, or writes the control row, and is not listed."""
    opening = re.compile(r"\bdeletion_window\(|EvidenceWindow\b|evidence_window\b")
    callers = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("[a-z]*/**/*.py")
        if path.relative_to(ROOT).parts[0] not in {"tests", "var"}
        and opening.search(path.read_text())
    }

    assert callers == {
        "evidence/append_only.py",
        "evidence/deletion_window.py",
        "evidence/models.py",
        "evidence/migrations/0001_create_the_control_row_of_deletions.py",
        "privacy/personal_data.py",  # declares the table of the control row
        "privacy/rights/cases/erasure.py",
        "privacy/rights/retention/purge.py",
    }
