"""Reading on a phone: the policy with its anchors and versions, every page at 320 px, the tables."""

import pytest
from django.utils import timezone

from content import store
from privacy.models import PolicyVersion
from tests.browser.public_pages import LANGUAGES, path_of, public_pages
from tests.engines.visitor import Visitor
from tests.privacy.policies.drafts import make_published

IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
PHONE = 320
SIDEWAYS = "(scrollTo({left: 1000, top: 0, behavior: 'instant'}), scrollX)"
# How far below the upper edge of the window the target of the fragment begins.
TARGET = "Math.round(document.querySelector(':target').getBoundingClientRect().top)"
ADDED = {"pl": "Dzień dobry.", "en": "Good morning."}
TABLES = {
    "cookies": ".table-wrap:has(.storage-list)",
    "pricing": ".table-wrap:has(.compare__table)",
}
# As many of each role as of these elements: every column and every row has a head.
ROLES = {
    "table": "table",
    "row": "tr",
    "columnheader": "tbody tr:first-child > *",
    "rowheader": "tbody tr",
    "cell": "tbody tr > :nth-child(n + 2)",
}


@IN_BOTH_LANGUAGES
def test_the_contents_lead_to_each_section_and_links_to_each_paragraph(
    visitor: Visitor, language: str
) -> None:
    """Red when: the contents are no links; a section or a paragraph loses its anchor."""
    policy = path_of("privacy_policy", language)
    visitor.browser.resize(PHONE)
    visitor.open(policy)
    visitor.refuse()

    visitor.browser.click(".toc--folded summary")
    visitor.browser.click(".toc--folded [href='#s13']")
    visitor.browser.wait_for(f"location.hash === '#s13' && {TARGET} >= 0 && {TARGET} < 200")
    visitor.open(f"{policy}#s13-4")
    visitor.browser.wait_for(f"{TARGET} >= 0 && {TARGET} < 200")

    assert visitor.text_of(":target").startswith("13.4")


@IN_BOTH_LANGUAGES
def test_a_reader_finds_the_earlier_version_and_what_changed(
    visitor: Visitor, language: str
) -> None:
    """Red when: the list of versions lacks one, or its differences name no change."""
    now = timezone.now()
    (seeded,) = PolicyVersion.objects.published()
    make_published(
        at=now,
        text_pl=seeded.text_pl.replace("0.1 ", "0.1 Dzień dobry. ", 1),
        text_en=seeded.text_en.replace("0.1 ", "0.1 Good morning. ", 1),
    )
    store.poll(now)
    policy = path_of("privacy_policy", language)
    visitor.browser.resize(PHONE)
    visitor.open(policy)
    visitor.refuse()

    versions = f"{policy}versions/" if language == "en" else f"{policy}wersje/"
    visitor.follow(f"main a[href='{versions}']", to=versions)
    differences = path_of("privacy_policy_differences", language, older=1, newer=2)
    visitor.follow(f"main a[href='{differences}']", to=differences)
    assert ADDED[language] in visitor.text_of("ins")
    assert visitor.browser.evaluate(SIDEWAYS) == 0
    visitor.open(path_of("privacy_policy_version", language, number=1))
    assert ADDED[language] not in visitor.text_of("main")


@IN_BOTH_LANGUAGES
def test_no_page_scrolls_sideways_on_a_phone_or_stores_or_asks_anything(
    visitor: Visitor, language: str
) -> None:
    """Red when: a word, a table or a picture is wider than the window; a page stores something."""
    visitor.browser.resize(PHONE)
    wide = []
    for page in public_pages(language):
        visitor.open(page.path)
        assert visitor.browser.evaluate("innerWidth") == PHONE
        if visitor.browser.evaluate(SIDEWAYS) != 0:
            wide.append(page.path)

    assert wide == []
    assert visitor.stored == []
    assert visitor.abroad.asked == set()


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_cards_is_still_a_table_to_a_screen_reader(
    visitor: Visitor, name: str, language: str
) -> None:
    """Red when: a style takes the roles away, which engines compute from it and from the markup."""
    visitor.browser.resize(PHONE)
    visitor.open(path_of(name, language))
    table = TABLES[name]
    assert visitor.browser.evaluate(
        f"getComputedStyle(document.querySelector('{table} td')).display !== 'table-cell'"
    )

    counts = {role: visitor.browser.count_role(table, role) for role in ROLES}

    in_markup = f"document.querySelector('{table}').querySelectorAll('{{}}').length"
    assert counts == {
        role: visitor.browser.evaluate(in_markup.format(selector))
        for role, selector in ROLES.items()
    }
    assert min(counts.values()) > 0
