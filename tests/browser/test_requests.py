"""Staff work on a request in Chromium: typed in, paused, resumed, extended, answered after a preview."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from delivery.models import Mail
from privacy.models import DataRequest
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions
from tests.browser.test_erasure import NewColleague, new_colleague, press
from tests.browser.test_staff_login import problems_on_phone_and_desk
from tests.factories import make_trial
from tests.privacy.rights.requests.made import colleague, make_complaint_by_letter, make_request
from tests.run_once import acts_in_the_browser

# tests/privacy/rights/requests/staff has the same steps without a browser, on both databases.
pytestmark = acts_in_the_browser

__all__ = ["new_colleague"]  # fixtures

LIST = "/admin/privacy/datarequest/"


def take(page: Page, step: str, words: str = "") -> None:
    """Open the form of a step, fill it in and send it."""
    form = page.locator("details", has=page.locator(f"input[name=step][value={step}]"))
    form.locator("summary").click()
    if words:
        form.locator("textarea").fill(words)
    with page.expect_navigation():
        form.locator("button").click()


def clock(page: Page) -> str:
    return page.locator(".clocks strong").inner_text().replace("\xa0", " ")


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_letter_from_its_receipt_to_the_answer(
    new_colleague: NewColleague, has_javascript: bool
) -> None:
    """Red when: a step needs a script, or a page of it is unreadable on a phone."""
    visitor = new_colleague(has_javascript=has_javascript)
    page = visitor.page

    problems: list[str] = []

    def look() -> None:
        # axe is a script.
        problems.extend(problems_on_phone_and_desk(page) if has_javascript else [])

    visitor.open(f"{LIST}add/")
    page.get_by_label("Dzień wpływu").fill(str(timezone.localdate() - timedelta(days=2)))
    page.get_by_label("Czego dotyczy").select_option("access")
    page.get_by_label("Co ta osoba napisała").fill("Please send me my data. Jan Kowalski, Gdańsk")
    page.get_by_label("Adres e-mail:", exact=True).fill("JAN@example.com")
    look()
    press(page, ".submit-row .default")
    request = DataRequest.objects.get()
    assert page.locator(".messagelist .success").count() == 1
    assert clock(page).startswith(("zostało", "zostały"))
    look()

    take(page, "paused", "The letter has no signature. Which company do you work for?")
    assert clock(page).startswith("termin nie biegnie od")
    look()
    take(page, "resumed")
    assert clock(page).startswith(("zostało", "zostały"))
    take(page, "extended", "Your data is in three systems.")
    assert clock(page).endswith("przedłużono")
    take(page, "verified", "He called back from the number of his company.")

    page.get_by_label("Wynik", exact=True).select_option("refused")
    press(page, ".begin button")
    words = page.get_by_label("Odpowiedź:", exact=True)
    assert "[… powód]" in words.input_value()
    visitor.expect_status(422)
    press(page, "button[value=preview]")
    assert "Uzupełnij albo usuń" in page.locator(".errorlist").inner_text()
    visitor.expect_status(200)
    words.fill(words.input_value().replace("[… powód]", "nie mamy tych danych."))
    press(page, "button[value=preview]")
    letter = page.locator(".letter-page")
    assert "nie mamy tych danych." in letter.inner_text()
    assert "uodo.gov.pl" in letter.inner_text()
    assert DataRequest.objects.get().is_open
    look()

    press(page, "button[value=send]")
    assert "Odpowiedź jest w" in page.locator(".messagelist .success").inner_text()
    request.refresh_from_db()
    assert request.outcome == "refused"
    assert Mail.objects.filter(kind=actions.STEP).count() == 3
    look()

    visitor.open(LIST)
    page.get_by_label("Numer sprawy lub adres e-mail").fill("jan@example.com")
    press(page, "[role=search] [type=submit]")
    assert page.url.endswith(f"{request.pk}/change/")
    assert problems == []


def test_every_page_of_a_request_is_readable(new_colleague: NewColleague) -> None:
    """Red when: a page breaks a rule of axe, or is wider than a phone."""
    now = timezone.now()
    make_trial("email")
    late = make_request(at=now - timedelta(days=40), is_verified=True)
    complaint = make_complaint_by_letter(at=now - timedelta(days=29), text="Jan " * 60)
    closed = make_request(person=Person("ewa@example.com"), at=now)
    by_letter = make_complaint_by_letter(at=now, text="Ewa")
    for request in (closed, by_letter):
        actions.answer(request, text="Hello.", outcome="done", user=colleague("kasia"), at=now)
    letter = by_letter.steps.get(kind="answered")
    visitor = new_colleague()
    problems = []

    def look(page: Page) -> None:
        problems.extend(f"{page.url}: {each}" for each in problems_on_phone_and_desk(page))

    for path in (
        LIST,
        *(f"{LIST}{request.pk}/change/" for request in (late, complaint, closed, by_letter)),
        f"{LIST}{late.pk}/answer/?outcome=done",
        f"{LIST}{by_letter.pk}/letter/{letter.pk}/",
    ):
        visitor.open(path)
        look(visitor.page)
    visitor.open(f"{LIST}{late.pk}/change/")
    press(visitor.page, "form[action$='/print/'] button")
    look(visitor.page)
    visitor.open(f"{LIST}add/")
    page = visitor.page
    page.get_by_label("Dzień wpływu").fill(str(timezone.localdate() + timedelta(days=2)))
    page.get_by_label("Czego dotyczy").select_option("access")
    page.get_by_label("Co ta osoba napisała").fill("Jan")
    visitor.expect_status(422)
    press(page, ".submit-row .default")
    look(visitor.page)

    assert problems == []
