"""The sign-up form with and without JavaScript: errors, keyboard, typed values, honeypot."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.public_pages import LANGUAGES, path_of
from tests.browser.trial_steps import (
    BUTTON,
    PERSON,
    leave_by,
    minutes_ago,
    open_form,
    send,
    type_in,
)
from tests.browser.visitor import Visitor
from tests.run_once import acts_in_the_browser
from trial.models import SignUp

pytestmark = acts_in_the_browser

WITH_AND_WITHOUT_JAVASCRIPT = pytest.mark.parametrize(
    "has_javascript", [True, False], ids=["javascript", "no-javascript"]
)
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
FOCUSED = "document.activeElement.id || document.activeElement.getAttribute('href')"


@IN_BOTH_LANGUAGES
@WITH_AND_WITHOUT_JAVASCRIPT
def test_the_summary_of_errors_has_the_focus_and_links_to_the_fields(
    new_visitor: NewVisitor, has_javascript: bool, language: str
) -> None:
    """Red when: the summary loses `autofocus` or its tabindex; an error links to an id that its
    field does not have; the title does not say that there is an error."""
    visitor = new_visitor(has_javascript=has_javascript)
    open_form(visitor, language)
    type_in(visitor, email="zofia", company="", phone="12", consents=True)
    send(visitor, status=422)

    assert visitor.page.title().startswith("Błąd: " if language == "pl" else "Error: ")
    assert visitor.page.evaluate("document.activeElement.className") == "wrong"
    for name in ("email", "company", "phone"):
        field = visitor.page.locator(f"#{name}")
        assert field.get_attribute("aria-invalid") == "true"
        described = [
            visitor.page.locator(f"[id='{part}']").inner_text()
            for part in str(field.get_attribute("aria-describedby")).split()
        ]
        link = visitor.page.locator(f".wrong a[href='#{name}']")
        assert described[-1] == link.inner_text()
        link.press("Enter")
        assert visitor.page.evaluate("document.activeElement.id") == name


@WITH_AND_WITHOUT_JAVASCRIPT
def test_an_error_keeps_all_typed_values(new_visitor: NewVisitor, has_javascript: bool) -> None:
    """Red when: a field or a box of _form.html is rendered without its value."""
    visitor = new_visitor(has_javascript=has_javascript)
    values = PERSON | {"email": "zofia", "phone": "12"}
    open_form(visitor, "en")
    type_in(visitor, consents=True, **values)
    with minutes_ago(1):
        # The form is also sent too fast, which is one more error.
        send(visitor, status=422)

    shown = {name: visitor.page.locator(f"#{name}").input_value() for name in values}
    assert shown == values
    assert visitor.page.locator("input:checked").count() == 2

    visitor.page.locator("#email").fill(PERSON["email"])
    visitor.page.locator("#phone").fill(PERSON["phone"])
    send(visitor)
    assert SignUp.objects.get().company == PERSON["company"]


@WITH_AND_WITHOUT_JAVASCRIPT
def test_tab_goes_through_the_form_from_top_to_bottom(
    new_visitor: NewVisitor, has_javascript: bool
) -> None:
    """Red when: a field is shown in another order than in the document; the honeypot has a tab
    stop."""
    visitor = new_visitor(has_javascript=has_javascript, viewport={"width": 1280, "height": 800})
    open_form(visitor, "en")
    send(visitor, status=422)
    visitor.page.locator(".wrong:focus").wait_for()

    stops = list(tab_stops(visitor, 10))

    assert [stop for stop, _top in stops] == [
        "#full_name", "#email", "#company",
        "full_name", "email", "company", "phone", "marketing_email", "marketing_phone",
        path_of("privacy_policy", "en"),
    ]  # fmt: skip
    tops = [top for _stop, top in stops]
    assert tops == sorted(tops)
    visitor.page.keyboard.press("Tab")
    assert visitor.page.locator(f"{BUTTON}:focus").count() == 1


def tab_stops(visitor: Visitor, number: int) -> Iterator[tuple[str, float]]:
    """The next elements that Tab reaches, and how far below the top of the page each is."""
    for _ in range(number):
        visitor.page.keyboard.press("Tab")
        top = visitor.page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY")
        yield visitor.page.evaluate(FOCUSED), top


@WITH_AND_WITHOUT_JAVASCRIPT
def test_enter_in_any_field_sends_the_form(new_visitor: NewVisitor, has_javascript: bool) -> None:
    """Red when: the form has no submit button."""
    visitor = new_visitor(has_javascript=has_javascript)
    for name in (*PERSON, "marketing_email", "marketing_phone"):
        open_form(visitor, "en")
        field = visitor.page.locator(f"#{name}")

        leave_by(visitor, partial(field.press, "Enter"), status=422)

        assert visitor.page.locator(".wrong li").count() == 3, name


def test_the_honeypot_is_hidden_from_people_screen_readers_and_autofill(
    visitor: Visitor,
) -> None:
    """Red when: the honeypot is only moved out of the window."""
    open_form(visitor, "en")

    honeypot = visitor.page.locator("#website")
    assert honeypot.evaluate("field => field.getClientRects().length") == 0
    assert honeypot.get_attribute("autocomplete") == "off"
    assert visitor.page.get_by_role("textbox").count() == len(PERSON)


def test_a_person_who_filled_the_honeypot_in_can_empty_it_and_send_the_form(
    visitor: Visitor,
) -> None:
    """Red when: the honeypot stays hidden after an error."""
    open_form(visitor, "en")
    type_in(visitor)
    visitor.page.locator("#website").evaluate("field => { field.value = 'filled in' }")
    with minutes_ago(1):
        send(visitor, status=422)

    visitor.page.locator("#website").fill("")
    send(visitor)
    assert SignUp.objects.count() == 1


def test_the_last_link_of_the_page_leads_into_the_first_field(visitor: Visitor) -> None:
    """Red when: the call to the trial at the end of this page links to another place."""
    open_form(visitor, "en")

    visitor.page.locator(".trial-call a").click()

    expect(visitor.page.locator("#full_name")).to_be_focused()
