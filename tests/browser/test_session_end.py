"""The login ends while an editor types, in Chromium: nothing is lost, and the page says so."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.test_policy_journey import LIST, STAFF, Person
from tests.run_once import has_own_database
from tests.running_site import Site, environment, make_database, manage, serving

pytestmark = has_own_database

SENTENCE = "Nowy punkt o zebrach."


@pytest.fixture
def running(tmp_path) -> Iterator[Site]:
    env = environment(tmp_path, SITE_ORIGIN="http://127.0.0.1")
    make_database(env)
    manage("shell", "--verbosity=0", "--command", STAFF, env=env)
    with serving(env) as site:
        yield site


def test_a_draft_outlives_the_login(browser: Browser, running: Site) -> None:
    """Red when: the preview says that the server did not answer, or the login loses the text."""
    anna = Person(browser, running).sign_in("anna")
    anna.open(f"{LIST}add/")
    anna.press("form.step button")
    address = anna.page.url
    anna.context.clear_cookies(name="sessionid")

    anna.add("section_3_pl", f"\n\n3.3 {SENTENCE}")
    anna.page.locator("[data-signed-out]").wait_for()
    assert not anna.page.locator("[data-unreachable]").is_visible()

    # The link opens a new tab, in which she signs in; the page with her text stays.
    with anna.context.expect_page() as opened:
        anna.page.locator("[data-signed-out] a").click()
    login = opened.value
    login.locator("#id_username").fill("anna")
    login.locator("#id_password").fill("x")
    with login.expect_navigation():
        login.locator("#login-form [type=submit]").click()
    login.close()

    # The token of the page is from before this login, so the text takes one more page.
    anna.press("button.default")
    assert anna.page.url == address
    anna.press("#content form button")

    assert anna.page.url == address
    assert SENTENCE in anna.field("section_3_pl").input_value()
    assert anna.page.locator(".messagelist .success").count() == 1
    anna.open(address)
    assert SENTENCE in anna.field("section_3_pl").input_value()
    assert anna.dialogs == []
    anna.context.close()
