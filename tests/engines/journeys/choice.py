"""A choice in the banner: accepted, refused, group by group, with and without scripts; and withdrawn."""

import pytest

from consent.models import ConsentRecord
from tests.browser.public_pages import LANGUAGES, path_of
from tests.engines.conftest import NewVisitor
from tests.engines.visitor import BANNER, GOOGLE, GOOGLE_SCRIPT, TAG, Visitor

IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
WITH_AND_WITHOUT_SCRIPTS = pytest.mark.parametrize(
    "has_scripts", [True, False], ids=["scripts", "no-scripts"]
)
EVERYTHING = ["preferences", "analytics", "marketing"]
TO_600 = "(scrollTo({top: 600, behavior: 'instant'}), scrollY)"
# As Google's script would store them.
GOOGLE_COOKIES = "['_ga', '_gid', '_ga_AB12'].map(name => document.cookie = `${name}=1; path=/`)"


@IN_BOTH_LANGUAGES
def test_accepting_runs_the_tag_and_keeps_the_place_and_the_history(
    visitor: Visitor, language: str
) -> None:
    """Red when: decide.js lets the browser submit a grant; the page has a tag before the grant."""
    policy = path_of("privacy_policy", language)
    visitor.open(path_of("contact", language))
    visitor.open(policy)
    assert visitor.stored == []
    assert not visitor.has(TAG)
    assert visitor.browser.evaluate(TO_600) == 600
    entries = visitor.browser.evaluate("history.length")

    visitor.accept()

    assert visitor.browser.evaluate(f"document.querySelector(`{GOOGLE_SCRIPT}`).src") == (
        f"https://{GOOGLE}/gtag/js?id=G-TEST"
    )
    visitor.wait_for("#content > .status")
    assert (visitor.scrolled(), visitor.browser.evaluate("history.length")) == (600, entries)
    assert visitor.browser.evaluate("location.href") == visitor.origin + policy
    assert visitor.stored == ["L7_geoip", "l7_choice"]
    record = ConsentRecord.objects.get()
    assert (record.granted, record.has_javascript) == (EVERYTHING, True)
    assert visitor.go_back() == path_of("contact", language)
    assert not visitor.has(BANNER)


@IN_BOTH_LANGUAGES
def test_refusing_closes_the_banner_and_asks_nobody(visitor: Visitor, language: str) -> None:
    """Red when: a refusal loads the page again, or sets a second cookie; the answer has a tag."""
    visitor.open(path_of("home", language))
    visitor.browser.evaluate("window.isTheSame = true")

    visitor.refuse()

    visitor.wait_for("[data-saved=done]")
    assert visitor.browser.evaluate("window.isTheSame") is True
    assert ConsentRecord.objects.get().is_refusal
    for name in ("pricing", "privacy_policy"):
        visitor.open(path_of(name, language))
        assert not visitor.has(BANNER)
    assert visitor.stored == ["l7_choice"]
    assert visitor.abroad.asked == set()


@WITH_AND_WITHOUT_SCRIPTS
@IN_BOTH_LANGUAGES
def test_a_choice_of_one_group_switches_on_no_other(
    new_visitor: NewVisitor, language: str, has_scripts: bool
) -> None:
    """Red when: the banner ticks a box in advance; the tag gets the id of a group that was refused."""
    visitor = new_visitor(has_scripts=has_scripts)
    visitor.open(path_of("contact", language))

    visitor.press("choose")
    visitor.wait_for(f"{BANNER} input[value=analytics]")
    visitor.browser.click(f"{BANNER} input[value=analytics]")
    visitor.press("save")
    visitor.wait_for_tag()

    record = ConsentRecord.objects.get()
    assert (record.granted, record.has_javascript) == (["analytics"], has_scripts)
    tag = "document.querySelector('[data-google-tag]').dataset"
    assert visitor.browser.evaluate(f"[{tag}.analytics, {tag}.ads, {tag}.consent]") == [
        "G-TEST",
        "",
        "analytics_storage",
    ]
    assert sorted(visitor.browser.cookies) == ["l7_choice"]


@IN_BOTH_LANGUAGES
def test_a_withdrawal_takes_two_actions_and_leaves_one_cookie(
    visitor: Visitor, language: str
) -> None:
    """Red when: expiry.py expires no cookie at the root; the answer to a withdrawal has a tag."""
    cookie_page = path_of("cookies", language)
    visitor.open(path_of("contact", language))
    visitor.accept()
    visitor.browser.evaluate(GOOGLE_COOKIES)
    assert {"_ga", "_gid", "_ga_AB12", "L7_geoip"} < set(visitor.browser.cookies)

    visitor.follow(f"footer a[href='{cookie_page}']", to=cookie_page)
    visitor.press("reject")

    visitor.wait_for("[data-choice-made] code")
    assert not visitor.has(TAG)
    assert visitor.stored == ["l7_choice"]
    withdrawal = ConsentRecord.objects.get(supersedes__isnull=False)
    assert (withdrawal.granted, withdrawal.supersedes.granted) == ([], EVERYTHING)
    assert visitor.text_of("[data-choice-made] code") == str(withdrawal.pk)
    visitor.abroad.forget()
    visitor.open(path_of("home", language))
    assert not visitor.has(TAG)
    assert visitor.abroad.asked == set()
