"""What the register knows of a breach: who must still be told, what is urgent, and when it ends."""

from itertools import product

import pytest
from django.conf import settings as django_settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import override

from privacy.models import Breach, BreachNotice
from privacy.rights.breaches import breach as breaches
from privacy.rights.breaches.breach import NotReady, close, reopen, urgent
from privacy.rights.breaches.breach_notice import Addressee
from privacy.rights.breaches.clock import ClockState
from privacy.rights.breaches.reminders import reminders
from privacy.rights.map.periods import months_before
from tests.privacy.rights.breaches.rows import AWARE, hours, make_breach, make_complete, tell
from tests.privacy.rights.retention.test_purge import purge_all

pytestmark = pytest.mark.django_db

ICO, UODO, OTHER, PEOPLE = "ico", "uodo", "authority", "people"


def test_the_clock_stops_when_the_last_competent_authority_is_told() -> None:
    """Red when: telling one of two authorities ends the clock, or another addressee does."""
    breach = make_breach()
    tell(breach, PEOPLE, "police", "processor", OTHER)
    assert breach.clock.told_at is None

    tell(breach, ICO, at=AWARE + hours(2))
    assert breach.clock.told_at is None
    assert breach.untold_authorities == [Addressee.UODO]

    tell(breach, UODO, at=AWARE + hours(90))
    assert breach.clock.told_at == AWARE + hours(90)
    assert breach.clock.state(at=AWARE + hours(99)) is ClockState.TOLD_LATE


def test_more_news_to_an_authority_makes_nothing_late() -> None:
    """GDPR Art. 33(4): news may come in phases. Red when: the last notice counts, not the first."""
    breach = make_breach(is_uodo_competent=False)
    tell(breach, ICO, at=AWARE + hours(100))
    tell(breach, ICO, at=AWARE + hours(70))

    assert breach.clock.state(at=AWARE + hours(101)) is ClockState.TOLD_IN_TIME


def test_the_database_and_the_clock_agree_which_breaches_wait() -> None:
    """Red when: a breach that is overdue has no reminder, or one that is told has one."""
    for ico, uodo, risk, told in product(
        (True, False),
        (True, False),
        ("not-assessed", "unlikely", "risk", "high"),
        ((), (ICO,), (UODO,), (ICO, UODO), (OTHER,), (PEOPLE,)),
    ):
        breach = make_breach(
            is_ico_competent=ico,
            is_uodo_competent=uodo,
            is_other_competent=not ico and not uodo,
            risk=risk,
            risk_reason="Encrypted.",
        )
        if told:
            tell(breach, *told)
    at = AWARE + hours(71)

    running = {
        row.pk for row in Breach.objects.all() if row.clock.state(at=at) is ClockState.RUNNING
    }

    assert {row.pk for row in Breach.objects.waiting()} == running
    assert 20 < len(running) < Breach.objects.count() - 20
    lacking = {row.pk for row in Breach.objects.all() if row.lacks_people}
    assert {row.pk for row in Breach.objects.people_untold()} == lacking
    assert len(lacking) == 20


def test_what_is_urgent_is_what_the_officer_must_tell_in_two_days() -> None:
    running = make_breach()
    assert not urgent(at=AWARE + hours(24)).exists()
    assert [*urgent(at=AWARE + hours(24.01))] == [running]
    assert [*urgent(at=AWARE + hours(1000))] == [running]

    tell(running, ICO)
    assert [*urgent(at=AWARE + hours(1000))] == [running]
    tell(running, UODO)
    assert not urgent(at=AWARE + hours(1000)).exists()


def test_nothing_is_urgent_where_a_risk_is_unlikely_or_the_breach_is_closed() -> None:
    make_breach(risk="unlikely", risk_reason="Encrypted.")
    make_complete(closed_at=AWARE)

    assert not urgent(at=AWARE + hours(1000)).exists()


def test_what_is_overdue_is_first_and_what_is_closed_is_last() -> None:
    """Red when: the list is ordered by any column alone."""
    closed = make_complete(closed_at=AWARE + hours(9))
    told_first = make_breach(aware_at=AWARE - hours(200))
    told_last = make_breach(aware_at=AWARE + hours(3))
    for breach in (told_first, told_last):
        tell(breach, at=AWARE + hours(4))
    running = make_breach(aware_at=AWARE + hours(2))
    overdue = make_breach(aware_at=AWARE - hours(100))
    closed_later = make_complete(closed_at=AWARE + hours(10))

    rows = [*Breach.objects.order_by(*breaches.by_clock())]

    assert rows == [overdue, running, told_last, told_first, closed_later, closed]


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (47.9, None),
        (48.1, "zostały 23 godziny na zgłoszenie do organu nadzorczego (ICO, Prezes UODO)."),
        (77, "po terminie o 5 godzin. Zgłoś je teraz"),
    ],
)
def test_staff_are_reminded_when_less_than_a_day_is_left(passed: float, words: str | None) -> None:
    """Red when: the last day of a clock passes unseen."""
    make_breach()

    texts = [text.replace("\xa0", " ") for text in reminders(at=AWARE + hours(passed))]

    assert [words in text and "2026-11-27 13:00" in text for text in texts] == [True] * bool(words)


