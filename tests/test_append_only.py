"""Evidence and published texts are append-only: the database itself refuses any change (I9, I14)."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, migrations, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils import timezone

from consent.models import CodeManifest, ConsentRecord, Notice, Picture, RegistrySnapshot
from evidence.models import Checkpoint, Leaf, Node
from privacy.models import (
    BreachNotice,
    PolicyStep,
    PolicyVersion,
    Reading,
    RecipientsSnapshot,
    RetentionSnapshot,
)
from tests.consent.looks.rows import make_picture
from tests.evidence.seal.sealed import make_seal
from tests.factories import make_client, make_reading, make_trial, post_choice
from tests.privacy.rights.breaches.rows import make_breach, tell
from trial.actions import withdraw
from trial.marketing import calls
from trial.models import (
    ConsentWording,
    MarketingConsent,
    MarketingWithdrawal,
    NumberConfirmation,
)

pytestmark = pytest.mark.django_db

APPEND_ONLY = {
    "consent_codemanifest": CodeManifest,
    "consent_consentrecord": ConsentRecord,
    "consent_notice": Notice,
    "consent_picture": Picture,
    "consent_registrysnapshot": RegistrySnapshot,
    "evidence_checkpoint": Checkpoint,
    "evidence_leaf": Leaf,
    "evidence_node": Node,
    "privacy_breachnotice": BreachNotice,
    "privacy_policystep": PolicyStep,
    "privacy_policyversion": PolicyVersion,
    "privacy_reading": Reading,
    "privacy_recipientssnapshot": RecipientsSnapshot,
    "privacy_retentionsnapshot": RetentionSnapshot,
    "trial_consentwording": ConsentWording,
    "trial_marketingconsent": MarketingConsent,
    "trial_marketingwithdrawal": MarketingWithdrawal,
    "trial_numberconfirmation": NumberConfirmation,
}
COLUMN = {
    "consent_codemanifest": "hash",
    "consent_consentrecord": "language",
    "consent_notice": "hash",
    "consent_picture": "hash",
    "consent_registrysnapshot": "hash",
    "evidence_checkpoint": "root",
    "evidence_leaf": "series",
    "evidence_node": "hash",
    "privacy_breachnotice": "about",
    "privacy_policystep": "note",
    "privacy_policyversion": "text_pl",
    "privacy_reading": "kind",
    "privacy_recipientssnapshot": "hash",
    "privacy_retentionsnapshot": "hash",
    "trial_consentwording": "hash",
    "trial_marketingconsent": "language",
    "trial_marketingwithdrawal": "method",
    "trial_numberconfirmation": "noted_at",
}
VALUE = dict.fromkeys(COLUMN, "x") | {
    "evidence_node": b"x",
    "trial_numberconfirmation": "2026-01-01 00:00:00+00:00",
}
is_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE"
)


@pytest.fixture(params=sorted(APPEND_ONLY))
def table(request) -> str:
    """A table of evidence that holds at least one row."""
    post_choice(make_client(), "accept")
    consent = make_trial("email").consents.get()
    calls.confirm_number(consent, at=timezone.now())
    withdraw(consent, method="page", at=timezone.now())
    tell(make_breach())
    make_reading()
    make_picture()
    make_seal()
    assert APPEND_ONLY[request.param].objects.exists()
    return request.param


def rows(table: str) -> list[dict]:
    return list(APPEND_ONLY[table].objects.order_by("pk").values())


def triggers() -> dict[str, set[str]]:
    """For each table, the events that its append-only triggers refuse."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgenabled = 'O'"
            )
        events_by_table: dict[str, set[str]] = {}
        for name, definition in cursor.fetchall():
            head = definition.partition(" ON ")[0]
            events = {word for word in ("UPDATE", "DELETE", "TRUNCATE") if f" {word}" in head}
            events_by_table.setdefault(name, set()).update(events)
        return events_by_table


