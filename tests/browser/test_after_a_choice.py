"""After a choice: one line says what was saved, Tab goes on in the content, and nothing jumps."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError
from playwright.sync_api import Locator, expect

from consent.models import ConsentRecord
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

ALLOWED = "Saved. You allowed:"
REFUSED = "Saved. All optional cookies are off."
WITHDRAWN = "Your consent is withdrawn."
WITH_AND_WITHOUT_JAVASCRIPT = pytest.mark.parametrize(
    "has_javascript", [True, False], ids=["javascript", "no-javascript"]
)
_IS_IN = "status => document.activeElement === status && status.closest('#content') !== null"
# The focused element, and how far the page is scrolled.
_FOCUS_AND_SCROLL = "[document.activeElement.tagName, scrollY]"
_TO_THE_MIDDLE = "button => button.scrollIntoView({block: 'center', behavior: 'instant'})"
# How far the page is scrolled, and how many pages the history of the tab has.
_PLACE = "[Math.round(scrollY), history.length]"


def accept(visitor: Visitor) -> None:
    visitor.press("accept")


def reject(visitor: Visitor) -> None:
    visitor.press("reject")


def choose_some(visitor: Visitor) -> None:
    visitor.choose("preferences", "analytics")


def choose_nothing(visitor: Visitor) -> None:
    visitor.choose()


def on_the_cookie_page(choose: Callable[[Visitor], None]) -> Callable[[Visitor], None]:
    """Refuse in the banner, then choose on the cookie page."""

    def act(visitor: Visitor) -> None:
        visitor.press("reject")
        visitor.follow_to_settings()
        choose(visitor)

    return act


def withdraw(visitor: Visitor) -> None:
    visitor.press("accept")
    visitor.follow_to_settings()
    visitor.press("reject")


WAYS = [
    pytest.param(accept, ALLOWED, id="accept"),
    pytest.param(reject, REFUSED, id="reject"),
    pytest.param(choose_some, ALLOWED, id="save-some"),
    pytest.param(choose_nothing, REFUSED, id="save-nothing"),
    pytest.param(on_the_cookie_page(accept), ALLOWED, id="accept-on-the-cookie-page"),
    pytest.param(on_the_cookie_page(reject), REFUSED, id="reject-on-the-cookie-page"),
    pytest.param(on_the_cookie_page(choose_some), ALLOWED, id="save-some-on-the-cookie-page"),
    pytest.param(withdraw, WITHDRAWN, id="withdraw"),
]


@WITH_AND_WITHOUT_JAVASCRIPT
@pytest.mark.parametrize(("choose", "sentence"), WAYS)
def test_one_line_says_what_was_saved_and_tab_goes_on_in_the_content(
    new_visitor: NewVisitor, choose: Callable[[Visitor], None], sentence: str, has_javascript: bool
) -> None:
    """Red when: ask.js shows no line after a refusal in the background; a page shows two; the line
    cannot be focused, or is outside of the content; the banner stays."""
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.open("/en/contact/")

    choose(visitor)

    line = the_line(visitor)
    expect(line).to_contain_text(sentence)
    expect(line).to_be_in_viewport()
    assert line.evaluate(_IS_IN)
    assert visitor.banner.count() == 0
    if sentence == WITHDRAWN:  # the answer is the cookie page itself
        assert visitor.page.locator("main form[data-settings]").is_visible()
    else:
        visitor.page.keyboard.press("Tab")
        assert line.locator("a[href='/en/cookies/']:focus").count() == 1
    visitor.page.keyboard.press("Tab")
    assert visitor.page.locator("main :focus").count() == 1


def test_the_line_names_the_groups_that_were_allowed_and_no_other(visitor: Visitor) -> None:
    """The commas come from status.css. Red when: _status.html names every group."""
    visitor.open("/en/contact/")

    choose_some(visitor)

    assert the_line(visitor).inner_text() == f"{ALLOWED} Preferences Analytics Change"


@pytest.mark.parametrize(
    ("choose", "sentence"), [way for way in WAYS if way.id and "withdraw" not in way.id]
)
def test_a_reload_hides_the_line_and_keeps_the_scroll_position(
    visitor: Visitor, choose: Callable[[Visitor], None], sentence: str
) -> None:
    """Red when: ask.js leaves the fragment in the address."""
    visitor.open("/en/privacy-policy/")
    choose(visitor)
    the_line(visitor).wait_for()
    visitor.page.evaluate("scrollTo(0, 700)")
    visitor.page.wait_for_function("() => scrollY === 700")

    visitor.page.reload()

    assert lines(visitor).count() == 0
    assert visitor.page.evaluate(_FOCUS_AND_SCROLL) == ["BODY", 700]


PLACES = [
    pytest.param("/en/privacy-policy/", "accept", id="accept-in-the-banner"),
    pytest.param("/en/privacy-policy/", "reject", id="reject-in-the-banner"),
    pytest.param("/en/cookies/", "accept", id="accept-on-the-cookie-page"),
    pytest.param("/en/cookies/", "reject", id="reject-on-the-cookie-page"),
]


@pytest.mark.parametrize(("path", "value"), PLACES)
def test_a_choice_keeps_the_place_and_adds_no_entry_to_the_history(
    visitor: Visitor, path: str, value: str
) -> None:
    """Red when: decide.js lets the browser submit the form: its redirect leads to the top of the page."""
    visitor.open("/en/contact/")
    visitor.open(path)
    if visitor.banner.count():
        visitor.page.evaluate("scrollTo({top: 600, behavior: 'instant'})")
    else:
        visitor.button(value).evaluate(_TO_THE_MIDDLE)
    place = visitor.page.evaluate(_PLACE)
    visitor.meet_google()

    # Playwright's click would scroll to the button first.
    visitor.button(value).dispatch_event("click")

    expect(the_line(visitor)).to_be_in_viewport()
    visitor.page.wait_for_load_state()
    scrolled, entries = visitor.page.evaluate(_PLACE)
    assert entries == place[1]
    if path == "/en/cookies/":  # the choice, above the form, takes more lines now
        expect(visitor.button(value)).to_be_in_viewport()
    else:
        assert scrolled == place[0] == 600
    assert visitor.page.url == visitor.origin + path
    assert ConsentRecord.objects.get().is_refusal == (value == "reject")
    visitor.page.go_back()
    assert visitor.page.url == f"{visitor.origin}/en/contact/"


@pytest.mark.parametrize("path", ["/en/contact/", "/en/cookies/"])
def test_a_refusal_without_a_record_says_so(
    visitor: Visitor, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I18. Red when: ask.js leads to #saved whatever the status of the answer."""

    def no_database(*args: object, **options: object) -> None:
        raise DatabaseError("made up")

    monkeypatch.setattr("consent.records.record.store_within_limits", no_database)
    visitor.open(path)

    visitor.press("reject")

    expect(the_line(visitor)).to_contain_text("We could not store a receipt of this right now")
    assert visitor.cookie_names == ["l7_choice"]


