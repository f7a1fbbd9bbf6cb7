"""A visitor sees what the browser stores for this site, and deletes it."""

import pytest
from playwright.sync_api import Locator

from tests.browser.accessibility import problems_of_page
from tests.browser.conftest import NewVisitor
from tests.browser.public_pages import LANGUAGES, path_of
from tests.browser.visitor import Visitor
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
# One of each kind that only a browser sees; `length` is a name that Object.keys() would hide.
STORE = """async () => {
  document.cookie = "old_shop=1; path=/";
  localStorage.setItem("length", "1");
  localStorage.setItem("theme", "dark");
  sessionStorage.setItem("basket", "1");
  await new Promise((resolve, reject) => {
    const opening = indexedDB.open("old-app");
    opening.onsuccess = () => { opening.result.close(); resolve(); };
    opening.onerror = reject;
  });
  await caches.open("old-cache");
}"""
# Without JavaScript no promise of a page settles.
STORE_AT_ONCE = """() => {
  document.cookie = "old_shop=1; path=/";
  localStorage.setItem("theme", "dark");
  sessionStorage.setItem("basket", "1");
  indexedDB.open("old-app");
  caches.open("old-cache");
}"""
HOLD_OPEN = """() => new Promise((resolve) => {
  indexedDB.open("old-app").onsuccess = resolve;
})"""
ALL = {
    ("cookie", "l7_choice"),
    ("cookie", "old_shop"),
    ("local", "length"),
    ("local", "theme"),
    ("session", "basket"),
    ("indexed", "old-app"),
    ("cache", "old-cache"),
}
UNDECLARED = ALL - {("cookie", "l7_choice"), ("local", "theme")}


UNDECLARED_NOTE = ".stored__undeclared"


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    """Somebody who refused."""
    visitor = new_visitor()
    visitor.open(path_of("home", "en"))
    visitor.press("reject")
    return visitor


def open_list(visitor: Visitor, language: str = "en") -> None:
    """From the footer of any page over the cookie page."""
    visitor.follow_to_settings()
    visitor.follow(f"main a[href='{path_of('on_this_device', language)}']")
    visitor.page.wait_for_load_state()


def listed(visitor: Visitor) -> set[tuple[str, str]]:
    """Kind and name of each row that is shown."""
    rows = visitor.page.locator("tbody tr").all()
    names = [(row.get_attribute("data-kind"), row.get_attribute("data-name")) for row in rows]
    assert len({*names}) == len(names)
    return {(str(kind), str(name)) for kind, name in names}


