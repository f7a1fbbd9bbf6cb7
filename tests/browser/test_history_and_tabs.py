"""After a withdrawal: pages that come back from the history, and other open tabs, run no tag."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor


def test_chromium_brings_pages_back_from_memory_here(visitor: Visitor) -> None:
    """Otherwise the tests below would see pages loaded anew, and prove nothing.

    Red when: Chromium is launched with --disable-back-forward-cache, as Playwright does by default.
    """
    visitor.open("/kontakt/")
    visitor.page.evaluate("() => { window.isTheSame = true }")
    visitor.page.locator(".header a[href='/cennik/']").first.click()
    visitor.page.wait_for_url("**/cennik/")

    go_back(visitor.page, to="/kontakt/")

    assert visitor.page.evaluate("window.isTheSame")


def test_a_page_that_ran_tags_comes_back_from_the_history_without_them(visitor: Visitor) -> None:
    visitor.open("/kontakt/")
    visitor.press("accept")
    visitor.follow_to_settings()
    visitor.press("reject")
    visitor.google.forget()

    go_back(visitor.page, to="/cookies/")
    print(visitor.page.url, visitor.has_tag)
    expect(visitor.page.locator("[data-google-tag]")).to_have_count(0)
    go_back(visitor.page, to="/kontakt/")
    print(visitor.page.url, visitor.has_tag)
    expect(visitor.page.locator("[data-google-tag]")).to_have_count(0)

    assert visitor.google.requests == []
    assert visitor.cookie_names == ["l7_choice"]


def go_back(page: Page, *, to: str) -> None:
    page.evaluate("() => history.back()")
    page.wait_for_url(f"**{to}*")
