"""What a person does while their erasure becomes final: it is done whole, or not at all (I20)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from delivery.models import Token
from privacy.models import DataRequest, ErasureCase, Restriction
from privacy.rights.cases import erasure_cases
from privacy.rights.map.declarations import Fate
from privacy.rights.map.register import all_declared
from tests.privacy.rights.people import START
from tests.privacy.rights.somebody_else import SomebodyElse, beginning_at_step
from tests.privacy.rights.your_data.buttons import (
    ANNA,
    BUTTONS,
    EMAIL,
    Button,
    at_some_steps,
    click,
    prepare,
)
from tests.privacy.rights.your_data.open_pages import make_link, make_page
from trial.models import SignUp

pytestmark = pytest.mark.django_db(transaction=True)

FINAL = START + erasure_cases.TIME_TO_UNDO
# A worker whose clock is a second ahead of the person's.
LAST_SECOND = FINAL - timedelta(seconds=1)


@pytest.fixture(autouse=True)
def places(settings, tmp_path) -> None:
    settings.STATE_DIR = tmp_path
    settings.PROVISIONING_URL = "https://phone.example.com/trials"


def assert_nothing_is_left() -> None:
    """Nothing of the person but open requests and what stands for what came later."""
    for data in all_declared():
        if data.on_erasure.fate is not Fate.KEPT and data.model is not Restriction:
            affected = (data.on_erasure.rows or data.rows_of)(ANNA)
            assert not affected.exists(), (data.table, affected.values())
    assert not DataRequest.objects.filter(email=EMAIL, closed_at__isnull=False).exists()
    assert not SignUp.objects.exists()


def finish() -> bool:
    return erasure_cases.finish_next(FINAL)


def with_an_erasure_in_its_last_second() -> str:
    """A page that was opened again in the last hour."""
    page = prepare()
    with time_machine.travel(START, tick=False):
        click(f"{page}erase/", {})
    with time_machine.travel(LAST_SECOND, tick=False):
        return make_page(EMAIL, at=LAST_SECOND)


# A second click on “erase” has no step that a worker could come before.
ACTS = [(button, True) for button in BUTTONS]
ACTS += [(button, False) for button in BUTTONS if button.name != "erase"]


@pytest.mark.parametrize(
    ("button", "is_worker_first"),
    ACTS,
    ids=[f"{button.name}-{'worker' if is_first else 'person'}" for button, is_first in ACTS],
)
def test_whoever_acts_while_an_erasure_becomes_final_leaves_nothing(
    button: Button, is_worker_first: bool, log_lines
) -> None:
    """Red when: an action writes rows of somebody who is gone, answers 500, or a deadlock arises."""

    def run(number: int) -> bool:
        page = with_an_erasure_in_its_last_second()
        button.before()
        address, form = button.address(page), button.form()
        acts = [finish, lambda: click(address, form)]
        first, second = acts if is_worker_first else reversed(acts)
        with time_machine.travel(LAST_SECOND, tick=False):
            somebody = SomebodyElse(second)
            with beginning_at_step(number, somebody) as begun:
                result = first()
            if not begun:
                return False
            results = [result, somebody.result()]
        finished, status = results if is_worker_first else reversed(results)
        assert status in {200, 303, 404, 410}, number
        # A worker that met a lock of the person waits, and is not put off.
        assert finished is True
        assert ErasureCase.objects.filter(erased_at=FINAL).count() == 1
        assert_nothing_is_left()
        return True

    assert at_some_steps(run) >= 1
    assert "could not be made final" not in str(log_lines)


@pytest.mark.parametrize("is_worker_first", [True, False], ids=["worker", "person"])
def test_an_undo_in_the_last_second_keeps_everything_or_comes_too_late(is_worker_first) -> None:
    """Red when: both believe that they were first."""

    def run(number: int) -> bool:
        page = with_an_erasure_in_its_last_second()
        acts = [finish, lambda: Client().post(f"{page}choose/", {"do": "undo"})]
        first, second = acts if is_worker_first else reversed(acts)
        with time_machine.travel(LAST_SECOND, tick=False):
            somebody = SomebodyElse(second)
            with beginning_at_step(number, somebody) as begun:
                result = first()
            if not begun:
                return False
            results = [result, somebody.result()]
        _finished, response = results if is_worker_first else reversed(results)
        is_undone = "undone" in response.headers.get("Location", "")
        assert SignUp.objects.exists() is is_undone
        assert ErasureCase.objects.exclude(undone_at=None).exists() is is_undone
        assert ErasureCase.objects.exclude(erased_at=None).exists() is not is_undone
        if not is_undone:
            # The page may have ended before the button was read, or between the token and its link.
            is_told = "too-late" in response.headers.get("Location", "")
            assert is_told or response.status_code in {404, 410}
            assert_nothing_is_left()
        return True

    assert at_some_steps(run) >= 1


def test_the_link_opened_while_an_erasure_becomes_final_opens_nothing(log_lines) -> None:
    """Red when: a page stays open whose person is gone."""

    def run(number: int) -> bool:
        with_an_erasure_in_its_last_second()
        path = make_link(EMAIL, at=LAST_SECOND)
        with time_machine.travel(LAST_SECOND, tick=False):
            somebody = SomebodyElse(finish)
            with beginning_at_step(number, somebody) as begun:
                status = click(path, {})
            if not begun:
                return False
            assert somebody.result() is True
            assert status in {303, 404, 410}
        assert_nothing_is_left()
        assert not Token.objects.exists()
        return True

    assert at_some_steps(run) >= 2
    assert "could not be made final" not in str(log_lines)
