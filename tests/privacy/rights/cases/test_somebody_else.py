"""Another person is never touched, however alike the two are called."""

import uuid
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.models import ConsentRecord
from delivery import outbox
from delivery.addresses import normalized
from privacy.rights.cases import erasure, legal_holds, restrictions
from privacy.rights.cases.forms import PersonForm
from privacy.rights.map.declarations import Fate, Person
from privacy.rights.map.register import all_declared
from tests.factories import make_token_of, make_trial
from tests.privacy.rights.cases.test_legal_holds import hold
from tests.privacy.rights.people import START, days, make_record
from trial.models import SignUp

pytestmark = pytest.mark.django_db

# Alike in parts, in a pattern of SQL, in letters that look the same, or after a wrong fold.
ADDRESSES = (
    "anna@firma.pl", "hanna@firma.pl", "anna@firma.pl.example.com", "anna@firma.p", "ann_@firma.pl",
    "ann%@firma.pl", "%@firma.pl", "_nna@firma.pl", "anna@xfirma.pl", "anna+a@firma.pl",
    "an.na@firma.pl", "anna@strasse.de", "anna@xn--strae-oqa.de", "anna@xn--mnchen-3ya.de",
    "anna@munchen.de", "anna'--@firma.pl", "anna@firma.com",
)  # fmt: skip
SPELLINGS = {
    "ANNA@Firma.PL": "anna@firma.pl",
    "  anna@firma.pl\n": "anna@firma.pl",
    "anna@ｆｉｒｍａ.pl": "anna@firma.pl",
    "anna@straße.de": "anna@xn--strae-oqa.de",
    "Anna@MÜNCHEN.de": "anna@xn--mnchen-3ya.de",
    "anna@xn--MNCHEN-3ya.DE": "anna@xn--mnchen-3ya.de",
}


def make_everybody() -> None:
    for number, email in enumerate(ADDRESSES):
        trial = make_trial("email", "phone", email=email, phone=f"+4822123{number:04}", at=START)
        make_token_of(trial, at=START)
        outbox.suppress(email, at=START)


def all_rows() -> dict[tuple[str, Any], Any]:
    """Every row of somebody that an erasure could end, by its table and its id."""
    return {
        (data.table, row["pk"]): row
        for data in all_declared()
        for row in data.model._default_manager.values("pk", *data.fields)
    }


def keys_of(person: Person) -> set[tuple[str, Any]]:
    return {
        (data.table, pk)
        for data in all_declared()
        if data.on_erasure.fate is not Fate.KEPT
        for pk in data.rows_of(person).values_list("pk", flat=True)
    }


def test_one_address_is_erased_and_no_other_loses_a_row() -> None:
    """Red when: a row is found by a part of an address, by a pattern, or by another fold."""
    make_everybody()
    before = all_rows()
    own = {email: keys_of(Person(email)) for email in ADDRESSES}
    assert {len(each) for each in own.values()} == {9}
    assert len({key for keys in own.values() for key in keys}) == 9 * len(ADDRESSES)

    for typed in (*ADDRESSES, *SPELLINGS):
        with transaction.atomic():
            erasure.erase(Person(typed), at=timezone.now())
            after = all_rows()
            transaction.set_rollback(True)
        changed = {key for key in before if after.get(key) != before[key]}
        assert changed == own[SPELLINGS.get(typed, typed)], typed


def test_what_is_no_address_is_nobody() -> None:
    make_everybody()

    for typed in ("", " ", "\t\n", "%", "_", "%@%", "@", "anna", "firma.pl"):
        assert erasure.preview(Person(typed), at=timezone.now()).is_empty, typed
        assert erasure.erase(Person(typed), at=timezone.now()) == {}, typed


LETTERS = st.text("aA.+_%ß", min_size=1, max_size=4)


@settings(max_examples=30, deadline=None)
@given(st.lists(LETTERS, min_size=2, max_size=2))
def test_a_case_covers_exactly_the_spellings_of_its_address(locals_: list[str]) -> None:
    """Red when: a case and a row write an address in two forms."""
    first, second = (f"{each}@firma.pl" for each in locals_)
    row = SignUp.objects.create(created_at=START, language="pl", name="x", email=first, company="x")
    standing = hold(Person(second))
    case = restrictions.restrict(Person(second), reason="x", at=START + days(1))

    is_same = normalized(first) == normalized(second)
    assert legal_holds.stands_for(Person(first)) is is_same
    assert SignUp.objects.restricted().filter(pk=row.pk).exists() is is_same
    assert ("trial_signup" in erasure.erase(Person(second), at=START)) is is_same

    for each in (row, standing, case):
        type(each).objects.filter(pk=each.pk).delete()


@pytest.mark.parametrize("write", [str, lambda n: n.hex, lambda n: n.hex.upper(), lambda n: n.urn])
def test_a_number_is_read_in_every_spelling_and_erases_one_browser(write: Any) -> None:
    """Red when: upper case or missing dashes make another number of it."""
    first, other = make_record(made_at=START), make_record(made_at=START)
    form = PersonForm({"email": "", "record_ids": f" {write(first.pk)}\n{write(uuid.uuid4())} "})

    assert form.is_valid()
    erasure.erase(form.person, at=timezone.now())

    assert [*ConsentRecord.objects.all()] == [other]


def test_a_person_with_both_loses_both_and_nobody_else_anything() -> None:
    records = [make_record(made_at=START) for _number in range(2)]
    make_everybody()

    erasure.erase(Person("anna@firma.pl", frozenset({records[0].pk})), at=timezone.now())

    assert [*ConsentRecord.objects.all()] == [records[1]]
    assert SignUp.objects.count() == len(ADDRESSES) - 1
