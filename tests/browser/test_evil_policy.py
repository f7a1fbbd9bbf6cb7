"""A policy full of attack payloads in a real browser: nothing runs, loads or has to be blocked."""

import pytest
from playwright.sync_api import Dialog

from tests.browser.visitor import Visitor
from tests.privacy.policies.text.evil_rows import (
    ORDERED,
    evil_text,
    insert_evil_row,
    show_evil_rows,
)
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

# Collected in the page, because the console does not report every blocked attempt.
_WATCH = """
window.blocked = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.blocked.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
# The events of a reader: the pointer over every element, the focus on every link.
_TOUCH = """() => {
  for (const element of document.querySelectorAll("main *")) {
    for (const name of ["mouseover", "pointerenter", "focusin", "wheel", "copy", "animationstart"]) {
      element.dispatchEvent(new Event(name, { bubbles: true }));
    }
  }
  for (const element of [...document.querySelectorAll("main :is(a, [tabindex])")].slice(0, 200)) {
    element.focus({ preventScroll: true });
  }
}"""
# An invalid address has the scheme “:”.
_SCHEMES = """() => [...new Set([...document.querySelectorAll("main a")].map((a) => a.protocol))]"""


@pytest.fixture
def evil(site: str) -> None:
    """Two versions that together hold every payload, the short ones as titles as well."""
    half = len(ORDERED) // 2
    for number, payloads in ((98, ORDERED[:half]), (99, ORDERED[half:])):
        title = "".join(payload for payload in payloads if len(payload) < 60)[:200]
        insert_evil_row(number, text=evil_text(payloads), title_pl=title, title_en=title)
    show_evil_rows()


@pytest.mark.parametrize(
    "path",
    [
        "/polityka-prywatnosci/",
        "/en/privacy-policy/versions/98/",
        "/polityka-prywatnosci/wersje/",
        "/polityka-prywatnosci/wersje/98/roznice/99/",
    ],
)
def test_payloads_neither_run_nor_load_nor_are_blocked(
    evil: None, visitor: Visitor, path: str
) -> None:
    """A blocked payload would mean that only the Content-Security-Policy stopped it.

    Red when: `{"html": False}` becomes True and `nh3.clean` is taken out of `render`.
    """
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    visitor.page.on("dialog", dismiss)
    visitor.page.add_init_script(_WATCH)

    visitor.open(path)
    visitor.page.evaluate(_TOUCH)

    assert dialogs == []
    assert visitor.page.evaluate("window.blocked") == []
    assert set(visitor.page.evaluate(_SCHEMES)) <= {":", "http:", "https:", "mailto:", "tel:"}
    assert (
        visitor.page.locator("main script, main img, main svg, main iframe, main style").count()
        == 0
    )
    assert visitor.storage == []
