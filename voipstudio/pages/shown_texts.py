"""The texts of pages as readers see them: immutable values, one set per page and language.

Staff edit the rows of voipstudio/models.py in the admin; the first ones are in seed/texts.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from content import store
from content.both_languages import LANGUAGES, by_language
from content.markdown import clean, markdown
from voipstudio.models import Page, Question

_EMPTY = SafeString()


@dataclass(frozen=True)
class Item:
    """One row of a section's list."""

    icon: str
    name: str
    text: str


@dataclass(frozen=True)
class Section:
    """One part of a page. Templates leave out a section whose heading is empty."""

    heading: str = ""
    text: SafeString = _EMPTY
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class QuestionAndAnswer:
    """A frequent question with its answer as HTML."""

    question: str
    answer: SafeString


@dataclass(frozen=True)
class PageTexts:
    """All texts of one page in one language."""

    title: str = ""
    lead: str = ""
    description: str = ""
    body: SafeString = _EMPTY
    sections: Mapping[str, Section] = field(default_factory=dict)
    questions: tuple[QuestionAndAnswer, ...] = ()


def page_texts(page: str, language: str) -> PageTexts:
    """The texts of the page with this code; all empty for an unknown code.

    Raises ContentUnavailable.
    """
    pages: Mapping[tuple[str, str], PageTexts] = store.current()["pages"]
    return pages.get((page, language), PageTexts())


# Every change of content builds all texts again, and most of them have not changed.
@lru_cache(maxsize=512)
def html(source: str) -> SafeString:
    """Markdown as HTML without anything that could run or load, whatever staff typed."""
    return mark_safe(clean(markdown.render(source)))  # noqa: S308 - cleaned to a list of tags


def _read() -> list[dict[str, Any]]:
    """Every row, with its texts by language, as JSON."""
    questions: dict[str, list[dict[str, Any]]] = {}
    for row in Question.objects.all():
        texts = {name: by_language(row, name) for name in ("question", "answer")}
        questions.setdefault(row.page, []).append(texts)
    return [
        {
            "code": page.code,
            **{name: by_language(page, name) for name in ("title", "lead", "description", "body")},
            "sections": [
                {
                    "code": section.code,
                    **{name: by_language(section, name) for name in ("heading", "text")},
                    "items": [
                        {
                            "icon": item.icon,
                            "name": by_language(item, "name"),
                            "text": by_language(item, "text"),
                        }
                        for item in section.items.all()
                    ],
                }
                for section in page.sections.all()
            ],
            "questions": questions.get(page.code, []),
        }
        for page in Page.objects.prefetch_related("sections__items")
    ]


def _build(rows: list[dict[str, Any]], at: datetime) -> Mapping[tuple[str, str], PageTexts]:
    return MappingProxyType(
        {(row["code"], language): _page(row, language) for row in rows for language in LANGUAGES}
    )


def _page(row: dict[str, Any], language: str) -> PageTexts:
    return PageTexts(
        title=row["title"][language],
        lead=row["lead"][language],
        description=row["description"][language],
        body=html(row["body"][language]),
        sections=MappingProxyType(
            {section["code"]: _section(section, language) for section in row["sections"]}
        ),
        questions=tuple(
            QuestionAndAnswer(texts["question"][language], html(texts["answer"][language]))
            for texts in row["questions"]
        ),
    )


def _section(row: dict[str, Any], language: str) -> Section:
    return Section(
        heading=row["heading"][language],
        text=html(row["text"][language]),
        items=tuple(
            Item(icon=item["icon"], name=item["name"][language], text=item["text"][language])
            for item in row["items"]
        ),
    )


SOURCE = store.Source("pages", _read, _build)
