"""An erasure can be undone for a day. Then the worker makes it final, once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from delivery import worker
from privacy.models import ErasureCase, LegalHold
from privacy.rights.cases import erasure_cases, erasure_journal, legal_holds, restrictions
from privacy.rights.cases.case import fields_of
from privacy.rights.cases.erasure_cases import TIME_TO_UNDO, Held, finish_next, request, undo
from privacy.rights.map.declarations import Person
from tests.factories import make_sign_up, make_token_of, make_trial
from tests.privacy.rights.people import START, days
from trial import actions
from trial.models import MarketingConsent, SignUp

pytestmark = pytest.mark.django_db

ANNA = Person("anna@example.com")


@pytest.fixture(autouse=True)
def journal(settings, tmp_path) -> None:
    settings.STATE_DIR = tmp_path


def hold(person: Person, *, at=START) -> LegalHold:
    return LegalHold.objects.create(
        **fields_of(person), opened_at=at, reason="A claim.", review_on=at
    )


def test_nothing_is_deleted_before_the_day_is_over() -> None:
    """Red when: the worker does not look at the moment."""
    make_trial(at=START)
    request(ANNA, at=START)

    assert not finish_next(START + TIME_TO_UNDO - timedelta(seconds=1))
    assert SignUp.objects.exists()

    assert finish_next(START + TIME_TO_UNDO)
    assert not SignUp.objects.exists()


def test_a_final_erasure_names_nobody_and_says_how_many_rows_went() -> None:
    """Red when: the case keeps the address."""
    make_trial("email", at=START)
    request(ANNA, at=START)

    worker.work_off(START + days(1))

    [case] = ErasureCase.objects.all()
    assert (case.email, case.record_ids) == ("", [])
    assert case.erased_at == START + days(1)
    assert case.counts["trial_signup"] == case.counts["trial_marketingconsent"] == 1
    assert not erasure_cases.pending().exists()
    assert not finish_next(START + days(9))


def test_an_undone_erasure_leaves_everything_and_names_nobody() -> None:
    make_trial(at=START)
    case = request(ANNA, at=START)

    assert undo(case, at=START + timedelta(hours=23))
    worker.work_off(START + days(2))

    assert SignUp.objects.exists()
    [case] = ErasureCase.objects.all()
    assert (case.email, case.erased_at) == ("", None)
    assert not undo(case, at=START + timedelta(hours=23))


@pytest.mark.parametrize("is_undone", [True, False])
def test_a_case_that_is_over_holds_no_number_of_a_record(is_undone: bool) -> None:
    """Red when: the address goes, and the numbers stay."""
    case = request(Person("", frozenset({uuid4()})), at=START)
    assert len(case.record_ids) == 1

    if is_undone:
        assert undo(case, at=START)
    else:
        assert finish_next(START + days(1))

    case.refresh_from_db()
    assert (case.email, case.record_ids) == ("", [])
    assert not erasure_cases.pending().exists()


def test_who_waits_longest_is_erased_first() -> None:
    """Red when: one that fails again and again keeps the others from their turn."""
    for number in (2, 1, 3):
        request(Person(f"p{number}@firma.pl"), at=START + days(number / 100))

    for number in (1, 2, 3):
        assert finish_next(START + days(2))
        emails = [*erasure_cases.pending().order_by("email").values_list("email", flat=True)]
        assert emails == [f"p{left}@firma.pl" for left in range(number + 1, 4)]


def test_nobody_undoes_an_erasure_whose_day_is_over() -> None:
    """Red when: a person is told that it was undone, and the worker makes it final all the same."""
    make_trial(at=START)
    case = request(ANNA, at=START)

    assert not undo(case, at=START + TIME_TO_UNDO)
    finish_next(START + TIME_TO_UNDO)
    assert not undo(case, at=START)
    assert not SignUp.objects.exists()


def test_asking_twice_is_asking_once() -> None:
    assert request(ANNA, at=START) == request(Person("ANNA@example.com"), at=START + days(0.5))
    assert ErasureCase.objects.count() == 1


def test_who_asks_again_after_a_new_sign_up_is_erased_with_it() -> None:
    """Red when: the second request changes nothing, and the new sign-up is never erased."""
    make_trial("email", at=START)
    first = request(ANNA, at=START)
    later = make_sign_up(at=START + days(0.5))

    second = request(ANNA, at=START + days(0.6))
    assert request(ANNA, at=START + days(0.7)) == second != first

    assert finish_next(START + days(1))
    assert [*SignUp.objects.all()] == [later]
    assert finish_next(START + days(1.6))
    assert not SignUp.objects.exists()
    assert not ErasureCase.objects.filter(email=ANNA.email).exists()


def test_a_consent_that_is_confirmed_in_the_day_loses_its_sign_up_too() -> None:
    """Red when: the consents of the person are those that were confirmed before the request."""
    sign_up = make_sign_up("email", "phone", at=START)
    request(ANNA, at=START)
    actions.confirm(make_token_of(sign_up, at=START), at=START + days(0.5))

    finish_next(START + days(1))

    assert [*MarketingConsent.objects.values_list("sign_up_id", flat=True)] == [None, None]


def test_an_erasure_leaves_the_restriction_of_what_came_later() -> None:
    """Red when: staff restrict a new sign-up, and an older erasure takes the restriction along."""
    make_sign_up(at=START)
    lifted = restrictions.restrict(ANNA, reason="a", at=START)
    restrictions.lift(lifted, at=START)
    request(ANNA, at=START)
    later = make_sign_up(at=START + days(0.5))
    standing = restrictions.restrict(ANNA, reason="b", at=START + days(0.6))

    finish_next(START + days(1))

    assert [*restrictions.Restriction.objects.all()] == [standing]
    assert [*SignUp.objects.restricted()] == [later]


def test_a_restriction_that_was_lifted_in_the_day_goes() -> None:
    """Red when: the row keeps the address of somebody who was erased."""
    make_sign_up(at=START)
    request(ANNA, at=START)
    case = restrictions.restrict(ANNA, reason="b", at=START + days(0.6))
    restrictions.lift(case, at=START + days(0.7))

    finish_next(START + days(1))

    assert not restrictions.Restriction.objects.exists()


def test_a_sign_up_of_the_day_of_the_request_stays() -> None:
    """It was sent after the request, for a new trial. Red when: the case covers later rows."""
    make_sign_up(at=START)
    request(ANNA, at=START)
    later = make_sign_up(at=START + days(0.5))

    finish_next(START + days(1))

    assert [*SignUp.objects.all()] == [later]


def test_a_legal_hold_refuses_an_erasure() -> None:
    """GDPR Art. 17(3)(e). Red when: the hold is not asked."""
    hold(ANNA)

    with pytest.raises(Held):
        request(ANNA, at=START)
    assert not ErasureCase.objects.exists()


def test_a_legal_hold_of_the_day_stops_an_erasure_until_it_is_lifted() -> None:
    """Red when: the worker does not ask again before it deletes."""
    make_trial(at=START)
    request(ANNA, at=START)
    case = hold(ANNA)

    worker.work_off(START + days(3))
    assert SignUp.objects.exists()
    assert not erasure_cases.problem(at=START + days(3))

    assert legal_holds.lift(case, at=START + days(3))
    worker.work_off(START + days(4))
    assert not SignUp.objects.exists()


def test_an_error_is_tried_again_and_nothing_is_half_erased(monkeypatch, log_lines) -> None:
    """Red when: the error ends the worker's turn, or the next try comes at once for ever."""
    make_trial(at=START)
    request(ANNA, at=START)
    monkeypatch.setattr(erasure_journal.durable_file, "write", _full_disk)

    worker.work_off(START + days(1))
    assert SignUp.objects.exists()
    assert "An erasure could not be made final" in str(log_lines)
    assert not erasure_cases.problem(at=START + days(1))
    assert "late: 1" in erasure_cases.problem(at=START + days(1.1))

    monkeypatch.undo()
    worker.work_off(START + days(1.2))
    assert not SignUp.objects.exists()
    assert not erasure_cases.problem(at=START + days(1.2))


def _full_disk(*args: object) -> None:
    raise OSError("full")


def test_while_it_can_be_undone_the_person_is_restricted() -> None:
    """Red when: somebody who asked for erasure still gets our mails for a day."""
    trial = make_trial(at=START)
    restricted = SignUp.objects.filter(
        restrictions.covers(email="email_folded", made_at="created_at")
    )

    case = request(ANNA, at=START)
    assert [*restricted.all()] == [trial]
    undo(case, at=START)
    assert not restricted.all().exists()


def test_the_preview_of_a_case_and_its_erasure_take_the_same_person() -> None:
    case = ErasureCase(
        email="a@firma.pl", record_ids=["3f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c"], opened_at=START
    )

    assert case.person == Person(case.person_then.email, case.person_then.record_ids)
    assert case.person_then.before == START
    assert case.final_at == START + days(1)
    assert timezone.is_aware(case.final_at)
