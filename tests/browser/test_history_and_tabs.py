"""After a withdrawal, pages from the browser's history and other open tabs run no tag (I7)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import Visitor
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser


@pytest.fixture(scope="module")
def browser(browser_with_history: Browser) -> Browser:
    return browser_with_history


def test_this_chromium_brings_pages_back_from_memory(visitor: Visitor) -> None:
    """Otherwise the tests below would only see reloaded pages, and prove nothing.

    Red when: conftest.py leaves Playwright's --disable-back-forward-cache in place.
    """
    visitor.open("/kontakt/")
    visitor.page.evaluate("() => { window.isTheSame = true }")
    visitor.page.locator(".header a[href='/cennik/']").first.click()
    visitor.page.wait_for_url("**/cennik/")

    go_back(visitor.page, to="/kontakt/")

    assert visitor.page.evaluate("window.isTheSame") is True


def withdraw_on_the_cookie_page(visitor: Visitor) -> None:
    """Reject by the form of the cookie page, which the browser submits."""
    visitor.follow_to_settings()
    visitor.press("reject")


def withdraw_group_by_group(visitor: Visitor) -> None:
    """Remove every tick on the cookie page, and save."""
    visitor.follow_to_settings()
    visitor.choose()


@pytest.mark.parametrize("withdraw", [withdraw_on_the_cookie_page, withdraw_group_by_group])
def test_pages_that_ran_tags_come_back_from_the_history_without_tags(
    visitor: Visitor, withdraw: Callable[[Visitor], None]
) -> None:
    """Each of three guards is enough here; the tests below check them one by one.

    Red when: caching/headers.py and views.py let browsers keep pages with tags, isStale() ignores
    `isPersisted`, and ask.js sends no message, so that Chromium drops no kept page.
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
def test_other_tabs_reload_without_tags(
    visitor: Visitor, withdraw: Callable[[Visitor], None]
) -> None:
    """Red when: the answer to a withdrawal has no data-choice-made; ask.js listens to no message."""
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
    """Red when: decide.js counts the answer 409 to a refusal in the background as a failure."""
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


def test_a_page_with_tags_that_a_browser_keeps_in_memory_reloads(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard of ask.js, for browsers that keep a page in spite of no-store.

    Red when: isStale() ignores `isPersisted`; ask.js lets a tag run until the reload.
    """
    monkeypatch.setattr("voipstudio.web.caching.headers._NEVER", "private, no-cache")
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
    """Red when: caching/headers.py lets browsers keep pages with tags."""
    visitor.context.route(
        "**/js/ask*.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    visitor.open("/kontakt/")
    visitor.press("accept")
    visitor.open("/cennik/")
    visitor.context.set_extra_http_headers({"Sec-GPC": "1"})

    go_back(visitor.page, to="/kontakt/")

    expect(visitor.page.locator("[data-google-tag]")).to_have_count(0)


def test_a_withdrawal_without_scripts_counts_from_the_next_page_of_every_tab(
    visitor: Visitor,
) -> None:
    """A tab without scripts sends no message to the others; each learns of it from the server.

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


def test_a_page_that_asks_comes_back_without_its_banner_after_a_choice_it_was_not_told_of(
    visitor: Visitor,
) -> None:
    """As WebKit keeps such a page: it gives no message to pages in its memory.

    Red when: ask.js does not ask the server again, or loads the page again.
    """
    visitor.open("/kontakt/")
    visitor.page.evaluate("() => { window.isTheSame = true }")
    visitor.follow(".header a[href='/cennik/']")
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("Emulation.setScriptExecutionDisabled", {"value": True})
    with visitor.page.expect_event("load"):
        visitor.button("reject").click()
    devtools.send("Emulation.setScriptExecutionDisabled", {"value": False})

    visitor.page.evaluate("() => history.go(-2)")  # the answer has an entry of its own

    expect(visitor.page).to_have_url(re.compile("/kontakt/$"))
    expect(visitor.banner).to_have_count(0)
    assert visitor.page.evaluate("window.isTheSame") is True


def test_two_tabs_that_granted_do_not_reload_each_other_endlessly(visitor: Visitor) -> None:
    """Red when: ask.js sends its message also after a reload."""
    visitor.open("/kontakt/")
    first = visitor.page
    visitor.open_tab("/")
    second = visitor.page
    visitor.press("accept")
    second.evaluate("() => { window.isTheSame = true }")
    visitor.page = first

    visitor.press("accept")

    second.wait_for_function("() => window.isTheSame === undefined")
    second.wait_for_load_state()
    for tab in (first, second):
        tab.evaluate("() => { window.isTheSame = true }")
    first.wait_for_timeout(500)
    assert [tab.evaluate("window.isTheSame") for tab in (first, second)] == [True, True]


def test_after_a_withdrawal_in_another_tab_the_history_brings_back_no_tag(
    visitor: Visitor,
) -> None:
    """Red when: the three guards named above are gone."""
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


def test_pages_from_the_history_run_only_the_tags_of_a_new_grant(
    visitor: Visitor,
) -> None:
    """Red when: the three guards named above are gone."""
    visitor.open("/kontakt/")
    visitor.press("accept")
    visitor.follow_to_settings()
    visitor.choose("marketing")
    visitor.google.forget()

    go_back(visitor.page, to="/kontakt/")
    expect(visitor.page.locator("[data-google-tag][data-analytics='']")).to_have_count(1)
    visitor.page.wait_for_load_state()

    assert visitor.google.asked == {"www.googletagmanager.com", "www.googleadservices.com"}
    assert [name for name in visitor.cookie_names if name.startswith(("_ga", "_gi"))] == []


def go_back(page: Page, *, to: str) -> None:
    """Go back by the history. Playwright's go_back waits for a load event, which such a page never fires."""
    page.evaluate("() => history.back()")
    expect(page).to_have_url(re.compile(f"{to}(#saved)?$"))
