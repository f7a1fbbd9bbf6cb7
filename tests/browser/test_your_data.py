"""A person uses each of their rights in Chromium, from the form to the outcome."""

import json

import pytest
from django.utils import timezone
from playwright.sync_api import Locator

from consent.models import ConsentRecord
from delivery import worker
from privacy.models import DataRequest, ErasureCase
from privacy.rights.requests.data_request import Right
from tests.browser.accessibility import problems_of_page
from tests.browser.conftest import NewVisitor
from tests.browser.public_pages import LANGUAGES, path_of
from tests.browser.trial_steps import leave_by, links_in_mail
from tests.browser.visitor import Visitor
from tests.factories import make_trial
from trial.models import MarketingConsent, SignUp

IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
WITH_AND_WITHOUT_JAVASCRIPT = pytest.mark.parametrize(
    "has_javascript", [True, False], ids=["javascript", "no-javascript"]
)
EMAIL = "zofia.zolc@przyklad-testowy.example"
PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture
def person(new_visitor: NewVisitor, language: str, has_javascript: bool) -> Visitor:
    """Somebody with a trial and both consents, on a small phone."""
    make_trial(
        "email",
        "phone",
        email=EMAIL,
        company="Gęślą Jaźń",
        phone="+48227654321",
        language=language,
    )
    worker.work_off(timezone.now())
    return new_visitor(has_javascript=has_javascript, **PHONE)


def open_data(visitor: Visitor, language: str) -> None:
    """From the footer of the home page over the mail to the page with the data."""
    visitor.open(path_of("home", language))
    visitor.follow(f"footer a[href='{path_of('your_data', language)}']")
    visitor.page.locator("#email").fill(EMAIL)
    press(visitor, "main form .button--primary")
    [link] = [path for path in links_in_mail() if "/link/" in path]
    visitor.open(link)
    press(visitor, "main form .button--primary")


def press(visitor: Visitor, button: str | Locator, *, status: int = 200) -> str:
    """Press a button that leads to another page. Returns the text of its main part."""
    found = visitor.page.locator(button) if isinstance(button, str) else button
    leave_by(visitor, found.click, status=status)
    return visitor.page.locator("main").inner_text()


def do(visitor: Visitor, value: str) -> str:
    return press(visitor, f"button[value='{value}']")


def is_in_view(visitor: Visitor, selector: str) -> bool:
    """Whether the whole of an element is on the screen, without scrolling."""
    fits: bool = visitor.page.locator(selector).evaluate(
        "e => { const box = e.getBoundingClientRect();"
        " return box.top >= 0 && box.bottom <= innerHeight; }"
    )
    return fits


def ask(visitor: Visitor, kind: str, text: str) -> str:
    visitor.page.locator("#kind").select_option(kind)
    visitor.page.locator("#text").fill(text)
    return press(visitor, "form:has(#text) .button--primary")


