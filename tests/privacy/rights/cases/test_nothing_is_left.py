"""After an erasure a full-text search finds nothing of the person, but what decision 18 allows."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from consent.models import ConsentRecord
from consent.records import record
from consent.records.made_choice import MadeChoice
from delivery import outbox, worker
from privacy.rights.cases import erasure_cases
from privacy.rights.export import export
from privacy.rights.map.declarations import Person
from privacy.rights.map.register import all_declared
from tests.factories import make_made_choice, make_sign_up
from tests.privacy.rights.somebody import Somebody, make_somebody
from trial.models import SignUp

pytestmark = pytest.mark.django_db

# Columns in which decision 18 lets a random number stay.
NUMBERS = {
    "trial_marketingconsent.id",
    "trial_marketingwithdrawal.consent_id",
    "trial_numberconfirmation.consent_id",
    # Of such a withdrawal, for as long as it is there itself.
    "evidence_leaf.row",
    # Until the phone system has been told, and then as long as a mail.
    "trial_erasurenotice.trial_id",
    # The row that led from the number to the person is gone.
    "privacy_reading.about",
}
# A superuser deletes the account of a colleague; nobody else's erasure touches it.
ACCOUNT = {"auth_user.email", "auth_user.first_name", "auth_user.username", "auth_user.password"}


@pytest.fixture(autouse=True)
def places(settings, tmp_path) -> None:
    settings.PROVISIONING_URL = "https://phone.example.com/trials"
    settings.STATE_DIR = tmp_path / "state"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


def database() -> Iterator[tuple[str, str]]:
    """Every value of every table, with its place."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield f"{table}.{column}", str(value)


def files() -> Iterator[tuple[str, str]]:
    for folder in (django_settings.STATE_DIR, django_settings.EMAIL_FILE_PATH):
        for path in Path(folder).rglob("*"):
            if path.is_file():
                yield path.parent.name, path.name + path.read_bytes().decode("latin-1")


def places_of(words: set[str], log_lines: list[str]) -> set[str]:
    """Where a full-text search finds one of the words, in upper or lower case."""
    lines = (("log", line) for line in log_lines)
    wanted = {word.casefold() for word in words}
    wanted |= {word.replace("-", "") for word in wanted if len(word) == 36}  # SQLite's UUIDs
    return {
        place
        for place, text in (*database(), *files(), *lines)
        if any(word in text.casefold() for word in wanted)
    }


def everywhere(name: str, phone: str) -> Somebody:
    """A person in every table, in the folder of mails, and in STATE_DIR."""
    somebody = make_somebody(name, phone=phone)
    # A refusal that waits on disk: the visitor made it while the database was gone.
    granted = ConsentRecord.objects.get(pk=min(somebody.person.record_ids))
    record._keep_on_disk(refusal_after(granted))
    make_sign_up(email=somebody.person.email, name=f"{name} full")
    outbox.lift_suppression(somebody.person.email)
    work_off(timezone.now())
    assert list(Path(django_settings.EMAIL_FILE_PATH).iterdir())
    outbox.suppress(somebody.person.email, at=timezone.now())
    return somebody


def work_off(at: datetime) -> None:
    """Let the worker work. The phone system is not there to answer."""
    with override_settings(PROVISIONING_URL=""):
        worker.work_off(at)


def refusal_after(granted: ConsentRecord) -> MadeChoice:
    record_id = granted.pk.__class__(int=granted.pk.int ^ 1)
    return make_made_choice(record_id=record_id, made_at=granted.made_at, supersedes_id=granted.pk)


def test_a_person_in_every_table_file_and_log_is_gone(log_lines) -> None:
    """Red when: a table, a column, a mail file or a file in STATE_DIR keeps a word of the person."""
    somebody = everywhere("ola", "+48221111111")
    before = places_of(somebody.words, log_lines)
    assert {"trial_signup.email", "privacy_mail.about", "mail", "refusals"} <= before
    at = timezone.now()
    record.store_kept_refusals()

    erasure_cases.request(somebody.person, at=at)
    work_off(at + timedelta(days=1))

    assert places_of(somebody.words, log_lines) == NUMBERS | ACCOUNT
    assert not SignUp.objects.exists()


def test_the_export_held_every_word_before() -> None:
    """Red when: the search above looks for words that the site does not hold at all."""
    somebody = everywhere("ola", "+48221111111")

    data = export(somebody.person, at=timezone.now())

    tables = {table["table"]: table for table in data["tables"]}
    assert {*tables} == {declared.table for declared in all_declared()}
    for declared in all_declared():
        assert all({*row} == {*declared.fields} for row in tables[declared.table]["rows"])
    text = json.dumps(data, ensure_ascii=False)
    shown = {word for word in somebody.words if not word.startswith(("pbkdf2", "argon2", "md5$"))}
    assert {word for word in shown if word not in text and word != "+48221111111"} == set()


def test_somebody_else_is_still_everywhere(log_lines) -> None:
    ola, ewa = everywhere("ola", "+48221111111"), everywhere("ewa", "+48222222222")
    before = places_of(ewa.words, log_lines)
    at = timezone.now()

    erasure_cases.request(ola.person, at=at)
    work_off(at + timedelta(days=1))

    gone = before - places_of(ewa.words, log_lines)
    assert gone <= {"refusals", "accounts_staffsession.session_data"}
    assert places_of({str(Person(ewa.person.email).email)}, log_lines) >= {"trial_signup.email"}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such setting")
def test_sqlite_overwrites_what_is_deleted() -> None:
    """Red when: an erased address stays in the free pages of the file, and in its copies."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
