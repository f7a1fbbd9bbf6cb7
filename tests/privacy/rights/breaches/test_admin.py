"""Staff keep the register of breaches in the admin."""

import json
from typing import Any

import pytest
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.test import Client

from privacy.models import Breach, BreachNotice
from tests.pages import Page
from tests.privacy.rights.breaches.pages import (
    ADD,
    FIRST_NOTICE,
    LIST,
    NEW,
    NOW,
    cells,
    page_of,
    send,
    words,
)
from tests.privacy.rights.breaches.rows import AWARE, hours, make_breach, make_complete, tell
from tests.staff import act, make_staff, message_levels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


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
    make_breach(aware_at=AWARE - hours(5))
    make_breach(aware_at=AWARE - hours(4), risk="risk")
    make_breach(aware_at=AWARE - hours(3), risk="high")
    make_breach(aware_at=AWARE - hours(2), risk="high", people_not_told_reason="Art. 34(3)(a).")
    tell(make_breach(aware_at=AWARE - hours(1), risk="high"), "people")

    told = "zawiadomiono 27 listopada 2026 14:00"
    assert cells(officer, "people") == [
        "zależy od ryzyka",
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
        texts = [each.text for each in client.get(address).context["reminders"]]
        return [text.replace("\xa0", " ") for text in texts if "stwierdzone" in text]

    [text] = of_breaches(officer, address)
    assert "zostały 23 godziny" in text
    assert of_breaches(make_staff("view_recipient"), "/admin/") == []


def test_a_notice_is_never_changed_or_deleted_by_the_form(officer) -> None:
    """Red when: the rows below a breach are fields."""
    breach = make_breach()
    tell(breach, "ico")
    before = [*BreachNotice.objects.values()]
    [notice] = before

    forged = {
        "notices-TOTAL_FORMS": "2", "notices-INITIAL_FORMS": "1", "notices-0-id": notice["id"],
        "notices-0-breach": str(breach.pk), "notices-0-DELETE": "on", "notices-0-addressee": "police",
        "notices-0-about": "x", "notices-0-method": "email", "notices-0-told_at": "2026-11-27T20:00",
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
    assert 'name="notices-0-addressee"' not in page.text
    form = NEW | FIRST_NOTICE | {"notices-TOTAL_FORMS": "1", "notices-INITIAL_FORMS": "0"}
    assert officer.post(page_of(breach), form).status_code == 403
    breach.refresh_from_db()
    assert (breach.closed_at, breach.people_number) == (NOW, None)
    assert not BreachNotice.objects.exists()

    assert message_levels(act(officer, LIST, "reopen", breach)) == ["success"]
    assert message_levels(act(officer, LIST, "reopen", breach)) == ["warning"]
    assert send(officer, page_of(breach), people_number="7") == []


def test_a_form_that_is_sent_while_a_colleague_closes_the_breach_changes_nothing(
    officer, monkeypatch
) -> None:
    """Red when: the row is read before it is locked, so that saving it opens it again."""
    breach = make_complete(risk="unlikely", risk_reason="Encrypted.")
    form = Page(officer.get(page_of(breach)).content).form_fields | {"facts": "Other facts."}
    read = ModelAdmin.get_object

    def read_and_close(*args: Any) -> Any:
        row = read(*args)
        Breach.objects.update(closed_at=NOW)
        return row

    monkeypatch.setattr(ModelAdmin, "get_object", read_and_close)

    assert officer.post(page_of(breach), form).status_code == 403
    assert Breach.objects.get().facts == "A list was sent out."


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


def test_what_is_no_row_is_refused(officer) -> None:
    for number in ("x", "\x00", "9" * 5000):
        form = {"action": "close", "_selected_action": [number]}
        assert officer.post(LIST, form).status_code == 400
