"""The first login of a fresh site in Chromium: it reads the first version and approves it."""

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from privacy.models import PolicyVersion
from tests.browser.conftest import NewVisitor
from tests.browser.test_staff_login import problems_on_phone_and_desk
from tests.run_once import acts_in_the_browser

# tests/voipstudio/accounts/test_first_login.py has the same steps without a browser, on both databases.
pytestmark = acts_in_the_browser


@pytest.mark.parametrize("has_javascript", [True, False])
def test_the_first_login_is_led_to_the_version_that_nobody_has_approved(
    new_visitor: NewVisitor, has_javascript: bool
) -> None:
    """Red when: a step needs a script, or a page of it is unreadable on a phone."""
    output = StringIO()
    call_command("first_login", stdout=output)
    visitor = new_visitor(has_javascript=has_javascript)
    page = visitor.page

    def is_readable() -> bool:
        return not has_javascript or problems_on_phone_and_desk(page) == []

    visitor.open("/admin/")
    page.locator("#id_username").fill("admin")
    page.locator("#id_password").fill(output.getvalue().split()[7])
    with page.expect_navigation():
        page.locator("#login-form [type=submit]").click()
    reminder = page.locator(".messagelist .warning").first
    expect(reminder).to_contain_text("nikt jej jeszcze nie zatwierdził")
    assert is_readable()

    with page.expect_navigation():
        reminder.get_by_role("link").click()
    expect(page.locator("#id_section_0_pl")).to_be_visible()
    expect(page.locator("#id_section_0_en")).to_be_visible()
    assert is_readable()

    with page.expect_navigation():
        page.get_by_role("button", name="Zatwierdź").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Wersję zatwierdzono.")
    expect(page.locator(".steps tbody tr").last).to_contain_text("zatwierdzona")
    expect(page.get_by_role("button", name="Zatwierdź")).to_have_count(0)
    assert is_readable()
    assert not PolicyVersion.objects.unapproved().exists()
