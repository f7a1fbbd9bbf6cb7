"""The seeded policy says what the software does, and the same in both languages."""

import re
from datetime import timedelta

import pytest
from cookie_consent.models import Cookie
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from consent.choice.choice import CHOICE_LIFETIME
from consent.models import OPTIONAL_LIFETIME
from consent.records import record
from delivery import tokens
from privacy import rate_limits
from privacy.models import PolicyVersion
from privacy.rights.cases import erasure_cases
from privacy.rights.map.activities import activities
from privacy.rights.requests import clock
from privacy.rights.your_data import data_link
from privacy.rights.your_data.forms import (
    AskForm,
    ComplaintForm,
    LinkForm,
    PublicForm,
    RecordForm,
)
from trial.rights.your_data import SignUpCorrectionForm
from trial.sign_up.forms import SignUpForm

pytestmark = pytest.mark.django_db

LANGUAGES = ["pl", "en"]


def _paragraphs(language: str) -> dict[str, str]:
    """Each paragraph of the policy by its number, with plain spaces."""
    text = getattr(PolicyVersion.objects.get(number=1), f"text_{language}")
    plain = text.replace("\N{NO-BREAK SPACE}", " ")
    pieces = re.split(r"^(\d+\.\d+) ", plain, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


_SAID = {
    "pl": {
        "1.5": "jesteśmy spółką brytyjską, także brytyjskie RODO (UK GDPR)",
        "4.2": "od razu ograniczamy przetwarzanie",
        "4.3": "podając numer sprawy i ostatni dzień na odpowiedź",
        "4.5": "Do czasu wyjaśnienia termin na odpowiedź nie biegnie",
        "4.7": "Data (Use and Access) Act 2025",
        "4.8": "Prezesa Urzędu Ochrony Danych Osobowych",
        "5.1": "treść żądań, pytań i skarg",
        "5.3": "przechowujemy je razem z Twoim zgłoszeniem",
        "6.3": "uwzględnianie sprzeciwów wobec marketingu",
        "6.5": "klikając link podany w każdej z nich",
        "6.6": "a źródło wizyty, które dołączyliśmy do zgłoszenia (",
        "6.8": "pozostają tylko skróty kryptograficzne adresu i numeru",
        "7.4": "adresu e-mail i numeru telefonu osoby, która sprzeciwiła się marketingowi",
        "7.5": "Raz na dobę serwis sam usuwa dane",
        "8.3": "analizą ruchu w serwisie",
        "10.1": "na stronie „Twoje dane”, wnosząc sprzeciw",
        "10.2": "wersje tej polityki i regulaminu, które obowiązywały w chwili zgłoszenia",
        "12.2": "Nie potrzebujesz do niej Konta ani plików cookie",
        "12.3": "To samo pobierzesz jako plik JSON",
        "12.4": "zobaczysz zapis bez czekania na link",
        "12.5": "Zgoda na telefony kończy się wraz ze zmianą numeru",
        "12.6": "Od chwili, gdy usunięcie zostało zlecone, dane tylko przechowujemy",
        "12.8": "wysyłamy Ci tylko wiadomości o Twoich prawach",
        "13.2": "czy rozpoczynają okres próbny",
        "13.7": "nowa wersja tej polityki",
        "13.8": "trafia co dzień do [pieczęci](/pieczec/)",
        "13.15": "[Dane zapisane przez nasz serwis](/cookies/na-tym-urzadzeniu/) zobaczysz i usuniesz",
    },
    "en": {
        "1.5": "a company in the United Kingdom, also the UK GDPR",
        "4.2": "we restrict processing at once",
        "4.3": "with its reference and the last day for our answer",
        "4.5": "the time for our answer stands still",
        "4.7": "Data (Use and Access) Act 2025",
        "4.8": "President of the Personal Data Protection Office",
        "5.1": "the words of the requests, questions and complaints",
        "5.3": "we keep them together with your sign-up",
        "6.3": "respecting objections to marketing",
        "6.5": "use the link in each of them",
        "6.6": "the source of a visit that we have added to a sign-up",
        "6.8": "all that remains of the records of its consents to marketing is cryptographic hashes",
        "7.4": "the e-mail address and the telephone number of a person who objected to marketing",
        "7.5": "Once a day, Our Site by itself deletes",
        "8.3": "- analytics,",
        "10.1": "on the page “Your data”, by objecting",
        "10.2": "the versions of this policy and of the terms that were in force when you signed up",
        "12.2": "You need no Account and no cookies for it",
        "12.3": "You can download the same as a JSON file",
        "12.4": "you will see the record without waiting for a link",
        "12.5": "A consent to calls ends when the number changes",
        "12.6": "As soon as the deletion has been ordered, we only store the data",
        "12.8": "we send you only messages about your rights",
        "13.2": "whether they start a trial",
        "13.7": "a new version of this policy",
        "13.8": "Once a day we add a cryptographic hash of each new record to the [seal](/en/seal/)",
        "13.15": "You can see and delete [what Our Site has stored](/en/cookies/on-this-device/)",
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_paragraph_says_in_both_languages_what_the_software_does(language: str) -> None:
    """Red when: one language loses what the other says."""
    paragraphs = _paragraphs(language)

    said = _SAID[language]
    assert [number for number, words in said.items() if words not in paragraphs[number]] == []


@pytest.mark.parametrize(
    ("number", "period", "polish", "english"),
    [
        ("6.6", OPTIONAL_LIFETIME, "90 dni", "90 days"),
        ("6.6", timedelta(days=settings.OPTIMIZATION_DAYS), "90 dni", "90 days"),
        ("7.4", rate_limits.HOUR, "najwyżej przez godzinę", "up to one hour"),
        ("7.4", rate_limits.DAY, "najwyżej przez dobę", "up to one day"),
        ("7.4", timedelta(days=settings.SUPPRESSION_DAYS), "90 dni", "90 days"),
        ("4.7", timedelta(days=clock.ACKNOWLEDGE_DAYS), "w ciągu 30 dni", "within 30 days"),
        ("12.2", tokens.LIFETIME, "przez 48 godzin", "within 48 hours"),
        ("12.2", data_link.PAGE_LIFETIME, "przez godzinę", "for one hour"),
        ("12.2", rate_limits.DAY / rate_limits.MAX_MAILS_PER_MAILBOX_AND_DAY,
         "trzy razy dziennie", "three times a day"),
        ("12.6", erasure_cases.TIME_TO_UNDO, "po dobie", "a day later"),
        # A window that ends is deleted within a second of the next poll.
        ("13.6", 2 * record.WINDOW, "dwie minuty", "two minutes"),
        ("13.7", CHOICE_LIFETIME, "182 dni", "182 days"),
    ],
)  # fmt: skip
def test_each_period_is_that_of_the_code(
    number: str, period: timedelta, polish: str, english: str
) -> None:
    """Red when: a period changes in the code or in the policy alone."""
    periods = {
        "90 days": timedelta(days=90),
        "182 days": timedelta(days=182),
        "up to one hour": timedelta(hours=1),
        "up to one day": timedelta(days=1),
        "two minutes": timedelta(minutes=2),
        "within 30 days": timedelta(days=30),
        "within 48 hours": timedelta(hours=48),
        "for one hour": timedelta(hours=1),
        "three times a day": timedelta(hours=8),
        "a day later": timedelta(days=1),
    }

    assert period == periods[english]
    assert polish in _paragraphs("pl")[number]
    assert english in _paragraphs("en")[number]


@pytest.mark.parametrize(
    ("months", "polish", "english"),
    [
        (clock.MONTHS, "najpóźniej w ciągu miesiąca", "within one month"),
        (clock.EXTENDED_MONTHS - clock.MONTHS, "raz przedłużyć ten termin o dwa miesiące",
         "extend this time once, by two months"),
    ],
)  # fmt: skip
def test_the_time_for_an_answer_is_that_of_the_clock(
    months: int, polish: str, english: str
) -> None:
    """GDPR Art. 12(3). Red when: the clock of a request and the policy differ."""
    assert months == {"within one month": 1, "extend this time once, by two months": 2}[english]
    assert polish in _paragraphs("pl")["4.4"]
    assert english in _paragraphs("en")["4.4"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_leads_to_the_pages_of_rights(language: str) -> None:
    """Red when: the policy names a page without a link to it, or a page gets another address."""
    with override(language):
        addresses = reverse("your_data"), reverse("your_data_complaint")
    paragraphs = _paragraphs(language)

    assert f"]({addresses[0]})" in paragraphs["4.3"]
    assert f"]({addresses[0]})" in paragraphs["12.2"]
    assert f"]({addresses[1]})" in paragraphs["4.7"]


@pytest.mark.parametrize(("language", "first"), [("pl", "uodo.gov.pl"), ("en", "ico.org.uk")])
def test_the_authority_of_the_reader_is_named_first(language: str, first: str) -> None:
    """Red when: the policy sends a reader in Poland to the ICO first."""
    links = re.findall(r"https://([a-z.]+)/", _paragraphs(language)["4.8"])

    assert (links[0], len(links)) == (first, 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_periods_are_those_of_the_map(language: str) -> None:
    """Red when: the policy no longer prints the table that retention works off."""
    paragraph = _paragraphs(language)["7.5"]

    assert "\n\n{{ retention }}\n\n" in paragraph


# The row of 6.3 that each purpose of the map belongs to.
_ROW_OF_PURPOSE = {
    "providing the free trial that the person asked for": "supplying our services",
    "marketing by e-mail or telephone, to which the person agreed": "sending e-mails",
    "finding out which paid ads lead to trials": "finding out which paid ad",
    "proving a consent to marketing, its confirmation and its withdrawal": "proving consents",
    "sending no marketing to a person who objected to it (GDPR Art. 21(3))": "respecting objections",
    "having the account deleted that was set up for an erased trial": "proving consents",
    "sending the e-mails that people asked for or have to get": "supplying our services",
    "letting only the reader of the mailbox act": "supplying our services",
    "sending nothing to addresses that mail cannot reach": "fending off abuse",
    "proving a choice about cookies": "proving consents",
    "answering people who use their rights": "proving consents",
    "keeping what a legal claim needs (GDPR Art. 17(3)(e))": "establishing, exercising",
    "remembering the country for prices, statistics, and measuring whether ads work": "personalising Our",
    "erasing again what a restored backup brings back": "proving consents",
    "fending off abuse": "fending off abuse",
    "showing who changed or downloaded what in the admin": "protecting data",
    "showing which member of staff saw whose data": "protecting data",
    "running the site and finding its faults": "giving you access to Our Site",
    "restoring the data after a fault (GDPR Art. 32(1)(c))": "protecting data",
    "answering people who write to us": "answering your e-mails",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_purpose_of_the_map_has_its_row_with_the_same_basis(language: str) -> None:
    """GDPR Art. 13(1)(c). Red when: the map gets a purpose, or another basis, that 6.3 lacks."""
    with override("en"):
        bases = {each.purpose: each.basis for each in activities(for_visitors=True)}
    assert {*bases} == {*_ROW_OF_PURPOSE}

    rows = _rows_of_purposes(language)
    with override(language):
        for purpose, basis in bases.items():
            number = _number_of_row(_ROW_OF_PURPOSE[purpose])
            assert rows[number][1].startswith(str(basis.label)), purpose


def _rows_of_purposes(language: str) -> list[list[str]]:
    lines = [line for line in _paragraphs(language)["6.3"].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _number_of_row(words: str) -> int:
    """The place of the row in the table, which has the same order in both languages."""
    rows = enumerate(_rows_of_purposes("en"))
    [number] = [number for number, (purpose, _basis) in rows if purpose.startswith(words)]
    return number


def test_the_forms_ask_only_for_what_the_policy_says() -> None:
    """5.2 promises that no form asks for card numbers, job title, profession or demographic data. Red
    when: a public form gets a field for one of them."""
    forms = [SignUpForm, *PublicForm.__subclasses__()]
    asked = {name for form in forms for name in form.base_fields}

    assert {SignUpCorrectionForm, LinkForm, RecordForm, ComplaintForm, AskForm} <= {*forms}
    assert asked == {
        "full_name", "email", "company", "phone", "marketing_email", "marketing_phone",
        "website", "stamp", "number", "kind", "text",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "polish", "english"),
    [
        ("l7_choice", "losowy identyfikator", "random identifier"),
        ("Xl7ref", "identyfikator kliknięcia i kampanię", "click identifier and the campaign"),
        ("Xl7ref", "Dołączamy je do zgłoszenia", "add them to your sign-up"),
    ],
)
def test_a_row_says_what_the_cookie_holds_and_where_that_goes(
    name: str, polish: str, english: str
) -> None:
    """GDPR Art. 13(1)(c). Red when: the table tells less than the cookie holds."""
    row = Cookie.objects.select_related("details").get(name=name)

    assert polish in row.description.replace("\xa0", " ")
    assert english in row.details.purpose_en
