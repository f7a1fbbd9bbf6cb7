"""What a visitor was asked is made again word by word, whatever has changed since (I9)."""

import re

import pytest
from django.test import Client

from consent.models import ConsentRecord, Notice
from consent.staff import shown
from tests.consent.staff.asked import (
    COOKIE_PAGES,
    HOMES,
    SENTINEL,
    change_everything,
    make_record,
    shown_address,
    words_of,
)
from tests.factories import make_client
from tests.pages import Page
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

LANGUAGES = pytest.mark.parametrize("language", ["pl", "en"])
PARTS = pytest.mark.parametrize("part", ["banner", "groups", "cookie-page", "cookies"])


@LANGUAGES
@pytest.mark.parametrize(("query", "part"), [("", "banner"), ("?ask=open", "groups")])
def test_the_banner_is_the_same_after_everything_has_changed(
    admin_client, monkeypatch, settings, language: str, query: str, part: str
) -> None:
    """I9. Red when: `as_it_was` takes the words or the groups of today; `groups_of` drops the words
    for values; _ask.html translates a word anew.
    """
    banner = ('<section class="ask"', "</section>")
    seen = words_of(make_client().get(HOMES[language] + query).text, *banner)
    record = make_record(language=language)

    change_everything(monkeypatch, settings)

    again = admin_client.get(shown_address(record, part)).text
    assert words_of(again, *banner) == seen
    assert SENTINEL not in again
    assert len(seen) > 3000


@LANGUAGES
def test_the_cookie_page_is_the_same_after_everything_has_changed(
    admin_client, monkeypatch, settings, language: str
) -> None:
    """I9. Red when: as above, for cookies.html and _cookie_table.html."""
    question = ("<h1>", r"</details>")
    page = make_client().get(COOKIE_PAGES[language]).text
    # Of the visitor's own state, which stands between, the notice has no words.
    own = re.compile(r"<h2>(Twój obecny wybór|Your choice now)</h2>.*?</div>\s*(?=<h2>)", re.S)
    assert len(own.findall(page)) == 1
    seen = words_of(own.sub("", page), *question)
    record = make_record(language=language, place="cookie-page")

    change_everything(monkeypatch, settings)

    again = admin_client.get(shown_address(record, "cookie-page")).text
    assert words_of(again, *question) == seen
    assert SENTINEL not in again
    assert len(seen) > 8000


@LANGUAGES
def test_the_table_of_cookies_is_the_same_after_everything_has_changed(
    admin_client, monkeypatch, settings, language: str
) -> None:
    """Red when: a value of the table, such as “90 days”, is translated by the release of today."""
    policy = {"pl": "/polityka-prywatnosci/", "en": "/en/privacy-policy/"}[language]
    tables = re.compile(r"<table[^>]*storage-list.*?</table>", re.S)
    seen = tables.findall(make_client().get(policy).text)
    record = make_record(language=language)

    change_everything(monkeypatch, settings)

    assert len(seen) >= 4
    assert tables.findall(admin_client.get(shown_address(record, "cookies")).text) == seen


@LANGUAGES
def test_the_policy_is_the_one_that_applied_with_the_table_of_that_day(
    admin_client, monkeypatch, settings, language: str
) -> None:
    """Red when: the frame shows the version in force today, or fills in the table of today."""
    address = {"pl": "/polityka-prywatnosci/", "en": "/en/privacy-policy/"}[language]
    article = ('<article class="policy">', "</table>")
    tables = re.compile(r"<table[^>]*storage-list.*?</table>", re.S)
    page = make_client().get(address).text
    seen, seen_tables = words_of(page, *article), tables.findall(page)
    record = make_record(language=language)

    change_everything(monkeypatch, settings)

    again = admin_client.get(f"/admin/consent/consentrecord/{record.pk}/policy/").text
    assert words_of(again, *article) == seen
    assert len(seen_tables) >= 4
    assert tables.findall(again) == seen_tables
    assert f"0.1 Słowo {SENTINEL}" not in again


@PARTS
def test_nothing_runs_in_a_frame_and_nothing_can_be_sent(admin_client, part: str) -> None:
    """Red when: `_FRAME_POLICY` lets a script run, a form go out or another site frame the page."""
    response = admin_client.get(shown_address(make_record(), part))

    policy = dict(
        each.split(maxsplit=1) for each in response["Content-Security-Policy"].split("; ")
    )
    assert policy["sandbox"] == "allow-same-origin"
    assert policy["frame-ancestors"] == "'self'"
    for directive in ("default-src", "script-src", "connect-src", "form-action", "base-uri"):
        assert policy[directive] == "'none'", directive
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    page = Page(response.content)
    assert page.scripts == []
    assert [e["rel"] for e in page.all("link")] == ["stylesheet"]
    assert page.one("base").attributes == {"target": "_blank"}


def test_the_public_site_is_framed_by_nobody(client) -> None:
    """Red when: the policy of the frames reaches another page."""
    assert "frame-ancestors 'none'" in client.get("/")["Content-Security-Policy"]


@pytest.mark.parametrize("may", ["view_consentrecord", "view_notice"])
def test_who_may_see_records_or_notices_may_see_what_was_asked(may: str) -> None:
    address = shown_address(make_record(), "banner")

    assert make_staff(may).get(address).status_code == 200


def test_nobody_else_may_see_it() -> None:
    """Red when: notice_frame or policy_frame asks for no permission."""
    record = make_record()
    colleague = make_staff("view_signup")

    for address in (
        shown_address(record, "banner"),
        f"/admin/consent/consentrecord/{record.pk}/policy/",
    ):
        assert colleague.get(address).status_code == 403
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize("end", ["xx/banner/", "pl/nothing/"])
def test_an_address_that_names_no_part_is_no_page(admin_client, end: str) -> None:
    """Red when: notice_frame makes a part of anything."""
    notice = Notice.objects.first()

    assert admin_client.get(f"/admin/consent/notice/{notice.pk}/shown/{end}").status_code == 404


def test_the_parts_are_those_of_the_place() -> None:
    banner, page = ConsentRecord(method="banner"), ConsentRecord(method="cookie-page")

    assert shown.question_parts(banner) == [shown.Part.BANNER, shown.Part.GROUPS]
    assert shown.question_parts(page) == [shown.Part.COOKIE_PAGE]


def test_a_notice_of_an_early_release_is_known_by_the_words_that_it_lacks() -> None:
    """Red when: `keeps_all_words` overlooks the words for values."""
    record = make_record()
    assert record.notice
    assert shown.keeps_all_words(record)

    del record.notice.texts["pl"]["values"]

    assert not shown.keeps_all_words(record)