def assert_refused(table: str, statement: str, *parameters: object) -> None:
    before = rows(table)
    with (
        pytest.raises(DatabaseError, match=f"{table} is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)
    assert rows(table) == before


def test_every_append_only_table_has_all_its_triggers() -> None:
    """Red when: a migration rebuilds one of the tables (SQLite then drops its triggers), or the
    operation is removed from the migrations."""
    events = {"UPDATE", "DELETE"}
    if connection.vendor == "postgresql":
        events.add("TRUNCATE")

    assert triggers() == dict.fromkeys(APPEND_ONLY, events)


def test_every_table_that_a_migration_makes_append_only_is_tested_here() -> None:
    """Red when: a migration uses `refuse_changes` for a table that APPEND_ONLY does not list."""
    loader = MigrationLoader(connection)
    operations = [
        operation
        for migration in loader.disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, migrations.RunPython)
        and operation.code.__module__ == "evidence.append_only"
    ]
    tables = {
        cell.cell_contents
        for operation in operations
        for name, cell in zip(
            operation.code.__code__.co_freevars, operation.code.__closure__ or (), strict=True
        )
        if name == "table"
    }

    assert tables == set(APPEND_ONLY)
    assert tables <= {model._meta.db_table for model in apps.get_models()}


def test_the_orm_cannot_change_a_row(table) -> None:
    """Red when: the UPDATE trigger is dropped."""
    row: Model = APPEND_ONLY[table].objects.first()
    before = rows(table)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        APPEND_ONLY[table].objects.update(**{COLUMN[table]: VALUE[table]})

    assert rows(table) == before


def test_the_orm_cannot_delete_a_row(table) -> None:
    """Red when: the DELETE trigger is dropped."""
    before = rows(table)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        APPEND_ONLY[table].objects.all()._raw_delete("default")

    assert rows(table) == before


def test_raw_sql_cannot_change_a_row(table) -> None:
    """Red when: the UPDATE trigger is dropped."""
    assert_refused(table, f"UPDATE {table} SET {COLUMN[table]} = %s", VALUE[table])


def test_raw_sql_cannot_delete_a_row(table) -> None:
    """Red when: the DELETE trigger is dropped."""
    assert_refused(table, f"DELETE FROM {table}")


def test_an_upsert_cannot_change_a_row(table) -> None:
    """Red when: only plain UPDATE statements are refused."""
    column = COLUMN[table]
    assert_refused(
        table,
        f"INSERT INTO {table} SELECT * FROM {table} WHERE 1 = 1"
        f" ON CONFLICT (id) DO UPDATE SET {column} = %s",
        VALUE[table],
    )


@is_postgresql
def test_a_table_cannot_be_truncated(table) -> None:
    """Red when: the TRUNCATE trigger is dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # otherwise PostgreSQL refuses because of them
    assert_refused(table, f"TRUNCATE {table} CASCADE")


def test_sqlite_cannot_replace_a_row(table) -> None:
    """Red when: REPLACE deletes the old row without its trigger (recursive_triggers is off)."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    before = rows(table)
    columns = [field.column for field in APPEND_ONLY[table]._meta.concrete_fields]
    values = ", ".join("'x'" if name == COLUMN[table] else name for name in columns)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"REPLACE INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}")

    assert rows(table) == before


def test_a_draft_of_a_policy_can_be_changed_and_deleted() -> None:
    """Red when: the triggers are not limited to published versions."""
    draft = PolicyVersion.objects.create(policy="terms", text_pl="a", text_en="b")
    draft.text_pl = "c"
    draft.save()
    assert PolicyVersion.objects.get(pk=draft.pk).text_pl == "c"

    draft.delete()

    assert not PolicyVersion.objects.filter(pk=draft.pk).exists()


def test_a_published_policy_cannot_become_a_draft_again() -> None:
    published = PolicyVersion.objects.filter(published_at__isnull=False)
    assert published.exists()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        published.update(published_at=None)