def test_without_javascript_a_reload_keeps_the_line_and_the_scroll_position(
    new_visitor: NewVisitor,
) -> None:
    """There the line depends on the fragment in the address, which a reload keeps.

    Red when: the line is at the top of the page, where its fragment would scroll to.
    """
    visitor = new_visitor(has_javascript=False)
    visitor.open("/en/privacy-policy/")
    reject(visitor)
    visitor.page.evaluate("scrollTo(0, 700)")

    visitor.page.reload()

    assert the_line(visitor).is_visible()
    assert visitor.page.evaluate("scrollY") == 700


@pytest.mark.parametrize("choose", [lambda visitor: None, reject], ids=["no-choice", "refused"])
def test_a_visitor_who_has_not_just_chosen_sees_no_line(
    visitor: Visitor, choose: Callable[[Visitor], None]
) -> None:
    """Red when: status.css shows the line to every visitor who has chosen."""
    visitor.open("/en/")
    choose(visitor)

    visitor.open("/en/contact/")

    assert lines(visitor).count() == 0


@pytest.mark.parametrize("fragment", ["", "#saved", "#unrecorded-600"])
def test_before_a_choice_no_address_shows_the_line(new_visitor: NewVisitor, fragment: str) -> None:
    """Red when: _status.html gives its hidden lines the id."""
    for has_javascript in (True, False):
        visitor = new_visitor(has_javascript=has_javascript)
        visitor.open(f"/en/contact/{fragment}")

        assert lines(visitor).count() == 0
        assert visitor.banner.is_visible()


def test_the_line_disappears_when_the_focus_leaves_it(visitor: Visitor) -> None:
    """Red when: showStatus() of ask.js listens to no focusout."""
    visitor.open("/en/contact/")
    reject(visitor)
    line = the_line(visitor)

    visitor.page.keyboard.press("Tab")
    assert line.is_visible()
    visitor.page.keyboard.press("Tab")

    assert lines(visitor).count() == 0
    assert visitor.page.locator("main :focus").count() == 1


def the_line(visitor: Visitor) -> Locator:
    """The line that says what was saved; there must be exactly one."""
    expect(lines(visitor)).to_have_count(1)
    return lines(visitor)


def lines(visitor: Visitor) -> Locator:
    return visitor.page.locator("[role=status]:visible")
