"""The journal of erasures when something fails: nothing is lost, and the operator is told."""

import json
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.management import CommandError
from django.utils import timezone

from evidence.keyed_hashes import name_of
from privacy.models import LegalHold
from privacy.rights.cases import erasure_cases, erasure_journal
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Person
from tests.factories import make_trial
from tests.privacy.rights.cases.test_erasure_journal import erase, journal_text, replay
from tests.privacy.rights.people import START, days
from trial.models import SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def state_folder(settings, tmp_path) -> None:
    settings.STATE_DIR = tmp_path


def test_a_key_that_is_missing_is_named_and_not_taken_for_nobody(settings) -> None:
    """Red when: a machine with other keys says that all of the journal is done."""
    settings.EVIDENCE_KEYS = ["o" * 50]
    make_trial(email="anna@firma.pl", at=START)
    erase(Person("anna@firma.pl"))
    settings.EVIDENCE_KEYS = ["n" * 50]

    with pytest.raises(CommandError, match=rf"\({name_of('o' * 50)}\): add that key"):
        replay()


def test_a_worker_that_dies_between_the_journal_and_the_rows_ends_nothing_twice(
    monkeypatch,
) -> None:
    """Red when: the case is lost with the worker, or has two files."""

    class Killed(BaseException):
        """What ends a process in the middle, without any handler of ours."""

    make_trial(email="anna@firma.pl", at=START)
    erasure_cases.request(Person("anna@firma.pl"), at=START)
    with monkeypatch.context() as patch:
        patch.setattr(erasure_cases.erasure, "erase", Mock(side_effect=Killed))
        with pytest.raises(Killed):
            erasure_cases.finish_next(START + days(1))
    assert len(list(erasure_journal.folder().iterdir())) == 1
    assert SignUp.objects.exists()

    assert erasure_cases.finish_next(START + days(1))

    assert len(list(erasure_journal.folder().iterdir())) == 1
    assert not SignUp.objects.exists()


def test_an_erasure_that_a_hold_stops_after_the_journal_is_not_replayed(monkeypatch) -> None:
    """Red when: the file stays, and a restored backup loses what the hold keeps."""
    make_trial(email="anna@firma.pl", at=START)
    anna = Person("anna@firma.pl")
    erasure_cases.request(anna, at=START)
    with monkeypatch.context() as patch:
        patch.setattr(erasure_cases.erasure, "erase", Mock(side_effect=OSError))
        erasure_cases.finish_next(START + days(1))
    assert journal_text()
    LegalHold.objects.create(**fields_of(anna), opened_at=START, reason="x", review_on=START)

    erasure_cases.finish_next(START + days(2))

    assert not journal_text()
    assert "Erased again: 0." in replay()
    assert SignUp.objects.exists()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_without_a_place_for_the_journal_nothing_is_erased(kind: str, tmp_path) -> None:
    """Red when: the rows go first. The folder is a file, or the file is a folder."""
    make_trial(email="anna@firma.pl", at=START)
    case = erasure_cases.request(Person("anna@firma.pl"), at=START)
    folder = tmp_path / "erasures"
    if kind == "folder":
        folder.write_text("")
    else:
        (folder / f"{case.pk}.json").mkdir(parents=True)

    assert erasure_cases.finish_next(START + days(1))

    assert SignUp.objects.exists()
    assert erasure_cases.pending().get() == case


def test_two_workers_with_one_folder_forget_the_same_file_once(monkeypatch, settings) -> None:
    """Red when: the slower one fails on what the faster one has deleted."""
    make_trial(email="anna@firma.pl", at=START)
    erase(Person("anna@firma.pl"))
    at = timezone.now() + timedelta(days=settings.BACKUP_DAYS + 1)
    stat = Path.stat

    def stat_what_is_gone(path: Path, **options: bool) -> object:
        if path.suffix == ".json":
            path.unlink()
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", stat_what_is_gone)

    erasure_journal.forget_old(at=at)

    assert not list(erasure_journal.folder().iterdir())


def written(hashes: object, moment: str = "2026-03-01T12:00:00+00:00") -> str:
    return json.dumps({"hashes": hashes, "covers_until": moment, "erased_at": moment})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"hashes": 1}',
        "\x00",
        written("abc"),
        written([1]),
        written([], "2026-03-01T12:00:00"),
    ],
)
def test_a_damaged_file_is_named_and_nothing_is_erased(text: str) -> None:
    make_trial(email="anna@firma.pl", at=START)
    erase(Person("anna@firma.pl"))
    make_trial(email="anna@firma.pl", at=START)
    (erasure_journal.folder() / "zzz.json").write_text(text)

    with pytest.raises(CommandError, match=r"zzz\.json cannot be read"):
        replay()
    assert SignUp.objects.exists()
