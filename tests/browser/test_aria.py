"""The roles, names and states of every page for screen readers, compared with files.

A change of a page or of its words changes its file in `aria/`. This command writes all files again:

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
# The seed publishes the policies today: “22 listopada 2026”, “22 November 2026”. Their hashes depend
# on that day; pages show them whole or shortened.
_DIFFERENT_IN_EACH_RUN = {
    r"\b\d{1,2} [^\W\d_]{3,} 20\d\d\b": "<date>",
    r"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}…": "<hash>",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_the_accessibility_tree_in_its_file(
    new_visitor: NewVisitor, language: str
) -> None:
    """Red when: a heading changes its level, a button its name, or a list loses its role."""
    visitor = new_visitor()
    snapshots = {}
    for page in public_pages(language):
        visitor.open(page.path, status=page.status)
        snapshots[page.name] = snapshot(visitor)
    visitor.open(path_of("home", language) + "?ask=open")
    snapshots["home_with_groups"] = snapshot(visitor)

    folder = FOLDER / language
    if IS_WRITING:
        write(folder, snapshots)
    differences = [
        line
        for name in sorted(snapshots)
        for line in difference(folder / f"{name}.yaml", snapshots[name])
    ]
    assert not differences, "\n" + "\n".join(differences) + "\n\nIntended? See test_aria.py."
    assert {file.stem for file in folder.iterdir()} == set(snapshots)


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
    """The changes since the file was written, in the format of `diff -u`."""
    old_text = file.read_text(encoding="utf-8") if file.exists() else ""
    name = str(file.relative_to(FOLDER.parent))
    return list(
        unified_diff(old_text.splitlines(), text.splitlines(), name, "the page now", lineterm="")
    )
