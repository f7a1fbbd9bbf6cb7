"""With the keyboard alone every choice can be made, and only a button makes one."""

from collections.abc import Callable
from contextlib import nullcontext

import pytest

from consent.models import ConsentRecord
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

GROUPS = ["preferences", "analytics", "marketing"]
WITH_AND_WITHOUT_JAVASCRIPT = pytest.mark.parametrize(
    "has_javascript", [True, False], ids=["javascript", "no-javascript"]
)
MOST_TAB_STOPS = 60
# The submit button of every submission, also where the browser picked it, and every fetch.
WATCH = """window.sent = [];
addEventListener("submit", (event) => sent.push(event.submitter?.value), true);
const fetchNow = window.fetch;
window.fetch = (...request) => { sent.push("fetch"); return fetchNow(...request); };"""
BANNER = "[data-ask] "
COOKIE_PAGE = "form[data-settings] "


@WITH_AND_WITHOUT_JAVASCRIPT
@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize(
    ("value", "granted"), [("accept", GROUPS), ("reject", [])], ids=["accept", "reject"]
)
def test_a_choice_in_the_banner_can_be_made_with_the_keyboard(
    new_visitor: NewVisitor, value: str, granted: list[str], key: str, has_javascript: bool
) -> None:
    """Red when: a button of the banner has no tab stop."""
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.open("/kontakt/")
    visitor.meet_google()

    tab_to(visitor, f"{BANNER}button[value={value}]")
    visitor.page.keyboard.press(key)

    visitor.banner.wait_for(state="detached")
    assert granted_in_records() == [granted]


@WITH_AND_WITHOUT_JAVASCRIPT
@pytest.mark.parametrize("group", GROUPS)
def test_one_group_can_be_granted_with_the_keyboard(
    new_visitor: NewVisitor, group: str, has_javascript: bool
) -> None:
    """Red when: Save stays hidden when ask.js, or the server, opens the groups."""
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.open("/kontakt/")
    visitor.meet_google()

    tab_to(visitor, f"{BANNER}button[value=choose]")
    visitor.page.keyboard.press("Enter")
    visitor.button("save").wait_for()
    tab_to(visitor, f"{BANNER}input[value={group}]")
    visitor.page.keyboard.press("Space")
    tab_to(visitor, f"{BANNER}button[value=save]")
    visitor.page.keyboard.press("Enter")

    visitor.banner.wait_for(state="detached")
    assert granted_in_records() == [[group]]


@WITH_AND_WITHOUT_JAVASCRIPT
@pytest.mark.parametrize("group", GROUPS)
def test_one_group_can_be_granted_on_the_cookie_page_with_the_keyboard(
    new_visitor: NewVisitor, group: str, has_javascript: bool
) -> None:
    """Red when: the boxes of the cookie page have no tab stop."""
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.open("/kontakt/")
    visitor.press("reject")
    visitor.meet_google()

    tab_to(visitor, "footer a[href='/cookies/']")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/cookies/")
    tab_to(visitor, f"{COOKIE_PAGE}input[value={group}]")
    visitor.page.keyboard.press("Space")
    tab_to(visitor, f"{COOKIE_PAGE}button[value=save]")
    visitor.page.keyboard.press("Space")

    visitor.page.get_by_role("status").wait_for()
    assert granted_in_records() == [[], [group]]


@WITH_AND_WITHOUT_JAVASCRIPT
@pytest.mark.parametrize("value", ["accept", "reject"])
def test_a_choice_on_the_cookie_page_can_be_made_with_the_keyboard(
    new_visitor: NewVisitor, value: str, has_javascript: bool
) -> None:
    """Red when: the buttons of the cookie page have no tab stop."""
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.open("/kontakt/")
    visitor.choose("analytics")
    visitor.open("/cookies/")

    tab_to(visitor, f"{COOKIE_PAGE}button[value={value}]")
    with visitor.page.expect_event("load"):
        visitor.page.keyboard.press("Enter")

    granted = GROUPS if value == "accept" else []
    assert granted_in_records() == sorted([["analytics"], granted])


@WITH_AND_WITHOUT_JAVASCRIPT
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("form", [BANNER, COOKIE_PAGE], ids=["banner", "cookie-page"])
def test_enter_on_a_box_stores_nothing(
    new_visitor: NewVisitor, form: str, group: str, has_javascript: bool
) -> None:
    """Red when: the form loses its hidden first button, which opens the groups: then Accept all is
    the default button."""
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.context.add_init_script(WATCH)
    visitor.open("/kontakt/?ask=open" if form == BANNER else "/cookies/")

    tab_to(visitor, f"{form}input[value={group}]")
    visitor.page.keyboard.press("Space")
    with nullcontext() if has_javascript else visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")

    if has_javascript:
        assert visitor.page.evaluate("sent") == ["choose"]
    assert_nothing_is_chosen(visitor)


def press_escape(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Escape")


def press_escape_in_the_banner(visitor: Visitor) -> None:
    tab_to(visitor, f"{BANNER}button[value=accept]")
    visitor.page.keyboard.press("Escape")


def scroll_to_the_end(visitor: Visitor) -> None:
    visitor.page.keyboard.press("End")
    visitor.page.mouse.wheel(0, 500)
    visitor.page.wait_for_function("() => scrollY > 200")


def click_elsewhere(visitor: Visitor) -> None:
    visitor.page.locator("h1").click()


def follow_links(visitor: Visitor) -> None:
    for path in ("/cennik/", "/polityka-prywatnosci/", "/kontakt/"):
        visitor.page.locator(f".header a[href='{path}']").first.click()
        visitor.page.wait_for_url(f"**{path}")


def open_the_groups(visitor: Visitor) -> None:
    visitor.open_groups()


def tick_and_leave(visitor: Visitor) -> None:
    visitor.open_groups()
    visitor.box("marketing").check()
    visitor.open("/cennik/")


@pytest.mark.parametrize(
    "act",
    [
        press_escape,
        press_escape_in_the_banner,
        scroll_to_the_end,
        click_elsewhere,
        follow_links,
        open_the_groups,
        tick_and_leave,
    ],
)
def test_an_action_that_is_not_a_choice_stores_nothing_and_leaves_the_banner(
    visitor: Visitor, act: Callable[[Visitor], None]
) -> None:
    """Red when: ask.js accepts, or closes the banner, on that event."""
    visitor.context.add_init_script(WATCH)
    visitor.open("/")

    act(visitor)

    assert visitor.page.evaluate("sent.filter((value) => value !== 'choose')") == []
    assert_nothing_is_chosen(visitor)


def tab_to(visitor: Visitor, selector: str) -> None:
    """Press Tab until this element has the focus; one round through the page must be enough."""
    for _ in range(MOST_TAB_STOPS):
        visitor.page.keyboard.press("Tab")
        if visitor.page.locator(f"{selector}:focus").count():
            return
    pytest.fail(f"No tab stop is {selector}")


def granted_in_records() -> list[list[str]]:
    """The granted groups of every record, sorted."""
    return sorted(ConsentRecord.objects.values_list("granted", flat=True))


def assert_nothing_is_chosen(visitor: Visitor) -> None:
    assert visitor.form.is_visible()
    assert visitor.cookie_names == []
    assert visitor.google.requests == []
    assert ConsentRecord.objects.count() == 0
