"""Stores the first texts of the pages, which are in texts.toml."""

import tomllib
from pathlib import Path
from typing import Any

from content.models import ContentRevision
from voipstudio.models import Page, PageSection, Question, SectionItem

_TEXTS = Path(__file__).parent / "texts.toml"


def add_missing_pages() -> None:
    """Store each page and section of texts.toml that the database lacks.

    A new release brings new ones. Staff cannot delete any, so this undoes no change of theirs.
    """
    stored = set(PageSection.objects.values_list("page__code", "code"))
    for text in _texts()["page"]:
        page, is_new = Page.objects.get_or_create(
            code=text["code"], defaults=_fields(text, "title", "lead", "description", "body")
        )
        missing = [s for s in text.get("section", []) if (page.code, s["code"]) not in stored]
        for section in missing:
            _add_section(page, section)
        if is_new or missing:
            ContentRevision.objects.bump()


def seed_questions() -> None:
    """Store the first questions and answers."""
    Question.objects.bulk_create(
        Question(page=row["page"], order=order, **_fields(row, "question", "answer"))
        for order, row in enumerate(_texts()["question"])
    )


def _texts() -> dict[str, Any]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))


def _add_section(page: Page, section: dict[str, Any]) -> None:
    row = PageSection.objects.create(
        page=page, code=section["code"], **_fields(section, "heading", "text")
    )
    SectionItem.objects.bulk_create(
        SectionItem(
            section=row, order=order, icon=item.get("icon", ""), **_fields(item, "name", "text")
        )
        for order, item in enumerate(section.get("item", []))
    )


def _fields(row: dict[str, Any], *names: str) -> dict[str, str]:
    return {
        f"{name}_{language}": text for name in names for language, text in row.get(name, {}).items()
    }
