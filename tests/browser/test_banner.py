"""The banner: it refuses at once, fails closed, and asks again when the question has changed."""

import pytest
from django.db import DatabaseError
from django.utils import timezone, translation
from playwright.sync_api import Route, expect

from consent.models import ConsentRecord
from content import store
from tests.browser.conftest import NewVisitor
from tests.browser.public_pages import LANGUAGES, path_of, public_pages
from tests.browser.visitor import Visitor
from tests.factories import make_cookie
from tests.privacy.policies.drafts import make_published
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

OPTIONAL_BOXES = 3
FAILED = "Your choice could not be saved. Please try again; until then nothing is switched on."
UNRECORDED = (
    "All optional cookies are off. We could not store a receipt of this right now; "
    "the refusal counts all the same."
)
CHANGED = "What has changed since your choice:"
POLICY_CHANGED = "Our privacy policy has changed since your choice:"


# --- Refusing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["reject", "save"])
def test_a_refusal_is_stored_without_leaving_the_page(visitor: Visitor, way: str) -> None:
    """Red when: decide.js lets the browser submit refusals."""
    visitor.open("/kontakt/")
    visitor.page.evaluate("() => { window.isTheSame = true }")

    if way == "reject":
        visitor.press("reject")
    else:
        visitor.choose()

    assert visitor.page.evaluate("window.isTheSame") is True
    assert visitor.cookie_names == ["l7_choice"]
    record = ConsentRecord.objects.get()
    assert (record.is_refusal, record.has_javascript, record.method) == (True, True, "banner")


def test_without_javascript_the_server_opens_the_groups_in_a_new_page(
    new_visitor: NewVisitor,
) -> None:
    """Red when: the button Choose needs ask.js; the view drops `ask=open` or the query."""
    visitor = new_visitor(has_javascript=False)
    visitor.open("/en/pricing/?currency=EUR")

    visitor.choose("analytics")

    assert visitor.page.url == f"{visitor.origin}/en/pricing/?currency=EUR#saved"
    assert ConsentRecord.objects.get().granted == ["analytics"]


@pytest.mark.parametrize("has_javascript", [True, False])
def test_no_box_is_ticked_before_the_visitor_ticks_it(
    new_visitor: NewVisitor, has_javascript: bool
) -> None:
    """Red when: a checkbox of _ask.html or cookies.html is rendered with `checked`."""
    visitor = new_visitor(has_javascript=has_javascript)
    for path in ("/?ask=open", "/cookies/"):
        visitor.open(path)

        assert visitor.page.locator("input[type=checkbox]").count() == OPTIONAL_BOXES
        assert visitor.page.locator("input:checked").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_two_actions_away_from_a_withdrawal(visitor: Visitor, language: str) -> None:
    """Red when: the footer has no link to the cookie page."""
    visitor.open(path_of("home", language))
    visitor.press("accept")
    settings = path_of("cookies", language)

    for page in public_pages(language):
        visitor.open(page.path, status=page.status)
        assert visitor.page.locator(f"footer a[href='{settings}']").is_visible(), page.path

    visitor.follow_to_settings()
    visitor.press("reject")
    assert visitor.cookie_names == ["l7_choice"]


# --- When something fails -------------------------------------------------------------------------


def server_error(route: Route) -> None:
    route.fulfill(status=500, body="")


def no_database(*args: object, **options: object) -> None:
    raise DatabaseError("made up")


def lost_network(route: Route) -> None:
    route.abort()


@pytest.mark.parametrize("fail", [server_error, lost_network])
def test_a_refusal_that_fails_keeps_the_banner_and_shows_an_error(
    visitor: Visitor, fail: object
) -> None:
    """Red when: send() of ask.js closes the banner for every answer."""
    visitor.open("/kontakt/")
    visitor.context.route("**/cookies/", fail)

    visitor.button("reject").click()

    expect(visitor.page.get_by_role("alert")).to_have_text(translated(FAILED, "pl"))
    assert visitor.banner.is_visible()
    assert visitor.cookie_names == []
    visitor.problems.clear()  # Chromium reports the failed request

    visitor.context.unroute("**/cookies/")
    visitor.press("reject")
    assert visitor.cookie_names == ["l7_choice"]


@pytest.mark.parametrize("path", ["/kontakt/", "/cookies/"])
@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_grant_that_cannot_be_recorded_switches_nothing_on(
    new_visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch, has_javascript: bool, path: str
) -> None:
    """Red when: views.py puts the choice in force before it checks the outcome of the record; ask.js
    loads the page again after any answer."""
    monkeypatch.setattr("consent.records.record.store_within_limits", no_database)
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.open(path)
    visitor.meet_google()
    visitor.expect_status(503)

    visitor.button("accept").click()

    expect(visitor.page.get_by_role("alert")).to_be_visible()
    assert visitor.form.is_visible()
    assert visitor.banner.count() == (0 if has_javascript and path == "/cookies/" else 1)
    assert not visitor.has_tag
    assert visitor.cookie_names == []
    assert visitor.google.requests == []


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_refusal_that_cannot_be_recorded_counts_and_says_so(
    new_visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch, has_javascript: bool
) -> None:
    """Red when: decide.js counts 202 as a failure; views.py answers 503 to a refusal."""
    monkeypatch.setattr("consent.records.record.store_within_limits", no_database)
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.open("/kontakt/")

    visitor.button("reject").click()

    status = visitor.page.get_by_text(translated(UNRECORDED, "pl")).and_(
        visitor.page.get_by_role("status")
    )
    expect(status).to_be_visible()
    assert visitor.cookie_names == ["l7_choice"]


