"""Two clicks at the same moment: one outcome (I17)."""

import pytest
import time_machine
from django.test import Client

from delivery.models import Token
from privacy.models import DataRequest, ErasureCase
from privacy.rights.cases import restrictions
from privacy.rights.your_data import data_link
from tests.privacy.rights.people import START
from tests.privacy.rights.somebody_else import SomebodyElse, beginning_at_step
from tests.privacy.rights.your_data.buttons import (
    BUTTONS,
    EMAIL,
    IDS,
    Button,
    at_each_step,
    click,
    prepare,
)
from tests.privacy.rights.your_data.open_pages import make_link
from trial.models import SignUp

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def phone_system(settings) -> None:
    settings.PROVISIONING_URL = "https://phone.example.com/trials"


@pytest.mark.parametrize("button", BUTTONS, ids=IDS)
def test_two_clicks_at_once_have_one_outcome(button: Button) -> None:
    """The second begins before each row that the first locks or writes. Red when: an action decides before
    it has its turn; and for “close”, when the view does not expect that the page has ended."""

    def run(number: int) -> bool:
        with time_machine.travel(START, tick=False):
            page = prepare()
            button.before()
            address, form = button.address(page), button.form()
            second = SomebodyElse(lambda: click(address, form))
            with beginning_at_step(number, second) as begun:
                status = click(address, form)
            if not begun:
                return False
            assert sorted([status, second.result()]) == sorted(button.statuses)
        assert set(button.rows().values()) == {1}, (button.rows(), number)
        return True

    assert at_each_step(run) >= 1


def test_an_erasure_is_undone_once_and_its_request_is_taken_back() -> None:
    """Red when: the request stays “done as asked”, or the second click undoes it again."""

    def run(number: int) -> bool:
        with time_machine.travel(START, tick=False):
            page = prepare()
            click(f"{page}erase/", {})
            answers: list[str] = []

            def undo() -> None:
                answers.append(Client().post(f"{page}choose/", {"do": "undo"})["Location"])

            second = SomebodyElse(undo)
            with beginning_at_step(number, second) as begun:
                undo()
            if not begun:
                return False
            second.result()
        assert sorted(answer.rpartition("=")[2].removesuffix("#done") for answer in answers) == [
            "too-late",
            "undone",
        ]
        assert DataRequest.objects.get().outcome == DataRequest.Outcome.TAKEN_BACK
        assert ErasureCase.objects.exclude(undone_at=None).count() == 1
        return True

    assert at_each_step(run) >= 2


def test_a_link_that_is_opened_twice_at_once_opens_one_page() -> None:
    """I15. Red when: the token is read without the condition in its UPDATE."""

    def run(number: int) -> bool:
        prepare()
        path = make_link(EMAIL, at=START)
        Token.objects.filter(purpose=data_link.PAGE).delete()
        with time_machine.travel(START, tick=False):
            second = SomebodyElse(lambda: click(path, {}))
            with beginning_at_step(number, second) as begun:
                status = click(path, {})
            if not begun:
                return False
            assert sorted([status, second.result()]) == [303, 410]
        assert Token.objects.filter(purpose=data_link.PAGE).count() == 1
        return True

    assert at_each_step(run) >= 2


def test_the_link_that_unsubscribes_restricts_once() -> None:
    """Red when: the page of consents acts without a turn."""

    def run(number: int) -> bool:
        page = prepare()
        consent = SignUp.objects.get().consents.get(channel="email")
        path = f"/en/free-trial/consents/{consent.pk}/"
        with time_machine.travel(START, tick=False):
            # One click there, one on the page with the person's data.
            second = SomebodyElse(lambda: click(f"{page}choose/", {"do": "restrict"}))
            with beginning_at_step(number, second) as begun:
                status = click(path, {"do": "restrict"})
            if not begun:
                return False
            assert (status, second.result()) == (200, 303)
        assert restrictions.standing().count() == DataRequest.objects.count() == 1
        return True

    assert at_each_step(run) >= 2
