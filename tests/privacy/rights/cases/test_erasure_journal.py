"""After a restored backup the erased are erased again, and nobody else (I20)."""

import json
from datetime import timedelta
from io import StringIO
from unittest.mock import Mock
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from consent.models import ConsentRecord
from privacy.models import Restriction
from privacy.rights.cases import erasure_cases, erasure_journal, restrictions
from privacy.rights.map.declarations import Person
from tests.factories import make_client, make_trial, post_choice
from tests.privacy.rights.people import START, days
from trial.models import MarketingConsent, SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def state_folder(settings, tmp_path) -> None:
    settings.STATE_DIR = tmp_path


def erase(person: Person, *, at=START) -> None:
    erasure_cases.request(person, at=at)
    assert erasure_cases.finish_next(at + days(1))


def replay(*folders: str) -> str:
    output = StringIO()
    call_command("replay_erasures", *folders, stdout=output)
    return output.getvalue()


def journal_text() -> str:
    return "".join(path.read_text() for path in erasure_journal.folder().iterdir())


def test_a_restored_person_is_erased_again() -> None:
    """Red when: the erasure is not written down, or the replay does not find its hash."""
    make_trial("email", email="anna@firma.pl", at=START)
    make_trial("email", email="ewa@firma.pl", at=START)
    erase(Person("ANNA@firma.pl"))
    make_trial("email", email="anna@firma.pl", at=START)  # what the backup brings back

    assert replay() == "Erasures in the journal: 1. Erased again: 1.\n"

    assert [*SignUp.objects.values_list("email", flat=True)] == ["ewa@firma.pl"]
    assert MarketingConsent.objects.filter(sign_up__isnull=True).count() == 2
    assert "Erased again: 0." in replay()


def test_restored_records_of_a_browser_are_erased_again() -> None:
    client = make_client()
    post_choice(client, "accept")
    post_choice(client, "reject")
    records = [*ConsentRecord.objects.order_by("made_at")]
    post_choice(make_client(), "accept")
    at = timezone.now()
    erase(Person("", frozenset({records[0].pk})), at=at)
    assert ConsentRecord.objects.count() == 1
    ConsentRecord.objects.bulk_create(records)

    assert "Erased again: 1." in replay()
    assert ConsentRecord.objects.count() == 1


def test_whoever_came_back_after_the_erasure_stays() -> None:
    """Red when: the replay takes the address for the person, whenever the row was made."""
    make_trial(email="anna@firma.pl", at=START)
    erase(Person("anna@firma.pl"))
    make_trial(email="anna@firma.pl", at=START + days(10))

    assert "Erased again: 0." in replay()
    assert SignUp.objects.exists()


def test_who_came_back_in_the_day_to_undo_stays_after_a_restored_backup() -> None:
    """Red when: the journal names the moment of the erasure, not that of the request."""
    erasure_cases.request(Person("anna@firma.pl"), at=START)
    make_trial(email="anna@firma.pl", at=START + days(0.5))
    assert erasure_cases.finish_next(START + days(1))

    assert "Erased again: 0." in replay()
    assert SignUp.objects.exists()


def test_the_journal_holds_hashes_alone() -> None:
    """It is kept beside backups. Red when: it names an address or a number."""
    make_trial(email="anna@firma.pl", at=START)
    client = make_client()
    post_choice(client, "accept")
    number = ConsentRecord.objects.get().pk
    erase(Person("anna@firma.pl", frozenset({number})))

    text = journal_text()
    assert "anna" not in text
    assert str(number) not in text
    assert number.hex not in text
    assert len(json.loads(text)["hashes"]) == 2


def test_a_new_secret_key_and_a_new_evidence_key_forget_no_erasure(settings) -> None:
    settings.EVIDENCE_KEYS = ["o" * 50]
    make_trial(email="anna@firma.pl", at=START)
    erase(Person("anna@firma.pl"))
    make_trial(email="anna@firma.pl", at=START)
    settings.SECRET_KEY = "another"
    settings.EVIDENCE_KEYS = ["n" * 50, *settings.EVIDENCE_KEYS]

    assert "Erased again: 1." in replay()


def test_a_person_whom_only_a_case_names_is_erased_again() -> None:
    """Red when: a restored restriction keeps the address of somebody who was erased."""
    record_id = uuid4()
    erase(Person("anna@firma.pl", frozenset({record_id})))
    for person in (Person("anna@firma.pl"), Person("", frozenset({record_id}))):
        case = restrictions.restrict(person, reason="x", at=START - days(9))
        restrictions.lift(case, at=START - days(8))

    replay()

    assert not Restriction.objects.exists()


def test_a_replay_hashes_each_name_once_and_writes_only_for_who_is_known(monkeypatch) -> None:
    """Red when: a database of many people costs a transaction for each."""
    for number in range(5):
        make_trial(email=f"p{number}@firma.pl", at=START)
    erase(Person("p0@firma.pl"))
    make_trial(email="p0@firma.pl", at=START)
    hashed = Mock(side_effect=erasure_journal.all_keyed_hashes)
    monkeypatch.setattr(erasure_journal, "all_keyed_hashes", hashed)
    erased = Mock(side_effect=erasure_journal.erasure.erase)
    monkeypatch.setattr(erasure_journal.erasure, "erase", erased)

    assert "Erased again: 1." in replay()

    assert hashed.call_count == 5
    assert erased.call_count == 1


def test_the_journals_of_several_workers_are_replayed_together(settings, tmp_path) -> None:
    folders = []
    for name in ("ola", "ewa"):
        settings.STATE_DIR = tmp_path / name
        make_trial(email=f"{name}@firma.pl", at=START)
        erase(Person(f"{name}@firma.pl"))
        folders.append(str(erasure_journal.folder()))
    for name in ("ola", "ewa"):
        make_trial(email=f"{name}@firma.pl", at=START)

    assert replay(*folders) == "Erasures in the journal: 2. Erased again: 2.\n"
    assert not SignUp.objects.exists()


def test_a_folder_that_is_not_there_is_named() -> None:
    """Red when: an operator who mistypes a folder is told that all is well."""
    with pytest.raises(CommandError, match=r"is no folder"):
        replay("/nowhere/erasures")


def test_the_file_of_an_erasure_ends_when_no_backup_is_older(settings) -> None:
    """Red when: the hashes are kept for ever, or end while a backup may bring the rows back."""
    make_trial(email="anna@firma.pl", at=START)
    erase(Person("anna@firma.pl"))
    written_at = timezone.now()

    erasure_journal.forget_old(at=written_at + timedelta(days=settings.BACKUP_DAYS - 1))
    assert journal_text()
    erasure_journal.forget_old(at=written_at + timedelta(days=settings.BACKUP_DAYS + 1))
    assert not journal_text()


def test_each_worker_forgets_old_files_once_a_day(settings, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(erasure_journal, "forget_old", lambda at: asked.append(at))
    erasure_journal._forget_on.cache_clear()

    for hours in (0, 1, 24):
        with time_machine.travel(START + timedelta(hours=hours), tick=False):
            assert not erasure_journal.forget_daily(timezone.now())

    assert len(asked) == 2