# --- When the question has changed ----------------------------------------------------------------


def test_a_grant_on_an_outdated_notice_is_asked_for_again(visitor: Visitor) -> None:
    """Red when: views.py accepts a grant on any notice."""
    visitor.open("/kontakt/")
    shown = visitor.banner.locator("input[name=notice]").input_value()
    make_cookie("_new")
    visitor.expect_status(409)

    visitor.press("accept")

    assert visitor.cookie_names == []
    assert ConsentRecord.objects.count() == 0
    assert visitor.banner.locator("input[name=notice]").input_value() != shown
    visitor.open_groups()
    assert visitor.banner.get_by_text("_new").count() == 1

    visitor.press("accept")
    assert ConsentRecord.objects.get().granted == ["preferences", "analytics", "marketing"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_who_granted_something_reads_what_has_changed(
    visitor: Visitor, language: str
) -> None:
    """Red when: views.py accepts a grant on any notice; changes() misses a new cookie."""
    visitor.open(path_of("cookies", language))
    visitor.press("accept")
    visitor.open(path_of("cookies", language))
    make_cookie("_new")
    visitor.expect_status(409)

    visitor.press("save")

    assert_asks_about_the_new_cookie(visitor, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_that_matters_asks_again_on_the_next_page(visitor: Visitor, language: str) -> None:
    """Red when: choice.py leaves a changed group granted; _ask.html does not list the changes."""
    visitor.open(path_of("home", language) + "?gclid=from-an-ad")
    visitor.press("accept")
    make_cookie("_new", group="marketing")
    visitor.google.forget()

    visitor.open(path_of("contact", language))

    assert_asks_about_the_new_cookie(visitor, language)
    assert visitor.google.asked == {"www.googletagmanager.com", "www.google-analytics.com"}
    assert visitor.cookie_names == ["L7_geoip", "_ga", "_ga_TEST", "_gat", "_gid", "l7_choice"]


def test_a_refusal_of_a_visitor_who_is_asked_again_withdraws_everything(visitor: Visitor) -> None:
    """Red when: ask.js sends it in the background although the page shows a grant."""
    visitor.open("/")
    visitor.press("accept")
    make_cookie("_new", group="marketing")
    visitor.open("/kontakt/")

    visitor.press("reject")

    assert not visitor.has_tag
    assert visitor.cookie_names == ["l7_choice"]
    first, second = ConsentRecord.objects.order_by("is_refusal")
    assert second.supersedes == first
    assert visitor.page.get_by_text(str(second.pk)).is_visible()


def test_a_visitor_who_refused_is_not_asked_about_changes(visitor: Visitor) -> None:
    """Red when: choice.py asks every visitor again."""
    visitor.open("/")
    visitor.press("reject")
    make_cookie("_new")

    visitor.open("/kontakt/")

    assert visitor.banner.count() == 0


def assert_asks_about_the_new_cookie(visitor: Visitor, language: str) -> None:
    expect(visitor.banner).to_contain_text(translated(CHANGED, language))
    assert visitor.banner.locator(".ask__changes li").count() == 1
    expect(visitor.banner.locator(".ask__changes li")).to_contain_text("_new")
    assert visitor.banner.locator("input:checked").count() == 0


def translated(text: str, language: str) -> str:
    with translation.override(language):
        return translation.gettext(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reconsent_version_turns_everything_off_until_the_visitor_chooses(
    visitor: Visitor, language: str
) -> None:
    """Red when: choice.py lets an older grant count; _ask.html leaves out the number of the version in
    its sentence or in its form."""
    visitor.open(path_of("home", language))
    visitor.press("accept")
    make_published(asks_again=True)
    store.poll(timezone.now())
    visitor.google.forget()

    visitor.open(path_of("contact", language))

    assert not visitor.has_tag
    assert visitor.google.asked == set()
    assert visitor.cookie_names == ["l7_choice"]
    expect(visitor.banner).to_contain_text(translated(POLICY_CHANGED, language))
    address = visitor.banner.get_by_role("link").nth(1).get_attribute("href")
    assert visitor.page.request.get(visitor.origin + str(address)).status == 200

    visitor.press("accept")
    assert visitor.has_tag
    visitor.open(path_of("home", language))
    assert visitor.banner.count() == 0
    anew = ConsentRecord.objects.get(supersedes__isnull=False)
    assert anew.policy_version.number == 2


def test_a_banner_older_than_the_reconsent_version_grants_nothing(visitor: Visitor) -> None:
    """Red when: views.py accepts a grant on a form that names an earlier version."""
    visitor.open("/kontakt/")
    make_published(asks_again=True)
    store.poll(timezone.now())
    visitor.expect_status(409)

    visitor.press("accept")

    assert visitor.cookie_names == []
    assert ConsentRecord.objects.count() == 0
    visitor.press("accept")
    assert ConsentRecord.objects.get().granted == ["preferences", "analytics", "marketing"]
