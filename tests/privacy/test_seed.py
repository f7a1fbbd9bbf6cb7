"""The seeded policy carries every fact, in both languages, with the same numbering."""

import re
from io import StringIO

import pytest
from cookie_consent.models import Cookie
from django.conf import settings
from django.core.management import call_command

from consent.models import CookieDetails
from content.company import COMPANY
from content.models import ContentRevision
from pricing.models import Plan
from privacy.models import PolicyVersion
from privacy.policies.review.article_13 import ITEMS
from privacy.policies.review.counterparts import has_summary
from privacy.policies.review.problems import version_problems, version_warnings
from privacy.policies.text import tables as policy_tables
from privacy.policies.text.rendering import render
from privacy.policies.text.sections import parts, split
from tests.factories import publish_registry
from tests.pages import Page

pytestmark = pytest.mark.django_db

POLICY = {"pl": "/polityka-prywatnosci/", "en": "/en/privacy-policy/"}
LANGUAGES = list(POLICY)


def _text(language: str) -> str:
    text: str = getattr(PolicyVersion.objects.get(number=1), f"text_{language}")
    return text


def _policy(client, language: str) -> Page:
    html = client.get(POLICY[language]).content.decode()
    return Page(html[html.index("<article") : html.index("</article>") + len("</article>")])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_has_its_sixteen_sections_in_order(client, language: str) -> None:
    assert [section.number for section in render(_text(language)).sections] == list(range(16))
    headings = [e["id"] for e in _policy(client, language).all("h2")]
    assert headings == [f"s{number}" for number in range(16)]


def test_both_languages_have_the_same_anchors() -> None:
    polish, english = render(_text("pl")), render(_text("en"))

    assert polish.anchors == english.anchors
    assert len(polish.anchors) > 80
    assert polish.tables == english.tables == ("retention", "recipients", "cookies")


