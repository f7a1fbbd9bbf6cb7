"""While a legal hold or a restriction stands, retention deletes nothing of the person."""

from uuid import UUID, uuid4

import pytest

from consent.models import ConsentRecord
from privacy.models import LegalHold, Restriction
from privacy.rights.cases import legal_holds, restrictions
from privacy.rights.cases.case import cases_of, fields_of
from privacy.rights.map.declarations import Person
from privacy.rights.retention import purge
from tests.factories import make_trial
from tests.privacy.rights.people import START, days, make_people, make_record, people
from tests.privacy.rights.retention.test_purge import purge_all
from trial import actions
from trial.models import SignUp

pytestmark = pytest.mark.django_db

ANNA = Person("anna@example.com")


def hold(person: Person, **fields) -> LegalHold:
    defaults = {"opened_at": START, "reason": "A claim.", "review_on": (START + days(30)).date()}
    return LegalHold.objects.create(**fields_of(person) | defaults | fields)


def test_retention_leaves_what_a_hold_keeps() -> None:
    """Red when: the purge does not ask for holds. Mails, links and history are kept too."""
    make_people()
    hold(Person("WITHDRAWN@firma.pl"))
    before = {
        rule.key: {*kept.values_list("pk", flat=True)}
        for rule in purge.rules()
        if rule.strip is None and (kept := rule.expired(START + days(400))).exists()
    }

    purge_all(START + days(400))

    assert people() == {"consent", "withdrawn"}
    assert before


def test_retention_takes_what_a_lifted_hold_kept() -> None:
    make_people()
    case = hold(Person("withdrawn@firma.pl"))
    purge_all(START + days(400))

    assert legal_holds.lift(case, at=START + days(401))
    assert not legal_holds.lift(case, at=START + days(402))
    purge_all(START + days(402))

    assert people() == {"consent"}


def test_retention_leaves_restricted_data() -> None:
    """GDPR Art. 18(1)(b) and (c): the person may need it. Red when: restrictions are not asked."""
    make_trial(at=START)
    case = restrictions.restrict(ANNA, reason="Wants it for a claim.", at=START + days(1))
    purge_all(START + days(400))
    assert SignUp.objects.exists()

    restrictions.lift(case, at=START + days(400))
    purge_all(START + days(401))
    assert not SignUp.objects.exists()


def test_a_restriction_keeps_no_rows_that_came_later() -> None:
    restrictions.restrict(ANNA, reason="Asked by letter.", at=START)
    make_trial(at=START + days(1))

    purge_all(START + days(400))

    assert not SignUp.objects.exists()


def test_a_hold_on_a_record_keeps_all_records_of_the_browser() -> None:
    first = make_record(made_at=START)
    make_record(made_at=START, supersedes=first)
    make_record(made_at=START)
    hold(Person("", frozenset({first.pk})))

    purge_all(START + days(3650))

    assert ConsentRecord.objects.count() == 2


@pytest.mark.parametrize(
    ("person", "is_held"),
    [
        (Person("ANNA@example.com"), True),
        (Person("ewa@example.com"), False),
        (Person("anna@example.co"), False),
        (Person(""), False),
    ],
)
def test_a_hold_is_on_an_address(person: Person, is_held: bool) -> None:
    hold(ANNA)

    assert legal_holds.stands_for(person) is is_held


def test_a_hold_on_one_record_is_on_the_person_who_names_a_later_one() -> None:
    """Red when: the browser's earlier record is erased through its later one."""
    first = make_record(made_at=START)
    later = make_record(made_at=START, supersedes=first)
    other = make_record(made_at=START)
    hold(Person("", frozenset({first.pk})))

    assert legal_holds.stands_for(Person("", frozenset({later.pk})))
    assert not legal_holds.stands_for(Person("", frozenset({other.pk})))


def test_a_hold_is_not_on_a_colleague_with_the_same_number() -> None:
    """They share an objection. Red when: one person of an office stops the erasure of all."""
    make_trial("phone", at=START)
    make_trial("phone", email="ewa@example.com", at=START)
    actions.object_to_marketing("ewa@example.com", method="page", at=START)
    hold(ANNA)

    assert not legal_holds.stands_for(Person("ewa@example.com"))


def test_a_hold_on_a_person_with_both_is_found_by_either() -> None:
    record = make_record(made_at=START)
    hold(Person(ANNA.email, frozenset({record.pk})))

    assert legal_holds.stands_for(ANNA)
    assert legal_holds.stands_for(Person("ewa@example.com", frozenset({record.pk})))
    assert not legal_holds.stands_for(Person("ewa@example.com"))


def test_a_hold_comes_up_for_review_on_its_day() -> None:
    hold(ANNA)
    hold(Person("b@firma.pl"), lifted_at=START)

    assert not legal_holds.to_review(at=START + days(29)).exists()
    assert legal_holds.to_review(at=START + days(30)).count() == 1


def test_two_visitors_without_an_address_are_two_people() -> None:
    """Red when: the empty address of both counts as one."""
    numbers = [uuid4() for _number in range(3)]
    first = restrictions.restrict(Person("", frozenset(numbers[:1])), reason="a", at=START)
    second = restrictions.restrict(Person("", frozenset(numbers[1:])), reason="b", at=START)

    def cases(*of: UUID) -> set[Restriction]:
        return {*cases_of(Restriction)(Person("", frozenset(of)))}

    assert first != second
    assert cases(numbers[0]) == {first}
    assert cases(numbers[2]) == {second}
    assert cases(*numbers[:2]) == {first, second}
    assert cases() == set()


def test_restricting_twice_is_restricting_once() -> None:
    first = restrictions.restrict(ANNA, reason="a", at=START)

    assert restrictions.restrict(Person("ANNA@example.com"), reason="b", at=START) == first
    assert restrictions.lift(first, at=START)
    assert not restrictions.lift(first, at=START)
    assert restrictions.restrict(ANNA, reason="c", at=START) != first