@IN_BOTH_LANGUAGES
@WITH_AND_WITHOUT_JAVASCRIPT
def test_every_right_is_used_from_the_form_to_its_outcome(
    person: Visitor, language: str, has_javascript: bool
) -> None:
    """I6: all without a script, and nothing stays on the device.

    Red when: a form needs a script; a page sets a cookie; a button does not do what it says.
    """
    open_data(person, language)
    page_path = person.page.url.removeprefix(person.origin)

    # Access and portability.
    assert "Gęślą Jaźń" in person.page.locator("main details[open]").first.inner_text()
    file = person.context.request.get(person.page.url + path_of_file(language))
    assert {table["table"] for table in json.loads(file.body())["tables"]} >= {"trial_signup"}

    # Rectification.
    person.page.locator("input[name$=company]").fill("Zażółć")
    press(person, "form:has(input[name$=company]) button")
    assert SignUp.objects.get().company == "Zażółć"

    # Objection to marketing, by one channel.
    do(person, "stop-email")
    assert is_in_view(person, "#done")
    withdrawn = MarketingConsent.objects.filter(withdrawal__isnull=False)
    assert [consent.channel for consent in withdrawn] == ["email"]

    # Restriction, and its end.
    do(person, "restrict")
    assert SignUp.objects.restricted().exists()
    do(person, "lift")
    assert not SignUp.objects.restricted().exists()

    # What people answer: an objection for reasons of one's own, automated decisions, a complaint.
    for kind in (Right.OBJECTION, Right.AUTOMATED, Right.COMPLAINT):
        text = ask(person, kind, f"Zażółć {kind}.")
        assert DataRequest.objects.get(kind=kind, closed_at=None).reference in text

    # Erasure: looked at, asked for, mistyped, undone.
    person.open(f"{page_path}{path_of_erasure(language)}")
    press(person, "main form .button--primary")
    assert ErasureCase.objects.get().undone_at is None
    do(person, "undo")
    assert ErasureCase.objects.get().undone_at
    assert SignUp.objects.exists()

    # The page is closed for good.
    do(person, "close")
    assert person.page.locator("#closed").is_visible()
    person.open(page_path, status=410)
    assert person.cookie_names == []
    assert person.storage == []


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize("has_javascript", [True])
def test_every_page_of_the_way_is_accessible_on_a_phone_and_at_a_desk(
    person: Visitor, language: str, has_javascript: bool
) -> None:
    """Red when: a field has no label, a text is too wide, a contrast too weak."""
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = problems_of_page(person.page, language=language, within="main")

    person.open(path_of("your_data_complaint", language))
    person.page.locator("#email").fill("x")
    press(person, "main form .button--primary", status=422)
    look("complaint with errors")
    person.page.locator("#email").fill(EMAIL)
    person.page.locator("#text").fill("Zażółć.")
    press(person, "main form .button--primary")
    look("complaint")
    open_data(person, language)
    folded = person.page.locator("main details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    look("page")
    person.page.locator("input[name$=company]").fill("")
    press(person, "form:has(input[name$=company]) button", status=422)
    look("correction with errors")
    do(person, "restrict")
    do(person, "stop-phone")
    press(person, f"nav a[href$='{path_of_erasure(language)}']")
    look("erasure")
    press(person, "main form .button--primary")
    look("erasing")
    do(person, "close")
    look("closed")
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert len(found) == 7


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize("has_javascript", [False])
def test_an_unsubscribe_link_shows_all_choices(
    person: Visitor, language: str, has_javascript: bool
) -> None:
    """Item by item: cookies, e-mail, telephone, restriction, versions. Red when: one is missing, or
    a person must search the page for what a button did."""
    consent = MarketingConsent.objects.get(channel="email")
    person.open(path_of("trial_consents", language, consent_id=str(consent.pk)))
    for part in ("#consent-email", "#consent-phone", "#cookies-choice", "#agreements"):
        assert person.page.locator(part).is_visible()
    press(person, "button[value=phone]")
    assert is_in_view(person, "#done")
    do(person, "restrict")
    assert is_in_view(person, "#done")
    assert SignUp.objects.restricted().exists()
    # The link is old and may be in other hands: it cannot lift what it restricted.
    assert person.page.locator("button[value=lift]").count() == 0


@IN_BOTH_LANGUAGES
def test_a_visitor_sees_and_erases_the_record_of_their_browser(
    new_visitor: NewVisitor, language: str
) -> None:
    """I8. Red when: the cookie page leads nowhere, or the record cannot be erased without mail."""
    visitor = new_visitor(**PHONE)
    visitor.open(path_of("cookies", language))
    visitor.choose("preferences")
    visitor.open(path_of("cookies", language))
    record = ConsentRecord.objects.get()
    text = press(visitor, f"form[action='{path_of('your_data_record', language)}'] button")
    assert str(record.pk) in text
    press(visitor, f"nav a[href$='{path_of_erasure(language)}']")
    press(visitor, "main form .button--primary")
    assert ErasureCase.objects.get().record_ids == [str(record.pk)]


def path_of_file(language: str) -> str:
    return "plik/" if language == "pl" else "file/"


def path_of_erasure(language: str) -> str:
    return "usun/" if language == "pl" else "erase/"
