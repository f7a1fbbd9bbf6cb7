"""The forms of the register refuse what cannot be, and say what to do."""

from datetime import UTC, datetime

import pytest

from privacy.models import Breach, BreachNotice
from tests.pages import Page
from tests.privacy.rights.breaches.pages import (
    ADD,
    FIRST_NOTICE,
    NEW,
    NOW,
    cells,
    page_of,
    send,
)
from tests.privacy.rights.breaches.rows import hours, make_breach, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"facts": " "}, "To pole jest wymagane."),
        ({"aware_at": ""}, "To pole jest wymagane."),
        ({"aware_at": "2026-11-28T13:00"}, "Ta chwila jeszcze nie nadeszła."),
        ({"aware_at": "9999-12-31T23:59"}, "Ta chwila jeszcze nie nadeszła."),
        ({"aware_at": "0001-01-01T00:00"}, "To zbyt odległa data."),
        ({"began_at": "2026-11-28T01:00"}, "Ta chwila jeszcze nie nadeszła."),
        ({"began_at": "2026-11-27T13:01"}, "Naruszenia nie można stwierdzić"),
        ({"risk": "unlikely"}, "Uzasadnij, dlaczego ryzyko jest mało prawdopodobne."),
        ({"is_ico_competent": [], "is_uodo_competent": []}, "Zaznacz co najmniej jeden organ."),
        ({"people_number": "-1"}, "większa lub równa 0"),
        (
            {"notices-0-told_at": "2026-11-27T12:59"},
            "To wcześniej niż chwila stwierdzenia naruszenia.",
        ),
        ({"notices-0-told_at": "2026-11-28T13:00"}, "Ta chwila jeszcze nie nadeszła."),
        ({"notices-0-told_at": "0001-01-01T00:00"}, "To zbyt odległa data."),
        ({"notices-0-addressee": ""}, "To pole jest wymagane."),
        ({"notices-0-addressee": "nobody"}, "Wybierz poprawną wartość."),
        # 02:30 of this night came twice.
        ({"aware_at": "2026-10-25T02:30"}, "Europe/Warsaw"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(officer, fields, problem: str) -> None:
    """Red when: a form takes it, or answers 500."""
    errors = send(officer, ADD, **NEW | FIRST_NOTICE | fields)

    assert any(problem in error for error in errors), errors
    assert not Breach.objects.exists()
    assert not BreachNotice.objects.exists()


# 72 hours before 15:00 in Warsaw on the day of the notice.
LATE = NOW - hours(80)
TOLD_IN_TIME = FIRST_NOTICE | {"notices-0-told_at": "2026-11-27T15:00"}
TOLD_LATE = FIRST_NOTICE | {"notices-0-told_at": "2026-11-27T15:01"}


def test_a_late_notification_needs_its_reasons(officer) -> None:
    """GDPR Art. 33(1), second sentence. Red when: it is saved without them."""
    breach = make_breach(is_uodo_competent=False, aware_at=LATE)

    [error] = send(officer, page_of(breach), **TOLD_LATE)
    assert "uzupełnij pole „Przyczyny opóźnienia”" in error
    assert not BreachNotice.objects.exists()

    assert send(officer, page_of(breach), **TOLD_IN_TIME) == []
    assert cells(officer, "clock") == ["zgłoszono w terminie"]


def test_a_late_notification_with_its_reasons_keeps_them(officer) -> None:
    """Red when: the reasons can be emptied afterwards."""
    breach = make_breach(is_uodo_competent=False, aware_at=LATE)

    assert send(officer, page_of(breach), late_reason="The office was shut.", **TOLD_LATE) == []

    assert cells(officer, "clock") == ["zgłoszono po terminie"]
    [error] = send(officer, page_of(breach), late_reason="")
    assert "uzupełnij pole" in error


def test_the_moment_of_becoming_aware_cannot_pass_a_notice(officer) -> None:
    """Red when: somebody was told of a breach before we were aware of it."""
    breach = make_breach()
    tell(breach)

    [error] = send(officer, page_of(breach), aware_at="2026-11-27T14:01")
    assert "Poniżej odnotowano wcześniejsze zawiadomienie." in error
    assert send(officer, page_of(breach), aware_at="2026-11-27T14:00") == []


ODD = (
    "", "\x00", "x" * 100_000, "1" * 5000, "9" * 19, "0001-01-01T00:00", "1999-12-31", "2026-02-30T1:00",
    "9999-12-31T23:59", "10000-01-01T00:00", "0001-01-01T00:00+14:00", "2026-11-27T12:59+23:59",
    "2026-11-27T13:00Z", "2026-11-27 12:00",
)  # fmt: skip
# Fields that are odd at the same time, while all others are right.
ODD_FIELDS = (
    ("aware_at",),
    ("began_at", "notices-0-told_at"),
    ("facts", "people_number", "risk", "notices-0-addressee"),
)


def test_whatever_is_sent_is_answered_with_a_page(officer) -> None:
    """Red when: a field is used before it is checked."""
    form = Page(officer.get(ADD).content).form_fields | NEW | FIRST_NOTICE
    answers = {200: 0, 302: 0}

    for fields in ODD_FIELDS:
        for text in ODD:
            odd = dict.fromkeys(fields, text)
            answers[officer.post(ADD, form | odd).status_code] += 1

    assert answers[200] > 30
    assert answers[302] >= 2
    earliest = datetime(2000, 1, 1, tzinfo=UTC)
    assert all(earliest < row.aware_at <= NOW for row in Breach.objects.all())