def row(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(f"tr[data-name='{name}']")


def wait_for_rows(visitor: Visitor, count: int) -> None:
    visitor.page.wait_for_function(
        "count => document.querySelectorAll('tbody tr').length === count", arg=count
    )


def delete_everything(visitor: Visitor) -> None:
    with visitor.page.expect_event("load"):
        visitor.page.locator("[data-everything] button").click()


def said(visitor: Visitor) -> str:
    return " ".join(visitor.page.locator("[role=status]:visible").all_inner_texts())


@IN_BOTH_LANGUAGES
def test_a_visitor_who_refused_sees_one_cookie(visitor: Visitor, language: str) -> None:
    """I1. Red when: the script stores something, or lists a cookie that the server has listed."""
    visitor.open(path_of("home", language))
    open_list(visitor, language)

    wait_for_rows(visitor, 1)
    assert listed(visitor) == {("cookie", "l7_choice")}
    assert visitor.cookie_names == ["l7_choice"]
    assert visitor.storage == []


def test_the_list_has_what_the_server_and_the_browser_see(visitor: Visitor) -> None:
    """Red when: a kind of storage is left out; a row is joined with the wrong declaration."""
    visitor.page.evaluate(STORE)
    open_list(visitor)
    wait_for_rows(visitor, len(ALL))

    assert listed(visitor) == ALL
    assert {
        (kind, name) for kind, name in ALL if "Not on our list" in row(visitor, name).inner_text()
    } == UNDECLARED
    theme = row(visitor, "theme").inner_text()
    assert "the look of the admin panel" in theme
    assert "Necessary" in theme
    assert row(visitor, "length").locator("code").inner_text() == "length"
    assert row(visitor, "old-app").locator("td").nth(3).inner_text() == "IndexedDB"


def test_one_name_is_deleted_and_the_keyboard_stays_in_the_list(visitor: Visitor) -> None:
    """WCAG 2.4.3, 4.1.3. Red when: another name goes too; the focus is lost; nothing is said."""
    visitor.page.evaluate(STORE)
    open_list(visitor)
    wait_for_rows(visitor, len(ALL))
    left = set(ALL)
    names = [name for kind, name in ALL if kind != "cookie"]
    for name in sorted(names):
        row(visitor, name).locator("button").focus()
        visitor.page.keyboard.press("Enter")
        row(visitor, name).wait_for(state="detached")
        left -= {pair for pair in left if pair[1] == name}
        assert listed(visitor) == left
        assert "Deleted." in said(visitor)
        assert visitor.page.evaluate("document.activeElement.closest('tr, h2') !== null")

    assert visitor.storage == []
    assert visitor.cookie_names == ["l7_choice", "old_shop"]
    # A cookie is deleted by the form in its row.
    with visitor.page.expect_event("load"):
        row(visitor, "old_shop").locator("button").click()
    wait_for_rows(visitor, 1)
    assert visitor.cookie_names == ["l7_choice"]
    assert "Deleted." in said(visitor)
    assert visitor.page.url == visitor.origin + path_of("on_this_device", "en")


def test_everything_but_the_necessary_is_deleted_at_once(visitor: Visitor) -> None:
    """Red when: the script forgets a kind, or deletes what is necessary."""
    visitor.page.evaluate(STORE)
    open_list(visitor)
    wait_for_rows(visitor, len(ALL))

    delete_everything(visitor)

    wait_for_rows(visitor, 2)
    assert listed(visitor) == {("cookie", "l7_choice"), ("local", "theme")}
    assert visitor.cookie_names == ["l7_choice"]
    assert visitor.storage == ["theme"]
    assert "Deleted." in said(visitor)


def test_cookies_of_the_script_and_of_the_server_are_one_row_each(visitor: Visitor) -> None:
    """Red when: the script adds what the server has listed, or the server's HttpOnly row goes."""
    for name, is_http_only, path in (
        ("hidden_from_scripts", True, "/"),
        ("on_two_paths", False, "/"),
        ("on_two_paths", False, "/en/cookies"),
        ("elsewhere", False, "/en/pricing"),
    ):
        visitor.context.add_cookies(
            [
                {
                    "name": name,
                    "value": "1",
                    "domain": "127.0.0.1",
                    "path": path,
                    "httpOnly": is_http_only,
                }
            ]
        )
    open_list(visitor)
    wait_for_rows(visitor, 3)

    assert {name for _kind, name in listed(visitor)} == {
        "l7_choice",
        "hidden_from_scripts",
        "on_two_paths",
    }
    delete_everything(visitor)
    wait_for_rows(visitor, 1)
    # A cookie of another path is not sent here; the page of that path lists nothing, but it is stored.
    assert visitor.cookie_names == ["elsewhere", "l7_choice"]


def test_a_cookie_that_the_server_does_not_list_has_a_button_too(visitor: Visitor) -> None:
    """Red when: the row of the script has an empty form, or "more" cookies are said to be hidden."""
    visitor.context.add_cookies(
        [{"name": f"old_{n:02}", "value": "1", "url": visitor.origin} for n in range(70)]
    )
    open_list(visitor)
    wait_for_rows(visitor, 71)
    assert visitor.page.locator("[data-more]").count() == 0

    with visitor.page.expect_event("load"):
        row(visitor, "old_69").locator("button").click()

    wait_for_rows(visitor, 70)
    assert "old_69" not in visitor.cookie_names
    assert "Deleted." in said(visitor)


def test_what_another_tab_holds_open_is_not_called_deleted(visitor: Visitor) -> None:
    """Red when: the row goes although the database stays."""
    visitor.page.evaluate(STORE)
    visitor.page.evaluate(HOLD_OPEN)
    visitor.open_tab(path_of("on_this_device", "en"))
    wait_for_rows(visitor, len(ALL) - 1)  # each tab has a sessionStorage of its own

    row(visitor, "old-app").locator("button").click()

    visitor.page.wait_for_function("() => document.querySelector('[data-said]').textContent !== ''")
    assert "Not everything could be deleted" in said(visitor)
    assert ("indexed", "old-app") in listed(visitor)


def test_a_name_is_text(visitor: Visitor) -> None:
    """Red when: the script writes HTML, or the whole of a long name."""
    evil = "<img src=x onerror=alert(1)>"
    visitor.page.evaluate(
        "names => names.forEach(name => localStorage.setItem(name, '1'))", [evil, "x" * 5000, ""]
    )
    open_list(visitor)
    wait_for_rows(visitor, 4)

    shown = visitor.page.locator("tbody tr code").all_inner_texts()
    assert {*shown} == {"l7_choice", evil, "x" * 99 + "…", "(without a name)"}
    assert visitor.page.locator("main img").count() == 0


@IN_BOTH_LANGUAGES
def test_without_javascript_cookies_are_listed_and_all_storage_is_deleted(
    new_visitor: NewVisitor, language: str
) -> None:
    """I6. Red when: a button needs a script; the answer leaves other storage where it was."""
    visitor = new_visitor(has_javascript=False)
    visitor.open(path_of("home", language))
    visitor.press("reject")
    visitor.page.evaluate(STORE_AT_ONCE)
    visitor.context.add_cookies(
        [{"name": "another", "value": "1", "url": visitor.origin, "httpOnly": True}]
    )
    open_list(visitor, language)

    assert {*visitor.storage} == {"theme", "basket", "old-app", "old-cache"}
    assert {name for _kind, name in listed(visitor)} == {"another", "l7_choice", "old_shop"}
    with visitor.page.expect_navigation():
        row(visitor, "another").locator("button").click()
    assert {name for _kind, name in listed(visitor)} == {"l7_choice", "old_shop"}
    assert visitor.page.url.endswith("#deleted")
    assert visitor.page.locator("#deleted").is_visible()
    assert visitor.page.locator("#left").is_hidden()

    with visitor.page.expect_navigation():
        visitor.page.locator("[data-everything] button").click()
    assert visitor.cookie_names == ["l7_choice"]
    assert visitor.storage == []


def test_without_the_cookie_of_the_choice_the_banner_asks_again(visitor: Visitor) -> None:
    """Red when: the necessary cookie cannot be deleted."""
    open_list(visitor)
    with visitor.page.expect_event("load"):
        row(visitor, "l7_choice").locator("button").click()

    assert visitor.page.locator("[data-nothing]").is_visible()
    assert visitor.cookie_names == []
    visitor.open(path_of("home", "en"))
    assert visitor.banner.count() == 1


@IN_BOTH_LANGUAGES
def test_the_list_is_accessible(visitor: Visitor, language: str) -> None:
    """Red when: a button has no name of its own, a name does not fit a phone, a mark is too pale."""
    visitor.open(path_of("home", language))
    visitor.page.evaluate(STORE)
    visitor.page.evaluate("localStorage.setItem('a-long-name-'.repeat(20), '1')")
    open_list(visitor, language)
    wait_for_rows(visitor, len(ALL) + 1)

    assert problems_of_page(visitor.page, language=language) == []
    names = [
        " ".join(button.inner_text().split())
        for button in visitor.page.locator("tbody button").all()
    ]
    assert len({*names}) == len(ALL) + 1


@pytest.mark.parametrize("has_javascript", [True, False])
def test_where_nothing_is_stored_nothing_can_be_deleted(
    new_visitor: NewVisitor, has_javascript: bool
) -> None:
    """Red when: a button deletes nothing. Without a script the page cannot know, and has the button."""
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.open(path_of("on_this_device", "en"))
    button, note = visitor.page.locator("[data-everything]"), visitor.page.locator(UNDECLARED_NOTE)

    assert button.is_visible() is not has_javascript
    assert not note.is_visible()

    if has_javascript:
        visitor.page.evaluate("localStorage.setItem('of-another-service', '1')")
        visitor.page.reload()
        wait_for_rows(visitor, 1)
        assert button.is_visible()
        assert note.is_visible()
