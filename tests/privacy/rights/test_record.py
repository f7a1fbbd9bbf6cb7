"""The record of processing activities, as staff read and download it."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.utils.translation import override

from privacy.rights.activities import activities
from privacy.rights.register import all_declared, all_elsewhere
from tests.pages import Page
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

RECORD = "/admin/privacy/processingrecord/"


@pytest.fixture
def officer():
    return make_staff("view_processingrecord")


def plain(text: str) -> str:
    return " ".join(text.lower().split())


def read(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_page_names_all_that_article_30_asks_for(officer, language: str) -> None:
    """Red when: a declaration, or a line of Art. 30(1), is left out, or stays in the other language."""
    response = officer.get(f"{RECORD}{language}/")

    page = Page(response.content)
    text = (
        page.one("main, #main").text.lower() if page.all("#main") else page.one("html").text.lower()
    )
    assert response["Content-Language"] == page.one("html")["lang"] == language
    with override(language):
        names = [str(each.name) for each in (*all_declared(), *all_elsewhere())]
        names += [str(use.name) for data in all_declared() for use in data.further_uses]
        purposes = [str(data.purpose) for data in all_declared()]
    assert len(names) >= 30
    facts = ["Neil Adams", "gdpr@voipstudio.pl", "Gable House"]
    assert [each for each in (*names, *purposes, *facts) if plain(each) not in text] == []


def test_the_first_page_is_in_the_language_of_the_admin_and_leads_to_the_other(officer) -> None:
    page = Page(officer.get(RECORD).content)

    assert page.one("html")["lang"] == "pl"
    assert {f"{RECORD}en/", f"{RECORD}pl/file/"} <= {*page.links}


def test_a_purpose_is_one_activity_with_all_its_data() -> None:
    """Red when: each table is an activity of its own, or an activity lacks a recipient."""
    with override("en"):
        by_purpose = {activity.purpose: activity for activity in activities()}
    proof = by_purpose["proving a consent to marketing, its confirmation and its withdrawal"]
    ads = by_purpose[
        "remembering the country for prices, statistics, and measuring whether ads work"
    ]

    assert [item.name for item in proof.items] == [
        "consents to marketing",
        "withdrawals of consents to marketing",
        "confirmations of telephone numbers",
    ]
    assert ads.recipients == (
        "Google (Google Analytics), as a processor",
        "Google (Google Ads), as a controller",
    )
    assert ads.transfers.startswith("Google may process data in the United States")


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_file_holds_a_row_for_each_kind_of_data_and_is_logged(officer, language: str) -> None:
    """Red when: the download is not logged, or the file differs from the page."""
    response = officer.get(f"{RECORD}{language}/file/")

    head, *rows = read(response)
    with override(language):
        items = [(each.purpose, item.name) for each in activities() for item in each.items]
    assert [(row[0], row[3]) for row in rows] == items
    assert all(len(row) == len(head) for row in rows)
    assert all(cell for row in rows for cell in row)
    entry = LogEntry.objects.get()
    assert entry.user.username == "colleague"
    assert str(len(rows)) in entry.change_message


@pytest.mark.parametrize("address", [RECORD, f"{RECORD}en/", f"{RECORD}en/file/"])
def test_only_staff_with_its_own_permission_read_the_record(address: str) -> None:
    """Red when: whoever may see policies may see the record."""
    editor = make_staff("view_policyversion", "change_policyversion")

    assert editor.get(address).status_code == 403
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("address", ["zz/", "zz/file/", "1/change/", "add/"])
def test_no_other_page_is_below_the_record(officer, address: str) -> None:
    """Red when: the forms of Django show a version of a policy there."""
    assert officer.get(RECORD + address).status_code == 404
