"""An erasure and somebody who acts at the same moment: nothing is half erased, nothing is left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from delivery import tokens, worker
from delivery.models import Mail, Token
from privacy.models import ErasureCase, LegalHold
from privacy.rights.cases import erasure, erasure_cases
from privacy.rights.map.declarations import Fate, Person
from privacy.rights.map.register import all_declared
from privacy.rights.retention import purge
from tests.factories import make_client, make_sign_up, make_token_of, make_trial
from tests.privacy.rights.people import START, days
from tests.privacy.rights.somebody_else import SomebodyElse
from trial import actions, mails
from trial.models import HandOver, MarketingConsent, SignUp

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = Person("anna@example.com")
FINAL = START + days(1)
# Where the other acts: before the rows are found, or after that and before they are deleted.
MOMENTS = ["find", "delete"]


@pytest.fixture(autouse=True)
def places(settings, tmp_path) -> None:
    settings.STATE_DIR = tmp_path
    settings.PROVISIONING_URL = "https://phone.example.com/trials"


@pytest.fixture(params=MOMENTS)
def in_the_middle(request, monkeypatch) -> Callable[[SomebodyElse], None]:
    """Lets somebody act in the middle of the next erasure."""

    def register(somebody: SomebodyElse) -> None:
        if request.param == "find":
            monkeypatch.setattr(erasure, "all_erasure_effects", lambda: [Act(somebody)])
            return
        window = erasure.deletion_window

        @contextmanager
        def act_and_open(reason: Any) -> Iterator[None]:
            somebody.begin()
            with window(reason):
                yield

        monkeypatch.setattr(erasure, "deletion_window", act_and_open)

    return register


class Act:
    """An effect of an erasure: somebody acts."""

    def __init__(self, somebody: SomebodyElse) -> None:
        self.act = somebody.begin
        self.texts = self.tasks = lambda _person, _at: []


def assert_nothing_is_left() -> None:
    for data in all_declared():
        if data.on_erasure.fate is not Fate.KEPT:
            affected = (data.on_erasure.rows or data.rows_of)(ANNA)
            assert not affected.exists(), data.table
    for model in (SignUp, HandOver, Mail, Token):
        assert not model.objects.exists(), model
    assert not MarketingConsent.objects.filter(sign_up__isnull=False).exists()


def finish(*, at=FINAL) -> None:
    assert erasure_cases.finish_next(at)
    assert ErasureCase.objects.filter(erased_at=at).count() == 1


def test_a_sign_up_that_is_confirmed_meanwhile_leaves_nothing(in_the_middle, client) -> None:
    """Red when: the consents, mails and the hand-over of the confirmation survive, or a deadlock
    answers somebody 500."""
    token = make_token_of(make_sign_up("email", "phone", at=START), at=START)
    erasure_cases.request(ANNA, at=START)
    somebody = SomebodyElse(lambda: actions.confirm(token, at=START + days(0.9)))
    in_the_middle(somebody)

    finish()

    with pytest.raises(tokens.TokenRefused):
        somebody.result()
    assert_nothing_is_left()


def test_two_workers_make_one_erasure_final_once(in_the_middle, log_lines) -> None:
    """Red when: the second worker waits for the first, and leaves its mails."""
    make_trial("email", at=START)
    erasure_cases.request(ANNA, at=START)
    somebody = SomebodyElse(lambda: erasure_cases.finish_next(FINAL))
    in_the_middle(somebody)

    finish()

    assert somebody.result() is False
    assert not somebody.has_waited
    assert_nothing_is_left()
    assert "could not be made final" not in str(log_lines)


def test_two_erasures_of_one_person_wait_for_each_other(in_the_middle) -> None:
    """Red when: they delete in different orders, and PostgreSQL ends one of them."""
    for number in range(5):
        make_sign_up("email", email=f"anna{number}@example.com", at=START)
    SignUp.objects.update(email_folded=ANNA.email)
    somebody = SomebodyElse(lambda: erasure.erase(ANNA, at=FINAL))
    in_the_middle(somebody)

    assert erasure.erase(ANNA, at=FINAL)["trial_signup"] == 5
    assert somebody.result() == {}


def test_the_sign_ups_are_locked_in_one_order_before_anything_else_happens(monkeypatch) -> None:
    """Red when: two erasures of one person take the same rows in two orders: a deadlock."""
    make_sign_up(at=START)
    monkeypatch.setattr(erasure, "all_erasure_effects", list)

    with CaptureQueriesContext(connection) as queries:
        erasure.erase(ANNA, at=FINAL)

    first = next(each["sql"] for each in queries if "trial_signup" in each["sql"])
    lock = ' FOR UPDATE OF "trial_signup"' if connection.vendor == "postgresql" else ""
    assert first.endswith(f"ORDER BY 1 ASC{lock}")


def test_nobody_undoes_what_is_being_made_final(in_the_middle) -> None:
    """The clock of the web server is late. Red when: `undo` does not ask the row again."""
    make_trial(at=START)
    case = erasure_cases.request(ANNA, at=START)
    somebody = SomebodyElse(lambda: erasure_cases.undo(case, at=START + days(0.99)))
    in_the_middle(somebody)

    finish()

    assert somebody.result() is False
    assert not ErasureCase.objects.exclude(undone_at=None).exists()


def hold_by_staff(client: Client) -> int:
    form = {"email": ANNA.email, "record_ids": "", "reason": "A claim.", "review_on": "2027-05-01"}
    return client.post("/admin/privacy/legalhold/add/", form).status_code


def test_a_hold_that_comes_too_late_is_not_lost(in_the_middle, admin_client) -> None:
    """Red when: the erasure deletes the hold, or staff hold what is deleted a moment later."""
    make_trial(at=START)
    erasure_cases.request(ANNA, at=START)
    somebody = SomebodyElse(lambda: hold_by_staff(admin_client))
    in_the_middle(somebody)

    finish()

    assert somebody.result() == 302
    assert LegalHold.objects.get().lifted_at is None
    assert not SignUp.objects.exists()
    [case] = ErasureCase.objects.all()
    assert case.erased_at == FINAL


def test_a_worker_leaves_a_case_on_which_staff_put_a_hold(admin_client, monkeypatch) -> None:
    """Red when: the hold is stored without a lock on the case that it stops."""
    make_trial(at=START)
    erasure_cases.request(ANNA, at=START)
    save = LegalHold.save

    def save_while_a_worker_works(hold: LegalHold, **options: Any) -> None:
        worker = SomebodyElse(lambda: erasure_cases.finish_next(FINAL))
        worker.begin()
        save(hold, **options)
        workers.append(worker)

    workers: list[SomebodyElse] = []
    monkeypatch.setattr(LegalHold, "save", save_while_a_worker_works)

    assert hold_by_staff(admin_client) == 302

    workers[0].result()
    assert SignUp.objects.exists()
    assert erasure_cases.pending().exists()


def test_a_purge_at_the_same_moment_deletes_each_row_once(in_the_middle) -> None:
    """Red when: one waits for the other, or a row is deleted by neither."""
    other = make_sign_up(email="ewa@example.com", at=START)
    make_token_of(make_sign_up(at=START), at=START)
    erasure_cases.request(ANNA, at=START)
    late = START + days(40)

    def purge_all() -> int:
        return sum(purge.purge_some(rule, at=late) for rule in purge.rules())

    somebody = SomebodyElse(purge_all)
    in_the_middle(somebody)

    finish(at=late)

    assert somebody.result() >= 1
    assert not SignUp.objects.filter(pk=other.pk).exists()
    assert not SignUp.objects.exists()


def test_a_new_link_that_is_asked_for_meanwhile_leaves_no_mail(in_the_middle) -> None:
    """Red when: the mail stays for its 90 days, although its person is gone."""
    sign_up = make_sign_up(at=START)
    erasure_cases.request(ANNA, at=START)
    somebody = SomebodyElse(lambda: actions.send_new_link(sign_up, at=FINAL))
    in_the_middle(somebody)

    finish()
    somebody.result()
    worker.work_off(FINAL)

    assert_nothing_is_left()


def test_a_link_that_the_worker_makes_meanwhile_does_not_survive(in_the_middle) -> None:
    """Red when: the token is written after the tokens of the person were found."""
    sign_up = make_sign_up(at=START)
    somebody = SomebodyElse(lambda: mails.confirmation(str(sign_up.pk), START))
    in_the_middle(somebody)

    erasure.erase(ANNA, at=FINAL)

    assert somebody.result() is None
    assert_nothing_is_left()


def test_a_withdrawal_at_the_same_moment_is_answered(in_the_middle) -> None:
    """Red when: the mail program is answered 500, or the withdrawal is lost."""
    consent = make_trial("email", at=START).consents.get()
    erasure_cases.request(ANNA, at=START)
    page = f"/darmowy-okres-probny/zgody/{consent.pk}/"
    somebody = SomebodyElse(lambda: make_client().post(page).status_code)
    in_the_middle(somebody)

    finish()

    assert somebody.result() == 200
    consent = MarketingConsent.objects.get()
    assert consent.withdrawn_at
    assert consent.sign_up_id is None


def test_somebody_who_signs_up_at_the_same_moment_stays(in_the_middle) -> None:
    """Red when: the erasure takes a sign-up that came after the request."""
    make_trial("email", at=START)
    erasure_cases.request(ANNA, at=START)
    somebody = SomebodyElse(lambda: make_sign_up(at=START + days(0.5)))
    in_the_middle(somebody)

    finish()

    later = somebody.result()
    assert [*SignUp.objects.all()] == [later]
    assert Mail.objects.filter(about=str(later.pk)).count() == 1


def test_who_confirms_while_retention_deletes_gets_an_answer(monkeypatch) -> None:
    """Red when: the two take the sign-up and its token in different orders: a deadlock."""
    sign_up = make_sign_up(at=START)
    token = make_token_of(sign_up, at=START + days(8))
    somebody = SomebodyElse(lambda: actions.confirm(token, at=START + days(8)))
    delete = purge._delete_companions

    def act_and_delete(*arguments: Any) -> None:
        somebody.begin()
        delete(*arguments)

    monkeypatch.setattr(purge, "_delete_companions", act_and_delete)
    [rule] = [rule for rule in purge.rules() if rule.key == "trial_signup 1"]

    assert purge.purge_some(rule, at=START + days(8)) == 1
    with pytest.raises(tokens.TokenRefused):
        somebody.result()
