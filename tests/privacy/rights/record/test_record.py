"""The record of processing activities, as staff read and download it."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.utils.translation import override

from privacy.models import Recipient
from privacy.rights.map.activities import activities
from privacy.rights.map.register import all_declared, all_elsewhere
from privacy.rights.recipients import recipients
from privacy.rights.recipients.recipients import Disclosure
from privacy.rights.record import record
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
    assert ads.recipients == (recipients.GOOGLE_ANALYTICS, recipients.GOOGLE_ADS)


def test_the_record_takes_recipients_countries_and_safeguards_from_their_rows() -> None:
    """Red when: the record has texts of its own, or names a safeguard where none is needed."""
    rows = Recipient.objects
    rows.filter(key=recipients.HOSTING).update(name="Hosting SA", country="PL")
    rows.filter(key=recipients.GOOGLE_ADS).update(
        safeguard_pl="standardowe klauzule umowne",
        safeguard_en="standard contractual clauses",
        safeguard_url_pl="https://ads.example/klauzule",
        safeguard_url_en="https://ads.example/clauses",
    )

    with override("en"):
        entries = {entry.activity.purpose: entry.disclosure for entry in record.whole_record()}
    cookies = entries[
        "remembering the country for prices, statistics, and measuring whether ads work"
    ]
    assert cookies.recipients == (
        "Google (Google Analytics), processor",
        "Google (Google Ads), controller in its own right",
    )
    assert cookies.transfers == (
        "Google (Google Analytics), processor: United States, safeguard to be confirmed",
        "Google (Google Ads), controller in its own right: United States, "
        "standard contractual clauses, https://ads.example/clauses",
    )
    proof = entries["proving a consent to marketing, its confirmation and its withdrawal"]
    assert proof == Disclosure(("Hosting SA, processor",), ())


def test_the_record_says_what_is_not_known_yet(officer) -> None:
    """Red when: a recipient without a name or a country is left out."""
    _head, *rows = read(officer.get(f"{RECORD}en/file/"))

    [mailbox] = [row for row in rows if row[3] == "correspondence"]
    assert mailbox[6] == "to be named (sending and receiving e-mail), processor"
    assert mailbox[7] == f"{mailbox[6]}: country to be confirmed, safeguard to be confirmed"


def test_the_file_names_the_controller_its_officer_and_its_representative(
    officer, settings
) -> None:
    """GDPR Art. 30(1)(a). Red when: the file leaves one of them out."""
    settings.EU_REPRESENTATIVE = "Anna Example\nRynek 1, Kraków"

    head, *rows = read(officer.get(f"{RECORD}en/file/"))

    [controller] = {row[head.index("Controller")] for row in rows}
    assert controller.split("; ")[2:] == [
        "gdpr@voipstudio.pl",
        "Data protection officer: Neil Adams, marketing@voipstudio.pl",
        "Representative in the European Union (Art. 27 GDPR): Anna Example Rynek 1, Kraków",
    ]


def test_the_page_says_where_we_are_ourselves_and_why_data_may_go_there(officer) -> None:
    """Red when: the country of the controller is a sentence in the template."""
    recipient = Recipient.objects.get(key=recipients.OURSELVES)
    recipient.safeguard_en = "a new adequacy decision"
    recipient.save()

    page = Page(officer.get(f"{RECORD}en/").content)

    assert (
        "Country United Kingdom, a new adequacy decision, https://eur-lex" in page.one("html").text
    )


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
