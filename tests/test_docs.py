"""What the docs name is there: files, functions in them, and the pages that they link to."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.run_once import needs_no_database

pytestmark = needs_no_database

ROOT = Path(settings.BASE_DIR)
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_FILE = re.compile(r"`([\w./*<>-]+/[\w.*<>-]*\.(?:py|toml|html|js|css|md|conf))(?::(\w+))?`")
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {
        "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings
    }


def missing(page: Path) -> list[str]:
    problems = []
    for name, function in _FILE.findall(page.read_text()):
        if "<" in name:  # `static/css/<component>.css` stands for all of them
            continue
        files = list(ROOT.glob(name))
        if not files or (function and not re.search(rf"\b{function}\b", files[0].read_text())):
            problems.append(f"{name}:{function}".rstrip(":"))
    prose = re.sub(r"`[^`]*`", "", page.read_text())
    for link, anchor in _LINK.findall(prose):
        target = (page.parent / link).resolve() if link else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            problems.append(link + anchor)
    return problems


def test_there_are_docs_to_read_and_names_in_them() -> None:
    assert len(DOCS) >= 15
    assert len(_FILE.findall("\n".join(page.read_text() for page in DOCS))) >= 100


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_doc_names_is_there(page: Path) -> None:
    """Red when: a module moves, and a doc still leads to its old place."""
    assert missing(page) == []
