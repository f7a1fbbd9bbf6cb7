"""Every page as a screen reader meets it: roles, names and states, compared with files.

A change of a page or of its words is a change of its file in `aria/`; this writes them all anew:

    ARIA=write make test-sqlite ARGS=tests/browser/test_aria.py
"""

import os
import re
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.browser.conftest import NewVisitor
from tests.browser.public_pages import LANGUAGES, path_of, public_pages
from tests.browser.visitor import Visitor
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages

FOLDER = Path(__file__).parent / "aria"
IS_WRITING = os.environ.get("ARIA") == "write"
# “22 listopada 2026”, “22 November 2026”: the policy of the tests is in force since today.
# The days of a seed, and the hash of what was published on them, whole or shortened.
_DIFFERENT_IN_EACH_RUN = {
    r"\b\d{1,2} [^\W\d_]{3,} 20\d\d\b": "<date>",
    r"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}…": "<hash>",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_to_screen_readers_what_its_file_says(
    new_visitor: NewVisitor, language: str
) -> None:
    """Red when: a heading of any page changes its level; a button its name; a list is no list."""
    visitor = new_visitor()
    found = {}
    for page in public_pages(language):
        visitor.open(page.path, status=page.status)
        found[page.name] = snapshot(visitor)
    visitor.open(path_of("home", language) + "?ask=open")
    found["home_with_groups"] = snapshot(visitor)

    folder = FOLDER / language
    if IS_WRITING:
        write(folder, found)
    differences = [
        line for name in sorted(found) for line in difference(folder / f"{name}.yaml", found[name])
    ]
    assert not differences, "\n" + "\n".join(differences) + "\n\nMeant? See test_aria.py."
    assert {file.stem for file in folder.iterdir()} == set(found)


def snapshot(visitor: Visitor) -> str:
    text = visitor.page.locator("body").aria_snapshot().replace(visitor.origin, "<origin>")
    for pattern, word in _DIFFERENT_IN_EACH_RUN.items():
        text = re.sub(pattern, word, text)
    return text + "\n"


def write(folder: Path, snapshots: dict[str, str]) -> None:
    """Make the folder hold these files and no other."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for name, text in snapshots.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def difference(file: Path, text: str) -> list[str]:
    """What has changed since the file was written, as `diff -u` says it."""
    written = file.read_text(encoding="utf-8") if file.exists() else ""
    name = str(file.relative_to(FOLDER.parent))
    return list(
        unified_diff(written.splitlines(), text.splitlines(), name, "the page now", lineterm="")
    )