def test_the_policy_has_no_problems_and_no_warnings() -> None:
    """Red when: a check reports a correct text, or an item of Art. 13 has no answer."""
    version = PolicyVersion.objects.get(number=1)

    assert version_problems(version, is_first=True) == []
    assert version_warnings(version) == []
    assert set(version.article_13) == {item.code for item in ITEMS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_begins_with_a_summary(language: str) -> None:
    """Red when: the quotation after a heading is left out."""
    sections = parts(_text(language))

    assert len(sections) == 16
    assert all(has_summary(section) for section in sections)


_CHANGES = {
    "pl": [
        "co najmniej 14\u00a0dni",
        "e-mailem",
        "stałym adresem",
        "porównać",
        "SHA-256",
        "kanał Atom",
    ],
    "en": ["least 14 days", "e-mail", "permanent address", "compare", "SHA-256", "Atom feed"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_section_on_changes_says_what_the_site_does(language: str) -> None:
    """Red when: the policy promises another number of days than the site keeps."""
    text = split(_text(language))[15]

    assert settings.POLICY_NOTICE_DAYS == 14
    assert [words for words in _CHANGES[language] if words not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cross_reference_leads_to_the_number_that_it_shows(client, language: str) -> None:
    """A link that reads “13.8” leads to 13.8. Red when: one of them is mistyped."""
    page = _policy(client, language)
    ids = {element["id"] for element in page.with_attribute("id")}
    references = [a for a in page.all("a") if a["href"].startswith("#s") and not a.classes]

    assert len(references) >= 25
    for link in references:
        assert link["href"][1:] in ids
        number = re.search(r"\d+(\.\d+)?", link.text)
        assert number, link.text
        assert link["href"] == f"#s{number[0].replace('.', '-')}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "fact",
    ["name", "company_number", "registered_address", "vat_number", "ico_number", "regulator",
     "trade_body", "dpo_name", "dpo_email", "phone", "email", "gdpr_email"],
)  # fmt: skip
def test_the_policy_carries_every_fact_of_the_company(client, language: str, fact: str) -> None:
    """Red when: a fact in content/company.py and the policy differ."""
    expected = COMPANY[fact]
    if fact == "trade_body" and language == "pl":
        # “członkiem” takes the genitive
        expected = COMPANY["trade_body_pl"].replace("Stowarzyszenie", "Stowarzyszenia")

    assert expected in _policy(client, language).one("article").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policys_links_to_write_and_to_call_are_the_companys(client, language: str) -> None:
    links = set(_policy(client, language).links)

    for address in (COMPANY["email"], COMPANY["gdpr_email"]):
        assert f"mailto:{address}" in links
    assert COMPANY["phone_href"] in links


_NAMED = {
    "pl": ["RODO", "(UE) 2016/679", "art. 77 RODO", "Prezesa Urzędu Ochrony Danych Osobowych",
           "art. 398 PKE",
           "art. 399–400", "PECR", "Citizens Advice", "TPS", "CTPS", "MPS", "Norwegii", "Islandii",
           "Liechtensteinie", "90 dni", "182 dni", "Global Privacy Control", "Google Analytics",
           "numery kart", "bezpłatne"],
    "en": ["GDPR", "(EU) 2016/679", "Article 77 GDPR", "Prezes UODO", "Article 398 PKE",
           "Articles 399–400", "PECR", "Citizens Advice", "TPS", "CTPS", "MPS", "Norway", "Iceland",
           "Liechtenstein", "90 days", "182 days", "Global Privacy Control", "Google Analytics",
           "card numbers", "free of charge"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"), [(language, w) for language, names in _NAMED.items() for w in names]
)
def test_the_policy_names_laws_authorities_and_periods(client, language: str, words: str) -> None:
    assert words in _policy(client, language).one("article").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_google_analytics_is_never_called_anonymous(client, language: str) -> None:
    paragraph = re.search(r"13\.11 .*?(?=13\.12 )", _policy(client, language).one("article").text)

    assert paragraph
    assert "anonim" not in paragraph[0].lower()
    assert "anonym" not in paragraph[0].lower()


COOKIES = {
    "L7_geoip": "preferences",
    "Xl7ref": "marketing",
    "_ga": "analytics",
    "_gid": "analytics",
    "_gat": "analytics",
    "_ar_V4": "marketing",
}


def _names(page: Page) -> list[str]:
    return [e.text for e in page.all("code") if e.is_inside("th")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", COOKIES)
def test_a_cookie_is_in_the_policy_for_as_long_as_it_is_in_the_registry(
    client, language: str, name: str
) -> None:
    """Red when: the table is typed into the text instead of generated."""
    assert name in _names(_policy(client, language))

    CookieDetails.objects.filter(cookie__name=name).update(is_active=False)
    publish_registry()

    assert name not in _policy(client, language).one("article").text.split()


MINUTE = 60
DAY = 24 * 60 * MINUTE
LIVES = dict.fromkeys(COOKIES, 90 * DAY) | {"_gid": DAY, "_gat": MINUTE}


@pytest.mark.parametrize(("name", "group"), COOKIES.items())
def test_a_cookie_belongs_to_its_group_and_has_its_own_life(name: str, group: str) -> None:
    """Red when: a life is that of another cookie: a minute for `_gat`, a day for `_gid`."""
    row = Cookie.objects.select_related("details").get(name=name)

    assert row.cookiegroup.varname == group
    assert row.details.max_age_seconds == LIVES[name]
    assert row.details.party == ("first" if name in {"L7_geoip", "Xl7ref"} else "third")


@pytest.mark.parametrize(("name", "life"), [("IDE", 397 * DAY), ("test_cookie", 15 * MINUTE)])
def test_what_google_stores_on_its_own_domain_is_declared_with_its_life(
    client, name: str, life: int
) -> None:
    """Red when: the table leaves out what Google Ads stores on doubleclick.net, or the domain."""
    row = Cookie.objects.select_related("details").get(name=name)

    assert (row.domain, row.details.max_age_seconds) == ("doubleclick.net", life)
    printed = next(e for e in _policy(client, "en").all("tr") if e.text.startswith(name))
    assert "doubleclick.net" in printed.text


def test_nothing_optional_on_our_own_address_lives_longer_than_ninety_days() -> None:
    """Red when: a row of the seed has no domain and a longer life than the policy promises in 13.7."""
    rows = CookieDetails.objects.filter(cookie__cookiegroup__is_required=False)

    ours = rows.filter(cookie__domain="")
    assert {row.cookie.name for row in rows} - {row.cookie.name for row in ours} == {
        "IDE",
        "test_cookie",
    }
    assert len(ours) == 9
    assert max(row.max_age_seconds or 0 for row in ours) == 90 * DAY


def test_each_necessary_item_has_a_reason_of_its_own() -> None:
    """PKE Art. 399(3), PECR reg. 6(4). Red when: two items share a reason, or a convenience of staff is
    called a matter of safety."""
    rows = CookieDetails.objects.filter(cookie__cookiegroup__is_required=True)
    reasons = {row.cookie.name: row.justification_en for row in rows}
    assert len(reasons) == len(set(reasons.values())) == 8
    assert len({row.justification_pl for row in rows}) == 8
    assert [name for name, reason in reasons.items() if "safe" in reason] == []
    # Django stores `theme` and the state of filters without an action of the person: not these two.
    assert {name for name, reason in reasons.items() if reason.startswith("Saved only when")} == {
        "django.admin.navSidebarIsOpen",
        "django.admin.navSidebarFilterValue",
    }


def test_the_provider_that_nobody_confirmed_is_marked(client) -> None:
    """Red when: the table prints the name of a provider that is not confirmed."""
    page = _policy(client, "en")
    row = next(e for e in page.all("tr") if e.text.startswith("_ar_V4"))

    assert "to be confirmed" in row.text


def test_seeding_again_changes_nothing_and_restores_no_deleted_row() -> None:
    """Red when: the command does not look at `seeded_at`."""
    Cookie.objects.filter(name="_gat").delete()
    Plan.objects.all().delete()
    CookieDetails.objects.filter(cookie__name="_ga").update(purpose_en="Changed.")
    before = list(Cookie.objects.values()), list(CookieDetails.objects.values())

    call_command("seed", stdout=StringIO())

    assert (list(Cookie.objects.values()), list(CookieDetails.objects.values())) == before
    assert not Plan.objects.exists()
    assert PolicyVersion.objects.count() == 1


def test_the_seed_is_published_and_its_plans_marked_as_samples() -> None:
    assert PolicyVersion.objects.get().is_published
    assert list(Plan.objects.values_list("is_sample", flat=True)) == [True, True, True]
    assert ContentRevision.objects.get().seeded_at is not None
    assert policy_tables.names() == {"cookies", "recipients", "retention"}