def test_staff_are_reminded_until_people_at_a_high_risk_are_told() -> None:
    """GDPR Art. 34. Red when: telling the authority ends the reminder."""
    breach = make_complete(risk="high")
    tell(breach)

    [text] = reminders(at=AWARE + hours(2))
    assert "art. 34 RODO" in text.replace("\xa0", " ")
    with override("en"):
        [text] = reminders(at=AWARE + hours(2))
        assert text.endswith("(GDPR Art. 34).")

    tell(breach, PEOPLE)
    assert [*reminders(at=AWARE + hours(9999))] == []


def test_a_reason_ends_the_reminder_to_tell_people() -> None:
    tell(make_breach(risk="high", people_not_told_reason="Art. 34(3)(a): encrypted."))

    assert [*reminders(at=AWARE + hours(9999))] == []


@pytest.mark.parametrize(
    ("fields", "told_after", "reason"),
    [
        ({"risk": "not-assessed"}, 1, "Oceń ryzyko."),
        ({"effects": ""}, 1, "Opisz skutki."),
        ({"measures": ""}, 1, "Opisz zastosowane środki."),
        ({}, None, "Zgłoś naruszenie do organu nadzorczego."),
        ({}, 73, "Podaj przyczyny opóźnienia."),
        ({"risk": "high"}, 1, "Zawiadom osoby, których dane dotyczą, albo uzasadnij"),
    ],
)
def test_a_breach_is_not_closed_before_all_is_there(fields, told_after, reason: str) -> None:
    """GDPR Art. 33(5). Red when: a register that the authority asks for has gaps."""
    breach = make_complete(**fields)
    if told_after:
        tell(breach, at=AWARE + hours(told_after))

    with pytest.raises(NotReady) as refusal:
        close(breach, at=AWARE + hours(100))

    [text] = refusal.value.reasons
    assert text.startswith(reason)
    breach.refresh_from_db()
    assert breach.closed_at is None


@pytest.mark.parametrize(
    ("fields", "told_after"),
    [
        ({}, 1),
        ({"late_reason": "Nobody could reach the office."}, 73),
        ({"risk": "unlikely", "risk_reason": "Encrypted."}, None),
        ({"risk": "high", "people_not_told_reason": "Art. 34(3)(a)."}, 1),
    ],
)
def test_a_complete_breach_is_closed_and_can_be_reopened(fields, told_after) -> None:
    breach = make_complete(**fields)
    if told_after:
        tell(breach, at=AWARE + hours(told_after))

    close(breach, at=AWARE + hours(100))
    breach.refresh_from_db()
    assert breach.closed_at == AWARE + hours(100)

    assert reopen(breach)
    assert not reopen(breach)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("began_before", {"began_at": AWARE + hours(1)}),
        ("unlikely_risk_has_reasons", {"risk": "unlikely"}),
        ("has_a_competent_authority", {"is_ico_competent": False, "is_uodo_competent": False}),
        ("closed_is_complete", {"closed_at": AWARE}),
    ],
)
def test_the_database_refuses_what_contradicts_itself(constraint: str, fields) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_breach(**fields)


def test_a_breach_and_its_notices_end_six_years_after_it_was_closed(settings) -> None:
    """Red when: a breach is kept for ever, ends earlier, or its notices keep it."""
    breach = make_complete(closed_at=AWARE)
    tell(breach)
    still_open = make_complete()
    tell(still_open)
    LogEntry.objects.create(
        user=User.objects.create_user("kasia"),
        content_type=ContentType.objects.get_for_model(Breach),
        object_id=str(breach.pk),
        object_repr="x",
        action_flag=2,
    )
    settings.HISTORY_YEARS = 99
    end = months_before(AWARE, -12 * django_settings.PROOF_YEARS)

    purge_all(end - hours(0.001))
    assert Breach.objects.count() == 2

    purge_all(end)
    assert [*Breach.objects.all()] == [still_open]
    assert {notice.breach for notice in BreachNotice.objects.all()} == {still_open}
    assert not LogEntry.objects.exists()


def test_nothing_but_retention_deletes_a_breach_with_its_notices() -> None:
    """Red when: the table of notices loses its triggers."""
    breach = make_breach()
    tell(breach)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        breach.delete()
    assert Breach.objects.exists()
