"""Two colleagues, and two workers, at the same moment: one answer, one mail, one digest."""

from datetime import timedelta

import pytest
from django.db import transaction

from delivery.models import Mail
from privacy.rights.requests import actions, digest
from privacy.rights.requests.actions import NotPossible
from tests.privacy.rights.requests.made import START, colleague, kinds, make_request
from tests.privacy.rights.somebody_else import SomebodyElse

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_answers_at_once_one_is_sent() -> None:
    """Red when: both read an open request, and the person gets two answers."""
    request = make_request(sends_mail=False)
    first, second = colleague("ola"), colleague("kasia")

    def answer(user, words: str) -> None:
        actions.answer(request, text=words, outcome="done", user=user, at=START)

    somebody = SomebodyElse(lambda: answer(second, "The second answer."))
    with transaction.atomic():
        answer(first, "The first answer.")
        somebody.begin()

    with pytest.raises(NotPossible):
        somebody.result()
    assert kinds(request) == ["received", "acknowledged", "answered", "closed"]
    assert request.steps.get(kind="answered").text == "The first answer."
    assert Mail.objects.count() == 1


def test_of_two_workers_one_sends_the_digest(monkeypatch) -> None:
    """Red when: each replica reminds the officer."""
    make_request(sends_mail=False)
    at = START + timedelta(days=40)
    somebody = SomebodyElse(lambda: digest.remind_daily(at))
    put_once = digest.outbox.put_once

    def put_and_let_the_other_try(**mail) -> bool:
        # The other asks in the middle of this transaction, and waits for its row on PostgreSQL.
        is_new = put_once(**mail)
        somebody.begin()
        return is_new

    monkeypatch.setattr(digest.outbox, "put_once", put_and_let_the_other_try)

    assert digest.remind_daily(at)

    assert somebody.result() is False
    assert Mail.objects.filter(kind=digest.DIGEST).count() == 1
