"""A policy from an editor's draft to its readers, in Chromium, with two server processes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page

from tests.browser.accessibility import problems_of_the_admin
from tests.run_once import has_own_database
from tests.running_site import Site, environment, make_database, manage, serving, wait_until

pytestmark = has_own_database

WORKERS = 2
STAFF = """
from django.contrib.auth.models import Group, User
from privacy.roles import EDITORS, PUBLISHERS
for name, group in {"anna": EDITORS, "jan": PUBLISHERS}.items():
    user = User.objects.create_user(name, password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
"""
LIST = "/admin/privacy/policyversion/"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    env = environment(tmp_path_factory.mktemp("journey"), SITE_ORIGIN="http://127.0.0.1")
    make_database(env)
    manage("shell", "--verbosity=0", "--command", STAFF, env=env)
    with serving(env, workers=WORKERS) as site:
        yield site


class Person:
    """A person with their own browser. Console messages and errors are collected as problems."""

    def __init__(self, browser: Browser, site: Site, **options: bool) -> None:
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(15_000)
        self.origin = f"http://127.0.0.1:{site.port}"
        self.problems: list[str] = []
        self.context.on("console", lambda message: self.problems.append(message.text))
        self.context.on("weberror", lambda error: self.problems.append(str(error.error)))
        self.dialogs: list[str] = []
        self.context.on("dialog", self._stay)
        self.page: Page = self.context.new_page()

    def sign_in(self, name: str) -> "Person":
        self.open(f"/admin/login/?next={LIST}")
        self.page.locator("#id_username").fill(name)
        self.page.locator("#id_password").fill("x")
        self.press("#login-form [type=submit]")
        return self

    def open(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.origin + path)

    def press(self, button: str) -> None:
        """Press a button or link that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(button).click()

    def field(self, name: str) -> Locator:
        return self.page.locator(f"#id_{name}")

    def add(self, name: str, text: str) -> None:
        """Type at the end of a field."""
        self.field(name).press("Control+End")
        self.page.keyboard.type(text)

    def leave(self) -> None:
        self.context.close()
        assert (self.problems, self.dialogs) == ([], [])

    def _stay(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.type)
        dialog.dismiss()


def in_every_process(site: Site, path: str, word: str) -> bool:
    """Whether every process of the server shows this word on a page."""
    return all(site.has_word_by_worker(path, word, workers=WORKERS).values())


def test_an_editor_and_a_publisher_bring_a_change_to_its_readers(
    browser: Browser, running: Site
) -> None:
    """Red when: a page, the script of the editor, or the polling of a process is broken."""
    anna = Person(browser, running).sign_in("anna")
    anna.open(f"{LIST}add/")
    anna.press("form.step button")
    address = anna.page.url

    # Her text is checked and shown at once; each warning links to its field.
    anna.add("section_3_pl", "\n\n3.3 Nowy punkt o zebrach (95/46/WE).")
    anna.page.locator('[data-preview="section_3_pl"]').get_by_text("o zebrach").wait_for()
    warning = anna.page.locator("[data-warnings] a", has_text="o zebrach")
    assert warning.get_attribute("href") == "#id_section_3_pl"
    below = anna.page.locator('[data-warnings-of="id_section_3_pl"] li')
    assert below.all_inner_texts() == warning.all_inner_texts()
    assert problems_of_the_admin(anna.page) == []
    stop = anna.page.locator("[data-problems] a", has_text="3.3").first
    assert stop.get_attribute("href") == "#id_section_3_pl"
    anna.add("section_3_en", "\n\n3.3 A new paragraph on zebras.")
    anna.page.locator('[data-preview="section_3_en"]').get_by_text("on zebras").wait_for()
    anna.page.locator("[data-problems] a", has_text="3.3").first.wait_for(state="detached")
    anna.press("button[value=submit]")
    assert not in_every_process(running, "/polityka-prywatnosci/", "o zebrach")

    # A lawyer outside the company reads the draft by a secret link.
    anna.press(".links button[value=make]")
    link = anna.page.locator("code").last.inner_text()
    counsel = Person(browser, running)
    path = link.partition("//")[2].partition("/")[2]
    counsel.open(f"/{path}")
    assert counsel.page.get_by_text("A new paragraph on zebras.").count() == 1
    counsel.leave()

    # Publishing is refused, with reasons: the summary of changes is missing.
    jan = Person(browser, running).sign_in("jan")
    jan.open(address.replace("/change/", "/publish/"))
    assert jan.page.locator("#reasons-title ~ ol li").count() == 2
    assert jan.page.locator("form.step button.default").count() == 0
    assert problems_of_the_admin(jan.page) == []
    jan.press("#reasons-title ~ p a")
    assert problems_of_the_admin(jan.page) == []
    jan.field("note").fill("Napisz, co się zmienia.")
    jan.press("form[action$='/return/'] button")

    anna.open(address)
    assert anna.page.get_by_text("Napisz, co się zmienia.").count() == 1
    anna.field("change_summary_pl").fill("Dodaliśmy punkt 3.3.")
    anna.field("change_summary_en").fill("We added paragraph 3.3.")
    anna.page.locator("[data-no-problems]").wait_for()
    anna.press("button[value=submit]")
    anna.leave()

    # After the warning is ticked off it is published, and every process shows it soon.
    jan.open(address.replace("/change/", "/publish/"))
    assert jan.page.locator("ins", has_text="Nowy punkt o zebrach").count() == 1
    assert problems_of_the_admin(jan.page) == []
    jan.page.locator("form.step input[type=checkbox]").check()
    jan.press("form.step button.default")
    wait_until(
        lambda: in_every_process(running, "/polityka-prywatnosci/", "o zebrach"),
        seconds=5,
        why=running.log,
    )
    assert in_every_process(running, "/en/privacy-policy/", "on zebras")
    jan.leave()

    # The old version stays readable, and the differences are exactly what the editor typed.
    reader = Person(browser, running)
    reader.open("/polityka-prywatnosci/wersje/1/")
    assert reader.page.get_by_text("o zebrach").count() == 0
    assert reader.page.locator("#s3-2").count() == 1
    reader.open("/polityka-prywatnosci/wersje/1/roznice/2/")
    assert reader.page.locator(".passage").count() == 1
    (added,) = reader.page.locator(".passage ins").all_inner_texts()
    assert "Nowy punkt o zebrach (95/46/WE)." in added
    assert reader.page.locator(".passage del").count() == 0
    reader.open("/polityka-prywatnosci/wersje/")
    assert reader.page.get_by_text("Dodaliśmy punkt 3.3.").count() == 1
    reader.leave()


def test_the_browser_asks_before_leaving_a_page_with_unsaved_text(
    browser: Browser, running: Site
) -> None:
    """Red when: the script of the editor has no `beforeunload` handler."""
    anna = Person(browser, running).sign_in("anna")
    anna.open(f"{LIST}add/")
    anna.press("form.step button")
    anna.add("section_3_pl", " Zebra.")

    anna.page.evaluate("() => { location.href = '/admin/'; }")
    wait_until(lambda: anna.page.evaluate("1") == 1 and bool(anna.dialogs), seconds=10)

    assert anna.dialogs == ["beforeunload"]
    assert "Zebra." in anna.field("section_3_pl").input_value()
    anna.context.close()


def test_only_the_previews_of_changed_sections_are_sent(browser: Browser, running: Site) -> None:
    """Red when: the script asks for previews that are shown already, or not for one that is not."""
    anna = Person(browser, running).sign_in("anna")
    anna.open(f"{LIST}add/")
    anna.press("form.step button")

    with anna.page.expect_response("**/check/") as answer:
        anna.field("section_3_pl").fill("## 3. Zebra")
    assert list(answer.value.json()["previews"]) == ["section_3_pl"]
    anna.page.locator('[data-preview="section_3_pl"]').get_by_text("Zebra").wait_for()
    with anna.page.expect_response("**/check/") as answer:
        anna.field("title_pl").fill("Zebra")
    assert answer.value.json()["previews"] == {}
    # A check that fails shows nothing, so the next one asks for the same preview.
    anna.page.route("**/check/", lambda route: route.abort())
    anna.field("section_4_pl").fill("## 4. Lew")
    anna.page.locator("[data-unreachable]").wait_for()
    anna.page.unroute("**/check/")
    anna.field("title_pl").fill("Lew")
    anna.page.locator('[data-preview="section_4_pl"]').get_by_text("Lew").wait_for()
    anna.context.close()


def test_a_text_that_was_too_large_gets_its_previews_when_it_is_shorter(
    browser: Browser, running: Site
) -> None:
    """Red when: the script takes the previews that the page came without for shown ones."""
    anna = Person(browser, running).sign_in("anna")
    anna.open(f"{LIST}add/")
    anna.press("form.step button")
    anna.field("section_3_pl").fill("a" * 20_001)
    anna.press("button.default")
    preview = anna.page.locator('[data-preview="section_1_pl"]')
    assert preview.inner_text() == ""

    anna.field("section_3_pl").fill("## 3. Zebra")

    preview.get_by_text("Definicje").wait_for()
    anna.context.close()
