"""Staff in Chromium: setting up a second step, signing in with it, and the way back in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page

from tests.browser.accessibility import problems_of_the_admin
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor
from tests.run_once import acts_in_the_browser
from tests.voipstudio.accounts.people import PASSWORD, SECOND_STEP, SETUP, code_of_key
from voipstudio.accounts.models import Passkey

# tests/voipstudio/accounts/ has the same steps without a browser, on both databases.
pytestmark = acts_in_the_browser

# A phone and a desk; tests/look/screenshots.py has the same.
WIDTHS = (390, 1280)
# A passkey belongs to a name, and a browser trusts this one without HTTPS.
HOST = "staff.localhost"
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["pl", "en"])
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
HEADINGS = {
    "pl": ("Drugi krok logowania", "Drugi krok logowania", "Kody zapasowe"),
    "en": ("Second step of your login", "Second step", "Recovery codes"),
}


class Colleague:
    """A member of staff at a browser; every page that they see is looked at on phone and desk."""

    def __init__(self, visitor: Visitor, language: str) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.setting_up, self.signing_in, self.codes_title = HEADINGS[language]
        self.devtools = visitor.context.new_cdp_session(self.page)
        self.devtools.send("WebAuthn.enable")

    def take_passkey(self) -> str:
        """From now on the device of this browser has passkeys. Returns its id."""
        options = {"options": AUTHENTICATOR}
        answer = self.devtools.send("WebAuthn.addVirtualAuthenticator", options)
        return str(answer["authenticatorId"])

    def lose_passkey(self, device: str) -> None:
        self.devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})

    def sign_in(self, name: str, page: str = "/admin/") -> None:
        self.visitor.open(f"/admin/login/?next={page}")
        self.type("#id_username", name)
        self.type("#id_password", PASSWORD)
        self.press("#login-form [type=submit]")

    def sign_out(self) -> None:
        self.press("#logout-form button")

    def press(self, button: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(button).click()

    def type(self, field: str, text: str) -> None:
        """Fill in a field, once the page has put the focus where it wants it (`autofocus`)."""
        if self.page.locator("[autofocus]").count():
            self.page.locator("input:focus").wait_for()
        self.page.locator(field).fill(text)

    def type_code(self, code: str) -> None:
        self.type("#id_code", code)
        self.press("main form:has(#id_code) [type=submit]")

    def sees(self, heading: str) -> None:
        assert self.page.locator("h1").inner_text() == heading
        assert problems_on_phone_and_desk(self.page) == []

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.visitor.origin)


def problems_on_phone_and_desk(page: Page) -> list[str]:
    problems = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        problems += [f"{width}: {problem}" for problem in problems_of_the_admin(page)]
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            problems.append(f"{width}: wider than the window")
    return problems


NewColleague = Callable[[str], Colleague]


@pytest.fixture
def new_colleague(new_visitor: NewVisitor, settings: Any, site: str) -> NewColleague:
    """Makes colleagues of a site that has a name and requires the second step, as over HTTPS."""
    settings.ALLOWED_HOSTS, settings.SITE_HOST = [HOST], HOST
    settings.SITE_ORIGIN = site.replace("127.0.0.1", HOST)
    settings.SECOND_STEP_REQUIRED = settings.HAS_PASSKEYS = True

    def make(language: str) -> Colleague:
        settings.LANGUAGE_CODE = language
        return Colleague(new_visitor(host=HOST), language)

    return make


@IN_BOTH_LANGUAGES
def test_an_app_is_set_up_used_lost_and_replaced(
    new_colleague: NewColleague, language: str
) -> None:
    """Red when: a page of the second step is broken, unreadable, or refused by the browser."""
    user = User.objects.create_superuser("anna", password=PASSWORD)
    anna = new_colleague(language)

    # Enrolment comes before anything else of the admin.
    anna.sign_in("anna", "/admin/auth/user/")
    assert anna.path == SETUP
    anna.sees(anna.setting_up)
    anna.visitor.open("/admin/auth/user/")
    assert anna.path == SETUP
    anna.press("a[href$='/app/']")
    assert problems_on_phone_and_desk(anna.page) == []
    squares = anna.page.locator(".qr svg").bounding_box()
    assert squares is not None
    assert squares["width"] == squares["height"] >= 200
    key = anna.page.locator(".key").inner_text()
    anna.type_code(code_of_key(key))

    # The recovery codes are shown once, and saved as a file.
    anna.sees(anna.codes_title)
    anna.press("main form button")
    anna.sees(anna.codes_title)
    codes = anna.page.locator(".codes code").all_inner_texts()
    with anna.page.expect_download() as download:
        anna.page.locator("form[action$='/file/'] button").click()
    assert download.value.path().read_text().splitlines()[1:] == codes
    anna.press("form[action$='/file/'] a")
    assert anna.path == "/admin/auth/user/"

    # The next login asks for the app.
    anna.sign_out()
    anna.sign_in("anna")
    anna.sees(anna.signing_in)
    anna.type_code(code_of_key(key, steps_later=1))
    assert anna.path == "/admin/"

    # The phone is lost: a recovery code lets in once, and leads to where another app is set up.
    anna.sign_out()
    anna.sign_in("anna")
    anna.type_code(codes[3])
    assert anna.path == SETUP
    anna.sees(anna.setting_up)
    anna.press("form[action$='/remove/'] button")
    assert anna.page.locator("a[href$='/app/']").count() == 1
    assert not TOTPDevice.objects.filter(user=user).exists()


@IN_BOTH_LANGUAGES
def test_a_passkey_is_added_used_lost_and_reset_by_a_superuser(
    new_colleague: NewColleague, language: str
) -> None:
    """Red when: the script, the addresses that it asks, or the checks of its answers are broken."""
    user = User.objects.create_user("anna", password=PASSWORD, is_staff=True)
    anna = new_colleague(language)
    device = anna.take_passkey()

    anna.sign_in("anna", "/admin/password_change/")
    anna.page.locator("#id_passkey_name").fill("laptop")
    anna.press("form[data-passkey] button")
    anna.sees(anna.codes_title)
    assert [passkey.name for passkey in Passkey.objects.filter(user=user)] == ["laptop"]
    anna.visitor.open(SETUP)
    anna.sees(anna.setting_up)

    anna.sign_out()
    anna.sign_in("anna", "/admin/password_change/")
    anna.sees(anna.signing_in)
    anna.press("form[data-passkey] button")
    assert anna.path == "/admin/password_change/"
    anna.sign_out()

    # The laptop is lost, and she has no codes. The page says what to do.
    anna.lose_passkey(device)
    anna.take_passkey()
    anna.sign_in("anna")
    anna.page.locator("form[data-passkey] button").click()
    anna.page.locator("[data-failed]").wait_for()
    anna.sees(anna.signing_in)

    User.objects.create_superuser("boss", password=PASSWORD)
    boss = new_colleague(language)
    boss.take_passkey()
    boss.sign_in("boss")
    boss.press("form[data-passkey] button")
    boss.visitor.open(f"/admin/auth/user/{user.pk}/change/")
    boss.press("a[href$='/reset-second-step/']")
    assert problems_on_phone_and_desk(boss.page) == []
    boss.press("main form [type=submit]")
    boss.visitor.open(f"/admin/auth/user/{user.pk}/history/")
    assert boss.page.locator("#change-history tbody tr").count() >= 1

    anna.visitor.open("/admin/")
    assert anna.path.startswith("/admin/login/")
    anna.sign_in("anna")
    assert anna.path == SETUP


@IN_BOTH_LANGUAGES
def test_a_guesser_reads_when_to_try_again(new_colleague: NewColleague, language: str) -> None:
    stranger = new_colleague(language)
    stranger.visitor.open("/admin/login/")
    assert problems_on_phone_and_desk(stranger.page) == []
    stranger.visitor.expect_status(429)
    for _guess in range(5):
        stranger.type("#id_username", "anna")
        stranger.type("#id_password", "wrong")
        stranger.press("#login-form [type=submit]")

    assert stranger.page.locator(".errornote").inner_text().strip() in {
        "Zbyt wiele prób. Spróbuj ponownie za 2 sekundy.",
        "Too many attempts. Please try again in 2 seconds.",
    }
    assert problems_on_phone_and_desk(stranger.page) == []


def test_without_javascript_the_app_is_enough(
    new_visitor: NewVisitor, new_colleague: NewColleague, site: str
) -> None:
    """I6. Red when: a page hides what works without a script."""
    User.objects.create_user("anna", password=PASSWORD, is_staff=True)
    visitor = new_visitor(host=HOST, has_javascript=False)
    page = visitor.page
    visitor.open("/admin/login/")
    page.locator("#id_username:focus").wait_for()  # by `autofocus`
    page.locator("#id_username").fill("anna")
    page.locator("#id_password").fill(PASSWORD)
    visitor_press(page, "#login-form [type=submit]")

    assert page.locator("[data-no-passkeys]").is_visible()
    assert page.locator("form[data-passkey]").is_hidden()
    visitor_press(page, "a[href$='/app/']")
    key = page.locator(".key").inner_text()
    page.locator("#id_code").fill(code_of_key(key))
    visitor_press(page, "main form [type=submit]")
    visitor_press(page, "main form button")
    assert page.locator(".codes code").count() == 10


def visitor_press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).click()


@pytest.mark.parametrize("address", [SETUP, SECOND_STEP, f"{SETUP}app/"])
def test_the_pages_store_nothing_that_is_not_declared(
    new_colleague: NewColleague, address: str
) -> None:
    """I1, I2. Red when: a page of the second step keeps something on the device."""
    user = User.objects.create_user("anna", password=PASSWORD, is_staff=True)
    if address == SECOND_STEP:
        TOTPDevice.objects.create(user=user, name="app")
    anna = new_colleague("pl")
    anna.take_passkey()
    anna.sign_in("anna")
    anna.visitor.open(address)

    assert {*anna.visitor.cookie_names} <= {"csrftoken", "sessionid", "messages"}
    assert {*anna.visitor.storage} <= {"theme", "django.admin.navSidebarIsOpen"}
