"""The mail of the day to the officer, and the sentences in the admin: nothing is forgotten."""

from datetime import datetime, timedelta

import pytest

from content.company import COMPANY
from delivery import worker
from delivery.models import Mail
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions, digest
from tests.privacy.rights.breaches.rows import make_breach
from tests.privacy.rights.requests.made import (
    START,
    WARSAW,
    colleague,
    letters,
    make_complaint_by_letter,
    make_request,
)
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


def days(number: float) -> timedelta:
    return timedelta(days=number)


def digests() -> list[Mail]:
    return [*Mail.objects.filter(kind=digest.DIGEST).order_by("created_at")]


def test_the_mail_says_what_is_late_what_is_due_and_what_is_unacknowledged() -> None:
    """Red when: a section is missing, or a request that has time is named."""
    late = make_request(at=START, sends_mail=False)
    soon = make_request("erasure", at=START + days(10), sends_mail=False)
    complaint = make_complaint_by_letter(at=START + days(12), text="Anna Nowak, Łódź")
    new = make_request(at=START + days(20), sends_mail=False)
    at = START + days(35)

    assert digest.remind_daily(at)

    [letter] = letters(at)
    assert letter.to == COMPANY["dpo_email"]
    assert letter.subject.replace("\xa0", " ") == "Wnioski i skargi osób: co trzeba zrobić"
    text = letter.text.replace("\xa0", " ")
    assert (
        f"- {late.reference}, dostęp (art. 15): odpowiedź do 4 czerwca 2026 (4 dni po terminie)"
        in text
    )
    assert (
        f"- {soon.reference}, usunięcie (art. 17): odpowiedź do 14 czerwca 2026 (zostało 6 dni)"
        in text
    )
    assert (
        f"- {complaint.reference}, skarga: potwierdzenie wpływu do 14 czerwca 2026 (zostało 6 dni); "
        "wynik do 16 czerwca 2026 (zostało 8 dni)" in text
    )
    assert new.reference not in text
    assert "/admin/privacy/datarequest/\n" in text


def test_nobody_is_named_in_the_mail() -> None:
    """Red when: the mail has the address or the words of a person."""
    make_request(text="Anna Nowak, ul. Prosta 1", sends_mail=False)
    at = START + days(40)
    digest.remind_daily(at)

    [letter] = letters(at)
    assert "Nowak" not in letter.text
    assert "anna@" not in letter.text


def test_one_mail_a_day_and_the_next_one_on_the_next_day() -> None:
    """Red when: every loop of the worker sends one."""
    make_request(sends_mail=False)
    late = START + days(40)

    assert [digest.remind_daily(late + timedelta(hours=hour)) for hour in range(3)] == [
        True,
        False,
        False,
    ]
    make_request(at=START + days(1), sends_mail=False)
    assert not digest.remind_daily(late + timedelta(hours=4))
    assert digest.remind_daily(late + days(1))

    assert [mail.about for mail in digests()] == ["2026-06-13", "2026-06-14"]


@pytest.mark.parametrize("text", ["2026-03-29", "2026-10-25", "2028-02-29", "2026-03-31"])
def test_the_mail_comes_in_the_morning_also_when_the_hour_changes(text: str) -> None:
    """Red when: a day with 23 or 25 hours has none, or two."""
    make_request(at=datetime(2026, 1, 1, 12, tzinfo=WARSAW), sends_mail=False)
    day = datetime.fromisoformat(text).replace(tzinfo=WARSAW)
    moments = [day.replace(hour=hour, minute=minute) for hour in range(24) for minute in (0, 59)]

    sent = [moment for moment in moments if digest.remind_daily(moment)]

    assert sent == [day.replace(hour=digest.FROM_HOUR)]


def test_the_worker_sends_it() -> None:
    """Red when: the job is not registered."""
    make_request(sends_mail=False)

    worker.work(START + days(40))

    assert len(digests()) == 1


def test_nothing_is_sent_where_nothing_is_to_be_done() -> None:
    make_request(sends_mail=False)
    closed = make_request(at=START - days(90), person=Person("ewa@example.com"), sends_mail=False)
    actions.answer(closed, text="x", outcome="done", user=colleague(), at=START)
    paused = make_request(at=START - days(20), person=Person("ola@example.com"), sends_mail=False)
    actions.pause(paused, reason="x", user=colleague(), at=START)

    assert not digest.remind_daily(START)
    assert digests() == []
    assert [*digest.reminders(at=START)] == []


def test_what_was_done_before_the_mail_was_sent_is_not_in_it() -> None:
    request = make_request(sends_mail=False)
    at = START + days(40)
    digest.remind_daily(at)
    assert len(letters(at)) == 1

    actions.answer(request, text="x", outcome="done", user=colleague(), at=at)

    assert digest.write(str(at.date()), at) is None


def test_a_complaint_is_named_after_twenty_days() -> None:
    """Red when: the officer learns of it when its 30 days are over."""
    make_complaint_by_letter()

    assert not digest.remind_daily(START + days(20))
    assert digest.remind_daily(START + days(21))


def test_the_admin_says_it_on_its_first_page_and_above_the_list(
    admin_client, run_of_retention, time_machine
) -> None:
    """Red when: staff must open each request to see its clock."""
    make_request(sends_mail=False)
    make_request(at=START + days(5), person=Person("ewa@example.com"), sends_mail=False)
    make_complaint_by_letter(at=START + days(30))
    time_machine.move_to(START + days(33), tick=False)

    for page in ("/admin/", "/admin/privacy/datarequest/"):
        reminders = admin_client.get(page).context["reminders"]
        found = [each.text.replace("\xa0", " ") for each in reminders]
        # The first version of the policy comes first, while nobody has approved it.
        assert found[-3:] == [
            "1 odpowiedź jest po terminie. Odpowiedz teraz.",
            "Termin 1 odpowiedzi mija w ciągu siedmiu dni.",
            "Nie potwierdzono wpływu 1 skargi: prawo daje na to 30 dni.",
        ]


def test_staff_without_the_permission_read_no_reminder(time_machine) -> None:
    make_request(sends_mail=False)
    time_machine.move_to(START + days(33), tick=False)

    assert make_staff("view_signup").get("/admin/").context["reminders"] == []


def test_a_breach_whose_clock_runs_is_in_the_mail_and_nothing_of_it_but_its_moment() -> None:
    """GDPR Art. 33(1). Red when: the officer must open the admin to learn of it."""
    breach = make_breach(aware_at=START - timedelta(hours=30), facts="The laptop of Anna Nowak.")
    assert digest.remind_daily(START)
    [letter] = letters(START)
    text = letter.text.replace("\xa0", " ")
    assert f"- {breach}, zostały 42 godziny" in text
    assert "Anna Nowak" not in text
