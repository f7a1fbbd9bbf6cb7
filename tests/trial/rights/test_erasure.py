"""The erasure of a person ends their trial, and tells the phone system of it."""

import pytest
from django.test import override_settings
from django.utils import translation

from delivery import worker
from privacy.rights.cases import erasure_cases
from privacy.rights.cases.erasure import preview
from privacy.rights.map.declarations import Person
from tests.factories import make_sign_up, make_trial
from tests.privacy.rights.people import START, days
from trial import actions
from trial.models import ErasureNotice, HandOver, SignUp

pytestmark = pytest.mark.django_db

ANNA = Person("anna@example.com")


@pytest.fixture(autouse=True)
def phone_system(settings) -> None:
    settings.PROVISIONING_URL = "https://phone.example.com/trials"


def effects(at=START) -> list[str]:
    with translation.override("en"):
        return [str(text) for text in preview(ANNA, at=at).effects]


def test_the_preview_says_what_happens_to_a_running_trial() -> None:
    make_trial(at=START)

    trial, account = effects()
    assert trial == "The trial, which would run until 31 March 2026, ends."
    assert account.startswith("The telephone system is told to delete the account")


def test_the_preview_says_nothing_of_a_trial_that_is_over() -> None:
    """Red when: somebody is told that a trial ends which ended long ago."""
    trial = make_trial(at=START)
    actions.end_trial(trial, at=START + days(1))

    [account] = effects(at=START + days(2))
    assert account.startswith("The telephone system is told")


def test_the_preview_says_what_staff_do_where_no_system_is_told() -> None:
    """Red when: the account that staff set up by hand outlives its person."""
    make_trial(at=START)
    HandOver.objects.all().delete()

    with translation.override("en"):
        [task] = preview(ANNA, at=START).tasks
    assert str(task).startswith("Delete the account in the telephone system")


def test_the_preview_says_nothing_of_an_account_that_was_never_set_up() -> None:
    make_sign_up(at=START)

    assert effects() == []
    assert preview(ANNA, at=START).tasks == []


def test_the_phone_system_is_told_when_the_erasure_is_final_and_not_before() -> None:
    """Red when: an undone erasure has closed the account, or nobody tells the phone system."""
    trial = make_trial(at=START)
    case = erasure_cases.request(ANNA, at=START)
    assert not ErasureNotice.objects.exists()
    erasure_cases.undo(case, at=START)
    trial.refresh_from_db()
    assert trial.is_running(at=START)

    erasure_cases.request(ANNA, at=START)
    with override_settings(PROVISIONING_URL=""):  # the phone system is not there to answer
        worker.work_off(START + days(1))

    notice = ErasureNotice.objects.get()
    assert (notice.trial_id, notice.erased_at) == (trial.pk, START + days(1))
    assert not SignUp.objects.exists()
    assert not HandOver.objects.exists()


def test_nobody_is_told_of_a_trial_that_was_never_handed_over() -> None:
    with override_settings(PROVISIONING_URL=""):
        make_trial(at=START)
        erasure_cases.request(ANNA, at=START)
        worker.work_off(START + days(1))

    assert not SignUp.objects.exists()
    assert not ErasureNotice.objects.exists()
