"""Staff keep the register of breaches in the admin."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from privacy.models import Breach, BreachNotice
from privacy.roles import DATA_PROTECTION
from tests.pages import Page
from tests.privacy.rights.breaches.rows import AWARE, hours, make_breach, make_complete, tell
from tests.staff import act, make_staff, message_levels

pytestmark = pytest.mark.django_db

LIST = reverse("admin:privacy_breach_changelist")
ADD = reverse("admin:privacy_breach_add")
# Ten hours after the breach was noticed: 23:00 in Warsaw.
NOW = AWARE + hours(10)
FIRST_NOTICE = {
    "notices-0-addressee": "ico", "notices-0-method": "form", "notices-0-about": "All. Case 7/2026.",
    "notices-0-told_at_0": "2026-11-27", "notices-0-told_at_1": "22:00:00",
}  # fmt: skip
NEW = {
    "facts": "A list was sent out.", "aware_at_0": "2026-11-27", "aware_at_1": "13:00:00",
    "people_number": "120",
}  # fmt: skip


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def officer(django_user_model) -> Client:
    """A colleague of the group that protects data, and nothing more."""
    user = django_user_model.objects.create_user("officer", is_staff=True)
    user.groups.add(Group.objects.get(name=DATA_PROTECTION))
    client = Client()
    client.force_login(user)
    return client


def page_of(breach: Breach, page: str = "change") -> str:
    return reverse(f"admin:privacy_breach_{page}", args=[breach.pk])


def send(officer: Client, address: str, **fields: Any) -> list[str]:
    """Send the form of a page with these fields. Returns the errors; empty where it was saved."""
    form = Page(officer.get(address).content).form_fields
    response = officer.post(address, form | fields)
    if response.status_code == 302:
        return []
    assert response.status_code == 200
    lists = [e for e in Page(response.content).all("ul") if "errorlist" in e.classes]
    assert lists
    return [" ".join(each.text.split()) for each in lists]


def words(response: Any) -> str:
    return " ".join(Page(response.content).one("html").text.split())


def cells(officer: Client, name: str) -> list[str]:
    page = Page(officer.get(LIST).content)
    return [e.text for e in page.elements if f"field-{name}" in e.classes and e.tag in ("td", "th")]


def test_the_officer_writes_a_breach_and_who_was_told_in_one_form(officer) -> None:
    """Red when: the group lacks a permission, or a field of the form is lost."""
    assert send(officer, ADD, **NEW, **FIRST_NOTICE) == []

    breach = Breach.objects.get()
    assert (breach.aware_at, breach.people_number, breach.risk) == (AWARE, 120, "not-assessed")
    notice = BreachNotice.objects.get()
    assert (notice.breach, notice.addressee, notice.told_at) == (breach, "ico", AWARE + hours(9))
    assert notice.noted_at == NOW
    page = words(officer.get(page_of(breach)))
    assert "zostały 62 godziny" in page
    assert "30 listopada 2026" in page
    assert "ICO: zawiadomiono 27 listopada 2026" in page
    assert "Prezes UODO: jeszcze nie zawiadomiono" in page


def test_the_list_begins_with_what_is_overdue(officer) -> None:
    told = make_breach(aware_at=AWARE - hours(90))
    tell(told, at=AWARE - hours(80))
    make_breach()
    make_breach(aware_at=AWARE - hours(100))
    make_breach(risk="unlikely", risk_reason="Encrypted.", aware_at=AWARE - hours(300))

    assert cells(officer, "clock") == [
        "po terminie o 38 godzin",
        "zostały 62 godziny",
        "zgłoszono w terminie",
        "zgłoszenie nie jest wymagane",
    ]


def test_the_list_says_whether_the_people_were_told(officer) -> None:
    """GDPR Art. 34. Red when: a high risk looks like any other."""
    make_breach(aware_at=AWARE - hours(4))
    make_breach(aware_at=AWARE - hours(3), risk="high")
    make_breach(aware_at=AWARE - hours(2), risk="high", people_not_told_reason="Art. 34(3)(a).")
    tell(make_breach(aware_at=AWARE - hours(1), risk="high"), "people")

    told = "zawiadomiono 27 listopada 2026 14:00"
    assert cells(officer, "people") == [
        "nie trzeba zawiadamiać",
        "jeszcze nie zawiadomiono",
        "nie zawiadomiono, podano powód",
        told,
    ]


@pytest.mark.parametrize("address", ["/admin/", LIST])
def test_a_clock_with_less_than_a_day_left_is_named(officer, address: str) -> None:
    """Red when: the room is not among the reminders, or its list shows none."""
    make_breach(aware_at=NOW - hours(49))

    def of_breaches(client: Client, address: str) -> list[str]:
        texts = client.get(address).context["reminders"]
        return [text.replace("\xa0", " ") for text in texts if "stwierdzone" in text]

    [text] = of_breaches(officer, address)
    assert "zostały 23 godziny" in text
    assert of_breaches(make_staff("view_recipient"), "/admin/") == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"facts": " "}, "To pole jest wymagane."),
        ({"aware_at_0": ""}, "To pole jest wymagane."),
        ({"aware_at_0": "2026-11-28"}, "Ta chwila jeszcze nie nadeszła."),
        ({"aware_at_0": "9999-12-31"}, "Ta chwila jeszcze nie nadeszła."),
        ({"aware_at_0": "0001-01-01", "aware_at_1": "00:00:00"}, "To zbyt odległa data."),
        ({"began_at_0": "2026-11-28", "began_at_1": "1:00"}, "Ta chwila jeszcze nie nadeszła."),
        ({"began_at_0": "2026-11-27", "began_at_1": "13:01"}, "Naruszenia nie można stwierdzić"),
        ({"risk": "unlikely"}, "Uzasadnij, dlaczego ryzyko jest mało prawdopodobne."),
        ({"is_ico_competent": [], "is_uodo_competent": []}, "Zaznacz co najmniej jeden organ."),
        ({"people_number": "-1"}, "większa lub równa 0"),
        ({"notices-0-told_at_1": "12:59"}, "To wcześniej niż chwila stwierdzenia naruszenia."),
        ({"notices-0-told_at_0": "2026-11-28"}, "Ta chwila jeszcze nie nadeszła."),
        ({"notices-0-told_at_0": "0001-01-01"}, "To zbyt odległa data."),
        ({"notices-0-addressee": ""}, "To pole jest wymagane."),
        ({"notices-0-addressee": "nobody"}, "Wybierz poprawną wartość."),
        # 02:30 of this night came twice.
        ({"aware_at_0": "2026-10-25", "aware_at_1": "2:30"}, "Europe/Warsaw"),
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
TOLD_IN_TIME = FIRST_NOTICE | {"notices-0-told_at_1": "15:00:00"}
TOLD_LATE = FIRST_NOTICE | {"notices-0-told_at_1": "15:00:01"}


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

    [error] = send(officer, page_of(breach), aware_at_1="14:00:01")
    assert "Poniżej odnotowano wcześniejsze zawiadomienie." in error
    assert send(officer, page_of(breach), aware_at_1="14:00:00") == []


def test_a_notice_is_never_changed_or_deleted_by_the_form(officer) -> None:
    """Red when: the rows below a breach are fields."""
    breach = make_breach()
    tell(breach, "ico")
    before = [*BreachNotice.objects.values()]
    [notice] = before

    forged = {
        "notices-TOTAL_FORMS": "2", "notices-INITIAL_FORMS": "1", "notices-0-id": notice["id"],
        "notices-0-breach": str(breach.pk), "notices-0-DELETE": "on", "notices-0-addressee": "police",
        "notices-0-about": "x", "notices-0-method": "email", "notices-0-told_at_0": "2026-11-27",
        "notices-0-told_at_1": "20:00",
    }  # fmt: skip
    assert send(officer, page_of(breach), facts="New facts.", **forged) == []

    assert [*BreachNotice.objects.values()] == before
    assert Breach.objects.get().facts == "New facts."


def test_each_change_is_in_the_history(officer) -> None:
    """Red when: nobody can tell who changed what."""
    send(officer, ADD, **NEW)
    breach = Breach.objects.get()
    send(officer, page_of(breach), effects="Spam.", measures="A call.", **FIRST_NOTICE)
    Breach.objects.update(risk="unlikely", risk_reason="Encrypted.")
    act(officer, LIST, "close", breach)
    act(officer, LIST, "reopen", breach)

    entries = [*LogEntry.objects.order_by("pk")]
    added, changed, closed, reopened = [entry.change_message for entry in entries]
    assert json.loads(added) == [{"added": {}}]
    [fields, notice] = json.loads(changed)
    assert len(fields["changed"]["fields"]) == 2
    assert notice["added"]["object"] == "ICO 2026-11-27 22:00"
    assert (closed, reopened) == ("Zamknięto naruszenie.", "Ponownie otwarto naruszenie.")
    assert {entry.user.username for entry in entries} == {"officer"}


def test_a_closed_breach_is_read_only_until_it_is_reopened(officer) -> None:
    """Red when: the facts of a closed breach can be rewritten, or a notice added to it."""
    breach = make_complete(risk="unlikely", risk_reason="Encrypted.")
    assert message_levels(act(officer, LIST, "close", breach)) == ["success"]

    page = officer.get(page_of(breach))
    assert 'name="_save"' not in page.text
    assert 'name="facts"' not in page.text
    form = NEW | FIRST_NOTICE | {"notices-TOTAL_FORMS": "1", "notices-INITIAL_FORMS": "0"}
    assert officer.post(page_of(breach), form).status_code == 403
    breach.refresh_from_db()
    assert (breach.closed_at, breach.people_number) == (NOW, None)
    assert not BreachNotice.objects.exists()

    assert message_levels(act(officer, LIST, "reopen", breach)) == ["success"]
    assert message_levels(act(officer, LIST, "reopen", breach)) == ["warning"]
    assert send(officer, page_of(breach), people_number="7") == []


def test_a_breach_that_lacks_something_stays_open_and_staff_read_why(officer) -> None:
    """Red when: one that is not ready keeps others open, or is closed with them."""
    ready = make_complete(risk="unlikely", risk_reason="Encrypted.")
    unready = make_breach(aware_at=AWARE - hours(1))

    response = act(officer, LIST, "close", ready, unready)

    assert message_levels(response) == ["error", "success"]
    text = words(response)
    assert "Naruszenie stwierdzone 2026-11-27 12:00 pozostaje otwarte. Oceń ryzyko. Opisz" in text
    assert "Zamknięto: 1." in text
    assert {*Breach.objects.filter(closed_at=None)} == {unready}
    assert message_levels(act(officer, LIST, "close", ready)) == ["warning"]


def test_nobody_deletes_a_breach(admin_client) -> None:
    """Red when: a superuser can take a breach out of the register."""
    breach = make_breach()

    assert admin_client.post(page_of(breach, "delete"), {"post": "yes"}).status_code == 403
    form = {"action": "delete_selected", "_selected_action": [str(breach.pk)], "post": "yes"}
    admin_client.post(LIST, form)

    assert Breach.objects.exists()


def test_a_colleague_who_may_only_look_changes_nothing() -> None:
    breach = make_complete(risk="unlikely", risk_reason="Encrypted.")
    client = make_staff("view_breach", "view_breachnotice")

    assert client.get(page_of(breach)).status_code == 200
    assert 'name="facts"' not in client.get(page_of(breach)).text
    assert client.post(page_of(breach), NEW).status_code == 403
    assert client.get(ADD).status_code == 403
    act(client, LIST, "close", breach)
    assert Breach.objects.get().closed_at is None


def test_a_colleague_of_another_group_sees_nothing() -> None:
    breach = make_breach()
    client = make_staff("view_recipient", "change_recipient")

    for address in (LIST, ADD, page_of(breach), page_of(breach, "history")):
        assert client.get(address).status_code == 403


ODD = (
    "", "\x00", "x" * 100_000, "1" * 5000, "9" * 19, "0001-01-01", "1999-12-31", "2026-02-30",
    "9999-12-31", "10000-01-01", "24:61", "00:00",
)  # fmt: skip
ODD_FIELDS = (
    "facts", "aware_at_0", "aware_at_1", "began_at_0", "people_number", "risk",
    "notices-0-told_at_0", "notices-0-addressee",
)  # fmt: skip


def test_whatever_is_sent_is_answered_with_a_page(officer) -> None:
    """Red when: a field is used before it is checked."""
    form = Page(officer.get(ADD).content).form_fields | NEW | FIRST_NOTICE
    answers = {200: 0, 302: 0}

    for field in ODD_FIELDS:
        for text in ODD:
            answers[officer.post(ADD, form | {field: text}).status_code] += 1

    assert answers[200] > 60
    assert answers[302] > 5
    earliest = datetime(2000, 1, 1, tzinfo=UTC)
    assert all(earliest < row.aware_at <= NOW for row in Breach.objects.all())


def test_what_is_no_row_is_refused(officer) -> None:
    for number in ("x", "\x00", "9" * 5000):
        form = {"action": "close", "_selected_action": [number]}
        assert officer.post(LIST, form).status_code == 400
