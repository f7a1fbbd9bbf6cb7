"""After a choice, the pages that a browser kept: those behind and before in the history, other tabs.

Chromium and Firefox drop a kept page when ask.js tells it of a choice. WebKit keeps it as it was.
"""

import pytest

from tests.browser.public_pages import LANGUAGES, path_of
from tests.engines.visitor import BANNER, TAG, Visitor

IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
FETCHED = "performance.getEntriesByType('resource').some(one => one.initiatorType === 'fetch')"
# The cookie page has a second fact as soon as there is a choice: when it asks again.
FACTS = "document.querySelectorAll('.facts > div').length"


@IN_BOTH_LANGUAGES
def test_back_and_forward_show_no_banner_after_a_refusal(visitor: Visitor, language: str) -> None:
    """Red when: ask.js leaves the banner on a page that comes back from the memory of the browser."""
    contact, pricing, home = (path_of(name, language) for name in ("contact", "pricing", "home"))
    visitor.open(contact)
    visitor.follow(f".header a[href='{pricing}']", to=pricing)
    visitor.follow(f".header a[href='{home}']", to=home)
    assert visitor.go_back() == pricing

    visitor.refuse()

    assert visitor.go_back() == contact
    visitor.wait_for_none(BANNER)
    assert visitor.go_forward() == pricing
    visitor.wait_for_none(BANNER)
    assert visitor.go_forward() == home
    visitor.wait_for_none(BANNER)
    assert visitor.stored == ["l7_choice"]


@IN_BOTH_LANGUAGES
def test_back_shows_no_banner_after_a_grant(visitor: Visitor, language: str) -> None:
    """Red when: as above."""
    contact, pricing = (path_of(name, language) for name in ("contact", "pricing"))
    visitor.open(contact)
    visitor.follow(f".header a[href='{pricing}']", to=pricing)
    visitor.accept()

    assert visitor.go_back() == contact

    visitor.wait_for_none(BANNER)


def test_back_without_a_choice_shows_the_same_page_and_its_banner(visitor: Visitor) -> None:
    """What was typed there is kept with it, as far as the engine does so.

    Red when: ask.js takes the banner away without a choice, or loads the page again.
    """
    form, policy = path_of("free_trial", "en"), path_of("privacy_policy", "en")
    visitor.open(form)
    visitor.browser.evaluate("window.isTheSame = true")
    visitor.follow(f"footer a[href='{policy}']", to=policy)

    assert visitor.go_back() == form

    visitor.browser.wait_for(FETCHED)
    assert visitor.has(BANNER)
    assert visitor.browser.evaluate("window.isTheSame") is True


@IN_BOTH_LANGUAGES
def test_back_shows_the_choice_of_today_on_the_cookie_page(visitor: Visitor, language: str) -> None:
    """Red when: isStale() ignores `showsChoice`."""
    cookies, contact = path_of("cookies", language), path_of("contact", language)
    visitor.open(cookies)
    assert visitor.browser.evaluate(FACTS) == 1
    visitor.follow(f"footer a[href='{contact}']", to=contact)
    visitor.refuse()

    assert visitor.go_back() == cookies

    visitor.browser.wait_for(f"{FACTS} === 2")


@IN_BOTH_LANGUAGES
def test_pages_that_ran_the_tag_come_back_without_it_after_a_withdrawal(
    visitor: Visitor, language: str
) -> None:
    """Red when: caching/headers.py lets browsers keep pages with tags, and isStale() ignores
    `isPersisted`."""
    contact, cookies = path_of("contact", language), path_of("cookies", language)
    visitor.open(contact)
    visitor.accept()
    visitor.follow(f"footer a[href='{cookies}']", to=cookies)
    visitor.press("reject")
    visitor.wait_for("[data-choice-made]")
    visitor.abroad.forget()

    # WebKit puts the answer to a form in the place of its page; the others put it behind the page.
    if visitor.go_back() == cookies:
        visitor.wait_for_none(TAG)
        assert visitor.go_back() == contact
    visitor.wait_for_none(TAG)

    assert visitor.abroad.asked == set()
    assert visitor.stored == ["l7_choice"]


@IN_BOTH_LANGUAGES
def test_a_withdrawal_in_one_tab_takes_the_tag_out_of_the_other(
    visitor: Visitor, language: str
) -> None:
    """Red when: ask.js sends no message to other tabs, or does not listen."""
    visitor.open(path_of("contact", language))
    visitor.accept()
    first = visitor.browser.tab
    visitor.browser.open_tab()
    visitor.open(path_of("cookies", language))

    visitor.press("reject")
    visitor.wait_for("[data-choice-made]")
    visitor.abroad.forget()

    visitor.browser.use_tab(first)
    visitor.wait_for_none(TAG)
    assert not visitor.has(BANNER)
    assert visitor.abroad.asked == set()
    assert visitor.stored == ["l7_choice"]
