"""Staff act for people in Chromium: they look, erase, undo, and read every page about rights."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from privacy.models import (
    Breach,
    ErasureCase,
    LegalHold,
    PurgeRun,
    Reading,
    Recipient,
    Restriction,
)
from privacy.rights.cases import restrictions
from privacy.rights.cases.case import fields_of
from privacy.rights.map.declarations import Person
from tests.browser.accessibility import problems_of_the_admin
from tests.browser.conftest import NewVisitor
from tests.browser.test_staff_login import WIDTHS, problems_on_phone_and_desk
from tests.browser.visitor import Visitor
from tests.factories import make_reading, make_trial
from tests.privacy.rights.breaches.rows import make_complete, tell
from tests.run_once import acts_in_the_browser
from trial import actions
from trial.models import ErasureNotice, SignUp

# tests/privacy/rights/cases/test_admin.py has the same steps without a browser, on both databases.
pytestmark = acts_in_the_browser

ANNA = Person("anna@example.com")
ERASURES = "/admin/privacy/erasurecase/"
FORMS = [
    "/admin/privacy/restriction/add/",
    "/admin/privacy/legalhold/add/",
    "/admin/privacy/recipient/add/",
    "/admin/privacy/breach/add/",
    "/admin/trial/objection/add/",
]
LISTS = [
    "/admin/",
    "/admin/privacy/legalhold/",
    "/admin/privacy/restriction/",
    "/admin/privacy/purgerun/",
    "/admin/privacy/recipient/",
    "/admin/privacy/breach/",
    "/admin/privacy/processingrecord/",
    "/admin/privacy/reading/",
    "/admin/trial/objection/",
    "/admin/trial/erasurenotice/",
]
MODELS = [LegalHold, Restriction, PurgeRun, Recipient, Reading, ErasureNotice, Breach]

NewColleague = Callable[..., Visitor]


@pytest.fixture
def new_colleague(new_visitor: NewVisitor) -> NewColleague:
    """Makes colleagues who are signed in; `has_javascript=False` for one without scripts."""

    def make(**options: bool) -> Visitor:
        client = Client()
        client.force_login(User.objects.create_superuser("ola"))
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        visitor = new_visitor(**options)
        cookie = {"name": session.key, "value": session.value, "url": visitor.origin}
        visitor.context.add_cookies([cookie])  # type: ignore[list-item]
        return visitor

    return make


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).click()


@pytest.mark.parametrize("has_javascript", [True, False])
def test_staff_look_erase_and_undo(new_colleague: NewColleague, has_javascript: bool) -> None:
    """Red when: a step needs a script, or a page of it is unreadable on a phone."""
    make_trial("email", "phone")
    visitor = new_colleague(has_javascript=has_javascript)
    page = visitor.page

    def is_readable() -> bool:
        return not has_javascript or problems_on_phone_and_desk(page) == []

    visitor.open(f"{ERASURES}add/")
    page.get_by_label("Adres e-mail").fill("ANNA@example.com")
    press(page, "[name=show]")
    assert page.locator("h2", has_text="anna@example.com").count() == 1
    assert page.get_by_role("table", name="To zostanie usunięte").get_by_role("row").count() > 2
    assert page.get_by_role("table", name="To zostaje").get_by_role("row").count() > 1
    assert is_readable()

    # Enter in a field shows and erases nothing.
    with page.expect_navigation():
        page.get_by_label("Adres e-mail").press("Enter")
    assert not ErasureCase.objects.exists()

    press(page, "[name=erase]")
    assert page.locator(".messagelist .info").inner_text().startswith("Danych już nie używamy")
    assert page.locator("#result_list").get_by_text("anna@example.com").count() == 1
    assert is_readable()

    page.locator(".action-select").check()
    page.locator("select[name=action]").select_option("undo")
    press(page, ".actions button")
    assert page.locator(".messagelist .success").inner_text().startswith("Cofnięto: 1.")
    assert page.locator("#result_list").get_by_text("anna@example.com").count() == 0
    assert SignUp.objects.exists()

    page.locator("#result_list tbody a").click()
    page.wait_for_url("**/change/")
    assert is_readable()


@pytest.mark.parametrize("has_javascript", [True, False])
def test_staff_write_down_a_breach_and_whom_they_told(
    new_colleague: NewColleague, has_javascript: bool
) -> None:
    """Red when: a notice cannot be added without a script, or the page hides the open clock."""
    # At noon, since a form refuses the hour that comes twice in a night of October.
    noon = timezone.localtime().replace(hour=12, minute=0)
    visitor = new_colleague(has_javascript=has_javascript)
    page = visitor.page
    visitor.open("/admin/privacy/breach/add/")
    page.get_by_label("Okoliczności naruszenia").fill("Wysłano plik do niewłaściwego odbiorcy.")
    page.get_by_label("Stwierdzono").fill(f"{noon - timedelta(days=2):%Y-%m-%dT%H:%M}")
    notice = page.locator("#notices-0")
    notice.get_by_label("Kogo zawiadomiono").select_option("ico")
    notice.get_by_label("W jaki sposób").select_option("form")
    notice.get_by_label("Kiedy zawiadomiono").fill(f"{noon - timedelta(days=1):%Y-%m-%dT%H:%M}")
    notice.get_by_label("O czym").fill("Zgłoszenie wstępne, sprawa 7/2026.")
    press(page, ".submit-row .default")

    assert page.locator("#result_list .field-clock").inner_text().startswith("został")
    press(page, "#result_list .field-clock a")
    assert page.locator(".field-authorities").inner_text().count("jeszcze nie zawiadomiono") == 1
    written = page.locator(".inline-related.has_original")
    assert written.count() == 1
    assert written.locator("select, textarea, input:not([type=hidden])").count() == 0
    assert not has_javascript or problems_on_phone_and_desk(page) == []


def test_every_page_about_rights_is_readable(new_colleague: NewColleague) -> None:
    """Red when: a page breaks a rule of axe, or is wider than a phone."""
    make_rows()
    visitor = new_colleague()
    problems = []

    def look_at(page: Page) -> None:
        found = problems_on_a_phone(page)
        problems.extend(f"{page.url}: {problem}" for problem in found)

    for path in LISTS:
        visitor.open(path)
        look_at(visitor.page)
    for model in MODELS:
        row = model._default_manager.all()[:1].get()
        visitor.open(f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/")
        look_at(visitor.page)
    for path in [f"{ERASURES}add/", *FORMS]:
        visitor.open(path)
        press(visitor.page, ".submit-row .default")
        look_at(visitor.page)

    assert problems == []


def problems_on_a_phone(page: Page) -> list[str]:
    """Where there is the least room. The journey above looks at a desk and at colors, too."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 844})
    is_too_wide = page.evaluate("document.scrollingElement.scrollWidth > innerWidth")
    return [
        *problems_of_the_admin(page, with_colors=False),
        *["wider than the window"] * is_too_wide,
    ]


def make_rows() -> None:
    """A row of every kind, and every reminder: a hold to review, a late erasure, no run in time, a
    breach that is overdue, with people who were not told.
    """
    now = timezone.now()
    trial = make_trial("email")
    restrictions.restrict(ANNA, reason="The company name is wrong.", at=now)
    LegalHold.objects.create(**fields_of(ANNA), opened_at=now, reason="A claim.", review_on=now)
    long_ago = now - timedelta(days=3)
    person = fields_of(Person("ewa@example.com"))
    ErasureCase.objects.create(**person, opened_at=long_ago, next_attempt_at=now)
    make_reading(ANNA, at=now)
    PurgeRun.objects.create(started_at=long_ago, is_complete=True, counts={"trial_signup 1": 3})
    actions.object_to_marketing(trial.email, method="page", at=now)
    ErasureNotice.objects.create(
        trial_id=trial.pk, erased_at=now, created_at=now, next_attempt_at=now
    )
    tell(make_complete(risk="high", aware_at=long_ago), "ico", at=now)
