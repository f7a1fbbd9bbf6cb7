"""The log says who read whose data and when, and after an erasure it no longer says whose."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from consent.models import ConsentRecord
from delivery import worker
from privacy.models import PersonNumber, Reading
from privacy.rights.cases import erasure, erasure_cases, legal_holds
from privacy.rights.cases.case import fields_of
from privacy.rights.export import export
from privacy.rights.map.declarations import Person
from privacy.rights.map.periods import months_before
from privacy.rights.readings import reading
from privacy.rights.readings.personal_data import all_numbers_of
from privacy.rights.retention import purge_runs
from tests.factories import make_client, make_reading, make_trial, post_choice
from tests.privacy.rights.people import START
from tests.privacy.rights.somebody_else import SomebodyElse

pytestmark = pytest.mark.django_db

ANNA = Person("anna@example.com")
READ = Reading.What.READ


def numbers() -> list[str]:
    """The numbers in the log, the oldest row first."""
    return list(Reading.objects.order_by("pk").values_list("about", flat=True))


def test_a_row_holds_nothing_of_the_person() -> None:
    """Red when: the log keeps an address, a name or the number of a row of the person."""
    trial = make_trial(email="anna@example.com")

    row = make_reading(ANNA, at=START)

    values = " ".join(map(str, Reading.objects.values().get(pk=row.pk).values()))
    assert [word for word in (trial.email, trial.name, str(trial.pk)) if word in values] == []
    assert (row.read_at, row.what, row.kind, row.rows) == (START, "read", "trial_signup", 1)
    assert len(row.about) == 16


def test_one_person_has_one_number_in_every_spelling_and_everybody_else_another() -> None:
    """Red when: the number depends on the spelling, or two people share one."""
    for person in (ANNA, Person(" ANNA@example.COM"), Person("ewa@example.com")):
        make_reading(person)

    first, second, other = numbers()
    assert first == second != other
    assert PersonNumber.objects.count() == 2


def test_a_visitor_without_an_address_has_the_number_of_a_record() -> None:
    record = uuid.uuid4()

    make_reading(Person("", frozenset({record})))
    make_reading(Person("", frozenset({uuid.uuid4()})))

    assert len({*numbers()}) == 2
    found = all_numbers_of(Person("", frozenset({record})))
    assert found.get().number == numbers()[0]


def test_rows_of_many_people_have_no_number() -> None:
    make_reading(None)
    make_reading(Person(""))

    assert numbers() == ["", ""]
    assert not PersonNumber.objects.exists()


def test_reading_about_oneself_is_not_logged() -> None:
    user = User(pk=7, email="Anna@Example.com")

    reading.log(user, person=ANNA, what=READ, at=START)
    assert not Reading.objects.exists()

    reading.log(user, person=None, what=READ, at=START)
    reading.log(User(pk=8), person=Person("", frozenset({uuid.uuid4()})), what=READ, at=START)
    assert Reading.objects.count() == 2


def test_after_an_erasure_the_log_stays_and_leads_to_nobody() -> None:
    """Red when: the number of the person outlives the erasure, or the log ends with the person."""
    make_trial(email="anna@example.com")
    before = make_reading(ANNA)
    [old] = numbers()

    erasure.erase(ANNA, at=timezone.now())

    assert Reading.objects.values().get() == Reading.objects.values().get(pk=before.pk)
    assert not PersonNumber.objects.exists()
    make_reading(ANNA)
    assert numbers()[0] == old != numbers()[1]
    assert all_numbers_of(ANNA).get().number == numbers()[1]


def test_what_was_read_while_an_erasure_could_be_undone_leads_to_nobody_either() -> None:
    """Red when: an erasure leaves the numbers that were made after it was asked for."""
    make_trial(email="anna@example.com")
    erasure_cases.request(ANNA, at=timezone.now())
    make_reading(ANNA)
    assert PersonNumber.objects.exists()

    worker.work_off(timezone.now() + timedelta(days=1))

    assert Reading.objects.exists()
    assert not PersonNumber.objects.exists()


def test_a_reading_opens_no_second_erasure() -> None:
    """Red when: the page of a case that staff read counts as new data of the person."""
    make_trial(email="anna@example.com")
    first = erasure_cases.request(ANNA, at=timezone.now())
    make_reading(ANNA)

    assert erasure_cases.request(ANNA, at=timezone.now()) == first


def test_an_erasure_by_one_record_forgets_the_readings_of_the_whole_chain() -> None:
    """Red when: only the record that the person names is looked for."""
    client = make_client()
    post_choice(client, "accept")
    post_choice(client, "reject")
    withdrawn = ConsentRecord.objects.get(supersedes__isnull=False)
    for pk in (withdrawn.pk, withdrawn.supersedes_id):
        make_reading(Person("", frozenset({pk})))
    assert PersonNumber.objects.count() == 2

    erasure.erase(Person("", frozenset({withdrawn.supersedes_id})), at=timezone.now())

    assert not PersonNumber.objects.exists()


def test_a_new_key_hides_no_reading(settings) -> None:
    """Red when: the readings from before a new key are not found any more, or not erased."""
    make_reading(ANNA)
    settings.EVIDENCE_KEYS = ["k" * 32]
    make_reading(ANNA)
    settings.EVIDENCE_KEYS = ["n" * 32, "k" * 32]
    make_reading(ANNA)

    assert {*all_numbers_of(ANNA).values_list("number", flat=True)} == {*numbers()}
    erasure.erase(ANNA, at=timezone.now())
    assert not PersonNumber.objects.exists()


def purge(at: datetime) -> None:
    purge_runs.start(at=at)
    while purge_runs.go_on(at, waits=True):
        pass


def test_a_reading_ends_after_two_years_and_the_number_with_the_last_one() -> None:
    """Red when: a number ends while a row of the log still has it, or stays after the last one."""
    make_reading(ANNA, at=START)
    make_reading(ANNA, at=START + timedelta(days=300))
    make_reading(Person("ewa@example.com"), at=START)
    two_years = months_before(START, -24)

    purge(two_years - timedelta(seconds=1))
    assert (Reading.objects.count(), PersonNumber.objects.count()) == (3, 2)

    purge(two_years)
    assert numbers() == [all_numbers_of(ANNA).get().number]
    assert PersonNumber.objects.count() == 1

    purge(two_years + timedelta(days=300))
    assert not Reading.objects.exists()
    assert not PersonNumber.objects.exists()


def test_a_legal_hold_keeps_the_readings_about_a_person() -> None:
    make_reading(ANNA, at=START)
    make_reading(Person("ewa@example.com"), at=START)
    legal_holds.LegalHold.objects.create(
        **fields_of(ANNA), opened_at=START, reason="A claim.", review_on=START
    )

    purge(months_before(START, -30))

    assert numbers() == [all_numbers_of(ANNA).get().number]


def test_the_account_of_a_colleague_can_be_deleted_and_the_log_stays() -> None:
    """Red when: the log protects an account, or ends with it."""
    user = User.objects.create_user("kasia")
    reading.log(user, person=ANNA, what=READ, at=START)
    assert Reading.objects.get().who == "kasia"

    pk = user.pk
    user.delete()

    assert Reading.objects.get().who == f"({pk})"


def exported(person: Person) -> list[dict[str, Any]]:
    tables = {table["table"]: table["rows"] for table in export(person, at=START)["tables"]}
    return tables["privacy_reading"]


def test_a_person_gets_their_own_readings_without_the_colleague_and_the_other_way_round() -> None:
    """Red when: a person learns which colleague read, or a colleague gets numbers of others."""
    user = User.objects.create_user("kasia", email="kasia@example.com")
    reading.log(user, person=ANNA, what=READ, kind=ConsentRecord, rows=1, at=START)

    [of_anna] = exported(ANNA)
    [of_kasia] = exported(Person("kasia@example.com"))

    hidden = "nie pokazujemy, bo dotyczy kogoś innego"
    assert (of_anna["about"], of_anna["user"]) == (numbers()[0], hidden)
    assert (of_kasia["about"], of_kasia["user"]) == (hidden, user.pk)
    assert of_anna["read_at"] == of_kasia["read_at"] == START.isoformat()


@pytest.mark.django_db(transaction=True)
def test_two_readings_of_a_new_person_at_once_have_one_number(monkeypatch) -> None:
    """Red when: looking for the number and making it are two statements: the second reading fails,
    or the person has two numbers."""
    other = SomebodyElse(lambda: make_reading(ANNA))
    create = Reading.objects.create

    def create_after_the_other_began(**fields: object) -> Reading:
        other.begin()
        return create(**fields)

    monkeypatch.setattr(Reading.objects, "create", create_after_the_other_began)

    make_reading(ANNA)
    other.result()

    assert len(numbers()) == 2
    assert {*numbers()} == {PersonNumber.objects.get().number}
