"""Erasure deletes what the map says, strips the proofs, and touches nobody else (GDPR Art. 17)."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.utils import timezone

from consent.models import ConsentRecord
from delivery.models import Mail, Token
from privacy.rights.cases import erasure
from privacy.rights.cases.erasure import erase, preview
from privacy.rights.map import register
from privacy.rights.map.declarations import ErasureEffect, Fate, Person
from privacy.rights.map.register import all_declared
from tests.factories import make_sign_up, make_trial
from tests.privacy.rights.people import START, days
from tests.privacy.rights.somebody import Somebody, make_somebody
from tests.staff import act
from trial import actions
from trial.models import HandOver, MarketingConsent, SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hand_over(settings) -> None:
    settings.PROVISIONING_URL = "https://phone.example.com/trials"


def rows_of(person: Person) -> dict[str, list[dict[str, Any]]]:
    return {
        data.table: list(data.rows_of(person).order_by("pk").values()) for data in all_declared()
    }


def somebody(name: str = "ola") -> Somebody:
    return make_somebody(name, phone={"ola": "+48221111111", "ewa": "+48222222222"}[name])


def test_every_row_has_the_fate_that_the_map_gives_it() -> None:
    """Red when: a table is left out, or is deleted in an order that the database refuses."""
    person = somebody().person
    before = rows_of(person)
    of_staff = [*User.objects.values()]

    erase(person, at=timezone.now())

    for data in all_declared():
        affected = (data.on_erasure.rows or data.rows_of)(person)
        if data.on_erasure.fate is not Fate.KEPT:
            assert not affected.exists(), data.table
        assert before[data.table], data.table
    assert [*User.objects.values()] == of_staff
    assert not SignUp.objects.exists()
    assert not HandOver.objects.exists()
    assert not Mail.objects.exists()
    assert not Token.objects.exists()
    assert not ConsentRecord.objects.exists()


def test_nobody_else_loses_a_row() -> None:
    """Red when: a finder of one person's rows finds those of another."""
    ola, ewa = somebody("ola").person, somebody("ewa").person
    before = rows_of(ewa)

    erase(ola, at=timezone.now())

    assert rows_of(ewa) == before
    assert all(before.values())


def test_the_preview_says_what_the_erasure_then_does() -> None:
    """Red when: the preview counts rows by another rule than the erasure."""
    person = somebody().person
    before = {table: len(rows) for table, rows in rows_of(person).items()}
    names = {str(data.name): data.table for data in all_declared()}

    said = preview(person, at=timezone.now())
    done = erase(person, at=timezone.now())

    affected = {names[str(line.name)]: line.rows for line in said.lines if line.fate != Fate.KEPT}
    assert affected == done
    assert sum(line.rows for line in said.lines) == sum(before.values())
    assert {line.fate for line in said.going} == {Fate.DELETED}
    assert all(line.until and line.reason for line in said.staying)


def test_a_second_erasure_finds_nothing() -> None:
    """Red when: a stripped proof is counted again."""
    person = somebody().person
    assert erase(person, at=timezone.now())

    assert erase(person, at=timezone.now()) == {}
    assert preview(person, at=timezone.now()).going == []


def test_a_proof_outlives_its_person_as_hashes_words_and_moments() -> None:
    trial = make_trial("email", at=START)
    [before] = MarketingConsent.objects.values()

    erase(Person(trial.email), at=START + days(1))

    [after] = MarketingConsent.objects.values()
    assert after == before | {"sign_up_id": None}
    assert not MarketingConsent.objects.live("email", at=START + days(1)).exists()


def test_what_staff_did_with_the_rows_of_a_person_goes_with_them(admin_client) -> None:
    trial, other = make_trial(email="a@firma.pl"), make_trial(email="b@firma.pl")
    act(admin_client, "/admin/trial/signup/", "end_trial", trial, other)

    erase(Person("a@firma.pl"), at=timezone.now())

    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(other.pk)]


def test_rows_of_a_later_moment_stay() -> None:
    """A person who was erased may sign up again. Red when: `before` is ignored."""
    make_sign_up(email="a@firma.pl", at=START)
    later = make_sign_up(email="a@firma.pl", at=START + days(2))

    erase(Person("a@firma.pl", before=START + days(1)), at=START + days(3))

    assert [*SignUp.objects.all()] == [later]


def test_an_address_is_found_in_every_spelling() -> None:
    make_sign_up(email="Anna@Firma.PL")

    assert erase(Person(" ANNA@firma.pl "), at=timezone.now())["trial_signup"] == 1


def test_nobody_is_erased_without_an_address_and_a_number() -> None:
    """Red when: an empty address finds the rows that have none."""
    somebody()
    before = {data.table: data.model._default_manager.count() for data in all_declared()}

    assert erase(Person(""), at=timezone.now()) == {}
    assert before == {data.table: data.model._default_manager.count() for data in all_declared()}


def test_an_effect_that_fails_leaves_everything(monkeypatch) -> None:
    """Red when: the effects and the deletion are two transactions."""
    trial = make_trial("email")

    def withdraw_then_fail(person: Person, at: Any) -> None:
        actions.withdraw(trial.consents.get(), method="page", at=at)
        raise OSError("failed")

    failing = ErasureEffect(lambda person, at: ["It fails."], withdraw_then_fail)
    monkeypatch.setattr(register, "_erasure_effects", [failing])

    assert erasure.preview(Person(trial.email), at=timezone.now()).effects == ["It fails."]
    with pytest.raises(OSError, match="failed"):
        erase(Person(trial.email), at=timezone.now())
    assert SignUp.objects.get().consents.get().withdrawn_at is None
