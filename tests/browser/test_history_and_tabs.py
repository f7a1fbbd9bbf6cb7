"""After a withdrawal: pages that come back from the history, and other open tabs, run no tag."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import Visitor
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

NAVIGATION = "performance.getEntriesByType('navigation')[0].type"


@pytest.fixture(scope="module")
def browser(browser_with_history: Browser) -> Browser:
    return browser_with_history


def test_chromium_brings_pages_back_from_memory_here(visitor: Visitor) -> None:
    """Otherwise the tests below would see pages loaded anew, and prove nothing.

    Red when: conftest.py leaves Playwright's --disable-back-forward-cache in place.
    """
    visitor.open("/kontakt/")
    visitor.page.evaluate("() => { window.isTheSame = true }")
    visitor.page.locator(".header a[href='/cennik/']").first.click()
    visitor.page.wait_for_url("**/cennik/")

    go_back(visitor.page, to="/kontakt/")

    assert visitor.page.evaluate("window.isTheSame") is True


def withdraw_on_the_cookie_page(visitor: Visitor) -> None:
    """By the form there, which the browser itself sends."""
    visitor.follow_to_settings()
    visitor.press("reject")


def withdraw_group_by_group(visitor: Visitor) -> None:
    """By taking away every tick there."""
    visitor.follow_to_settings()
    visitor.choose()


@pytest.mark.parametrize("withdraw", [withdraw_on_the_cookie_page, withdraw_group_by_group])
def test_pages_that_ran_tags_come_back_from_the_history_without_them(
    visitor: Visitor, withdraw: Callable[[Visitor], None]
) -> None:
    """Three guards, of which one is enough; the tests below take them one by one.

    Red when: page_cache.py and views.py let browsers keep pages with tags, isStale() does not mind
    where a page comes from, and ask.js sends no message, so that Chromium drops no kept page.
    """
    visitor.open("/kontakt/")
    visitor.press("accept")
    withdraw(visitor)
    visitor.google.forget()

    for path in ("/cookies/", "/kontakt/"):
        go_back(visitor.page, to=path)
        expect(visitor.page.locator("[data-google-tag]")).to_have_count(0)

    assert visitor.google.requests == []
    assert visitor.cookie_names == ["l7_choice"]


@pytest.mark.parametrize("withdraw", [withdraw_on_the_cookie_page, withdraw_group_by_group])
def test_other_tabs_load_again_without_tags(
    visitor: Visitor, withdraw: Callable[[Visitor], None]
) -> None:
    """Red when: the answer to a withdrawal has no data-choice-made; ask.js hears no message."""
    visitor.open("/")
    visitor.press("accept")
    other = visitor.page
    visitor.open_tab("/kontakt/")

    withdraw(visitor)

    expect(other.locator("[data-google-tag]")).to_have_count(0)
    visitor.google.forget()
    other.bring_to_front()
    other.locator(".header a[href='/cennik/']").first.click()
    expect(other).to_have_url(re.compile("/cennik/$"))
    assert visitor.google.requests == []
    assert visitor.cookie_names == ["l7_choice"]


def test_a_banner_older_than_a_grant_refuses_for_all_tabs(visitor: Visitor) -> None:
    """Red when: decide.js takes the answer 409 to a refusal in the background for a failure."""
    visitor.open("/kontakt/")
    asking = visitor.page
    visitor.open_tab("/")
    visitor.press("accept")
    granting, visitor.page = visitor.page, asking
    visitor.expect_status(409)

    visitor.choose()

    expect(granting.locator("[data-google-tag]")).to_have_count(0)
    visitor.google.forget()
    visitor.open("/")
    assert visitor.google.requests == []
    assert visitor.cookie_names == ["l7_choice"]


def test_a_page_with_tags_that_a_browser_keeps_in_memory_loads_again(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script's own guard, for browsers that keep a page in spite of no-store.

    Red when: isStale() does not mind where a page comes from; ask.js lets a tag run meanwhile.
    """
    monkeypatch.setattr("voipstudio.web.page_cache._NEVER", "private, no-cache")
    visitor.open("/kontakt/")
    visitor.press("accept")
    visitor.open("/cennik/")
    visitor.context.set_extra_http_headers({"Sec-GPC": "1"})
    visitor.google.forget()

    go_back(visitor.page, to="/kontakt/")

    expect(visitor.page.locator("[data-google-tag]")).to_have_count(0)
    assert visitor.google.requests == []
    assert visitor.cookie_names == ["l7_choice"]


