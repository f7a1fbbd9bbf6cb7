"""The form of the trial, with and without JavaScript: errors, the keyboard, what is typed."""

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
def test_errors_take_the_focus_and_lead_to_the_fields(
    new_visitor: NewVisitor, has_javascript: bool, language: str
) -> None:
    """Red when: the summary loses `autofocus` or its tabindex; a field has another id than its
    error links to; the title does not say that there is an error."""
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
def test_nothing_that_was_typed_is_lost_by_an_error(
    new_visitor: NewVisitor, has_javascript: bool
) -> None:
    """Red when: a field or a box of _form.html is rendered without what was sent."""
    visitor = new_visitor(has_javascript=has_javascript)
    typed = PERSON | {"email": "zofia", "phone": "12"}
    open_form(visitor, "en")
    type_in(visitor, consents=True, **typed)
    with minutes_ago(1):
        # Sent too fast for the clock of the form, too: that is one more error.
        send(visitor, status=422)

    kept = {name: visitor.page.locator(f"#{name}").input_value() for name in typed}
    assert kept == typed
    assert visitor.page.locator("input:checked").count() == 2

    visitor.page.locator("#email").fill(PERSON["email"])
    visitor.page.locator("#phone").fill(PERSON["phone"])
    send(visitor)
    assert SignUp.objects.get().company == PERSON["company"]


@WITH_AND_WITHOUT_JAVASCRIPT
def test_tab_goes_through_the_form_as_the_eye_does(
    new_visitor: NewVisitor, has_javascript: bool
) -> None:
    """Red when: a template or a style puts a field elsewhere than where it stands in the order of
    the document; the trap for programs has a tab stop."""
    visitor = new_visitor(has_javascript=has_javascript, viewport={"width": 1280, "height": 800})
    open_form(visitor, "en")
    send(visitor, status=422)
    visitor.page.locator(".wrong:focus").wait_for()

    stops = list(tab_stops(visitor, 10))

    assert [stop for stop, _top in stops] == [
        "#name", "#email", "#company",
        "name", "email", "company", "phone", "marketing_email", "marketing_phone",
        path_of("privacy_policy", "en"),
    ]  # fmt: skip
    tops = [top for _stop, top in stops]
    assert tops == sorted(tops)
    visitor.page.keyboard.press("Tab")
    assert visitor.page.locator(f"{BUTTON}:focus").count() == 1


def tab_stops(visitor: Visitor, number: int) -> Iterator[tuple[str, float]]:
    """What Tab reaches from here, and how far below the start of the page it stands."""
    for _ in range(number):
        visitor.page.keyboard.press("Tab")
        top = visitor.page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY")
        yield visitor.page.evaluate(FOCUSED), top


@WITH_AND_WITHOUT_JAVASCRIPT
def test_enter_in_any_field_sends_the_form(new_visitor: NewVisitor, has_javascript: bool) -> None:
    """Red when: the form has no button of its own that submits it."""
    visitor = new_visitor(has_javascript=has_javascript)
    for name in (*PERSON, "marketing_email", "marketing_phone"):
        open_form(visitor, "en")
        field = visitor.page.locator(f"#{name}")

        leave_by(visitor, partial(field.press, "Enter"), status=422)

        assert visitor.page.locator(".wrong li").count() == 3, name


def test_the_trap_is_there_neither_for_people_nor_for_what_fills_forms_in_for_them(
    visitor: Visitor,
) -> None:
    """Red when: the trap is only moved out of sight."""
    open_form(visitor, "en")

    trap = visitor.page.locator("#website")
    assert trap.evaluate("field => field.getClientRects().length") == 0
    assert trap.get_attribute("autocomplete") == "off"
    assert visitor.page.get_by_role("textbox").count() == len(PERSON)


def test_who_falls_into_the_trap_sees_it_and_gets_out(visitor: Visitor) -> None:
    """Red when: the trap stays hidden after an error."""
    open_form(visitor, "en")
    type_in(visitor)
    visitor.page.locator("#website").evaluate("field => { field.value = 'filled in' }")
    with minutes_ago(1):
        send(visitor, status=422)

    visitor.page.locator("#website").fill("")
    send(visitor)
    assert SignUp.objects.count() == 1


def test_the_last_link_of_the_page_leads_into_the_first_field(visitor: Visitor) -> None:
    """Red when: the band at the end of the form's page leads to the top of it, or elsewhere."""
    open_form(visitor, "en")

    visitor.page.locator(".trial-call a").click()

    expect(visitor.page.locator("#name")).to_be_focused()
