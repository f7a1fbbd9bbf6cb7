"""The banner on a phone, in large letters, and for extensions that refuse for a visitor.

The patterns are those of DuckDuckGo's autoconsent 16.23 (`heuristicMode: "reject"`), which recognized
the banner on every page in both languages, and refused.
"""

import re
from typing import Any

import pytest

from consent.models import GroupDetails
from tests.browser.conftest import NewVisitor
from tests.browser.fonts import IN_BOTH_FONTS
from tests.browser.public_pages import LANGUAGES, path_of
from tests.browser.test_banner_look import DESK, PHONE
from tests.factories import publish_registry
from tests.run_once import looks_at_pages

pytestmark = [looks_at_pages, IN_BOTH_FONTS]

IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
LARGER_PHONE = {"width": 390, "height": 844}
# With the longest question: personalized ads are one purpose more.
ADS = pytest.mark.parametrize("personalizes_ads", [False, True], ids=["measured", "personalized"])
MOST_OF_A_PHONE = 0.45
# The patterns of autoconsent for popups and their buttons: its lib/heuristic-patterns.ts.
ASKS_ABOUT_COOKIES = {
    "pl": re.compile(r"(używać|używamy).{0,80} (ciasteczek|cookie)", re.IGNORECASE),
    "en": re.compile(r"we use cookies|reject all", re.IGNORECASE),
}
REFUSES = {
    "pl": re.compile(r"odrzu(ć|cam)", re.IGNORECASE),
    "en": re.compile(r"^reject all$", re.IGNORECASE),
}
# The innermost elements that stay in view: autoconsent counts each as a popup.
_POPUPS = """() => {
  const stays = [...document.querySelectorAll("body *")].filter((element) =>
    element.checkVisibility() && ["fixed", "sticky"].includes(getComputedStyle(element).position));
  return stays.filter((outer) => !stays.some((inner) => inner !== outer && outer.contains(inner)))
    .map((popup) => ({
      isBanner: popup.matches("[data-ask]"),
      text: popup.innerText,
      buttons: [...popup.querySelectorAll("button")].filter((button) => button.checkVisibility())
        .map((button) => button.innerText),
    }));
}"""
_LARGE_LETTERS = "() => { document.documentElement.style.fontSize = '200%'; }"
_IS_WHOLE = """button => {
  const { top, bottom, left, right } = button.getBoundingClientRect();
  const isInside = top >= 0 && left >= 0 && right <= innerWidth && bottom <= innerHeight;
  return isInside && button.scrollWidth <= button.clientWidth
    && button.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
}"""


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["320px", "1280px"])
def test_an_extension_that_refuses_for_a_visitor_recognizes_the_banner(
    new_visitor: NewVisitor, viewport: Any, language: str
) -> None:
    """Red when: the banner's text no longer names cookies, a label has more words, a button is
    not a button, or an element of the banner is fixed or sticky itself."""
    visitor = new_visitor(viewport=viewport)
    visitor.open(path_of("home", language))

    [banner] = [popup for popup in visitor.page.evaluate(_POPUPS) if popup["isBanner"]]

    assert ASKS_ABOUT_COOKIES[language].search(banner["text"])
    refusals = [label for label in banner["buttons"] if REFUSES[language].search(label)]
    assert len(refusals) == 1
    assert visitor.button("reject").inner_text() == refusals[0]
    assert visitor.banner.get_attribute("data-nosnippet") is not None


@IN_BOTH_LANGUAGES
@ADS
@pytest.mark.parametrize("viewport", [PHONE, LARGER_PHONE], ids=["320px", "390px"])
def test_the_page_can_be_read_above_the_banner_on_a_phone(
    new_visitor: NewVisitor, viewport: Any, personalizes_ads: bool, language: str
) -> None:
    """Red when: the longest question gets one line more; ask.css spaces it as on a desk."""
    ask_for_ads(personalizes_ads)
    visitor = new_visitor(viewport=viewport)
    visitor.open(path_of("home", language))

    box = visitor.banner.bounding_box()

    assert box is not None
    assert 0.2 * viewport["height"] < box["height"] <= MOST_OF_A_PHONE * viewport["height"]
    text = visitor.banner.locator(".ask__body")
    assert text.evaluate("text => text.scrollHeight <= text.clientHeight")


def ask_for_ads(personalizes_ads: bool) -> None:
    """Let the question name personalized ads, or measured ads alone."""
    ads = GroupDetails.objects.filter(group__varname="marketing")
    ads.update(personalizes_ads=personalizes_ads)
    publish_registry()


@IN_BOTH_LANGUAGES
@ADS
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["320px", "1280px"])
def test_at_twice_the_text_size_the_banner_scrolls_and_no_button_is_cut_off(
    new_visitor: NewVisitor, viewport: Any, personalizes_ads: bool, language: str
) -> None:
    """WCAG 1.4.4. Red when: ask.css keeps three columns at every text size, or lets the text grow over
    the edge of the window."""
    ask_for_ads(personalizes_ads)
    visitor = new_visitor(viewport=viewport)
    visitor.open(path_of("home", language))
    visitor.page.evaluate(_LARGE_LETTERS)

    # Accept and reject are both visible without scrolling: refusing is as easy (I5).
    assert visitor.button("accept").evaluate(_IS_WHOLE)
    assert visitor.button("reject").evaluate(_IS_WHOLE)
    links = visitor.banner.locator(".ask__text a").all()
    assert len(links) == 2
    for link in links:
        link.scroll_into_view_if_needed()
        assert link.evaluate(_IS_WHOLE)
    visitor.button("choose").scroll_into_view_if_needed()
    assert visitor.button("choose").evaluate(_IS_WHOLE)
    box = visitor.banner.bounding_box()
    assert box is not None
    assert box["height"] <= 0.7 * viewport["height"]