def test_without_the_script_the_browser_keeps_no_page_with_tags(visitor: Visitor) -> None:
    """Red when: page_cache.py lets browsers keep pages with tags."""
    visitor.context.route(
        "**/js/ask*.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    visitor.open("/kontakt/")
    visitor.press("accept")
    visitor.open("/cennik/")
    visitor.context.set_extra_http_headers({"Sec-GPC": "1"})

    go_back(visitor.page, to="/kontakt/")

    expect(visitor.page.locator("[data-google-tag]")).to_have_count(0)


def test_a_withdrawal_without_scripts_holds_from_the_next_page_of_every_tab(
    visitor: Visitor,
) -> None:
    """A tab that runs no script tells the others nothing; the server tells each as it asks.

    Red when: expiry.py expires nothing.
    """
    visitor.open("/kontakt/")
    visitor.press("accept")
    other = visitor.page
    visitor.open_tab("/cookies/")
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("Emulation.setScriptExecutionDisabled", {"value": True})
    visitor.press("reject")
    assert visitor.page.locator("[data-choice-made]").count() == 1

    other.goto(f"{visitor.origin}/cennik/")
    visitor.google.forget()
    go_back(other, to="/kontakt/")

    expect(other.locator("[data-google-tag]")).to_have_count(0)
    assert visitor.google.requests == []
    assert visitor.cookie_names == ["l7_choice"]


def test_two_tabs_that_granted_do_not_reload_each_other_for_ever(visitor: Visitor) -> None:
    """Red when: ask.js sends its message also after a reload."""
    visitor.open("/kontakt/")
    first = visitor.page
    visitor.open_tab("/")
    second = visitor.page
    visitor.press("accept")
    visitor.page = first

    visitor.press("accept")

    second.wait_for_function(f"() => ({NAVIGATION}) === 'reload'")
    second.wait_for_load_state()
    assert first.evaluate(NAVIGATION) == "navigate"


def test_after_a_withdrawal_in_another_tab_the_history_brings_back_no_tag(
    visitor: Visitor,
) -> None:
    """Red when: the same three guards are gone."""
    visitor.open("/")
    visitor.press("accept")
    other = visitor.page
    visitor.follow_to_settings()
    visitor.open_tab("/cookies/")
    visitor.press("reject")
    expect(other.locator("[data-google-tag]")).to_have_count(0)
    other.wait_for_load_state()
    visitor.google.forget()

    go_back(other, to="/")

    expect(other.locator("[data-google-tag]")).to_have_count(0)
    assert visitor.google.requests == []
    assert visitor.cookie_names == ["l7_choice"]


def test_what_the_history_brings_back_after_a_new_grant_runs_only_what_it_names(
    visitor: Visitor,
) -> None:
    """Red when: the same three guards are gone."""
    visitor.open("/kontakt/")
    visitor.press("accept")
    visitor.follow_to_settings()
    visitor.choose("marketing")
    visitor.google.forget()

    for path in ("/cookies/", "/kontakt/"):
        go_back(visitor.page, to=path)
        expect(visitor.page.locator("[data-google-tag][data-analytics='']")).to_have_count(1)
    visitor.page.wait_for_load_state()

    assert visitor.google.asked == {"www.googletagmanager.com", "www.googleadservices.com"}
    assert [name for name in visitor.cookie_names if name.startswith(("_ga", "_gi"))] == []


def go_back(page: Page, *, to: str) -> None:
    """As a person does with the browser's button; a page from memory fires no load event."""
    page.evaluate("() => history.back()")
    expect(page).to_have_url(re.compile(f"{to}(#saved)?$"))
