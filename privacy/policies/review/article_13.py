"""What a privacy policy must say by Article 13 of the GDPR, and which paragraphs say it."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.policies.review.reviewed_text import Problem

_SEPARATOR = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Item:
    """One thing that the data subject must be told, and its provision."""

    code: str
    label: str | Promise
    paragraph: int
    letters: str

    @property
    def article(self) -> str:
        """The provision, as the active language writes it: Art. 13(1)(a)."""
        return _("Art. 13(%(paragraph)s)(%(letters)s)") % {
            "paragraph": self.paragraph,
            "letters": self.letters,
        }


ITEMS = (
    Item("controller", gettext_lazy("who the controller is, and how to reach it"), 1, "a"),
    Item("officer", gettext_lazy("how to reach the data protection officer"), 1, "b"),
    Item(
        "purposes",
        gettext_lazy("what the data is used for, on which lawful basis, and the interests pursued"),
        1,
        "c, d",
    ),
    Item("recipients", gettext_lazy("who receives the data"), 1, "e"),
    Item("transfers", gettext_lazy("transfers to third countries, and their safeguards"), 1, "f"),
    Item("retention", gettext_lazy("how long the data is kept"), 2, "a"),
    Item(
        "rights",
        gettext_lazy(
            "the rights (access, rectification, erasure, restriction, objection, portability)"
        ),
        2,
        "b",
    ),
    Item("withdrawal", gettext_lazy("that consent can be withdrawn at any time"), 2, "c"),
    Item("complaint", gettext_lazy("the right to complain to a supervisory authority"), 2, "d"),
    Item(
        "mandatory",
        gettext_lazy("whether the data must be given, and what follows if it is not"),
        2,
        "e",
    ),
    Item("automated", gettext_lazy("automated decisions, profiling included"), 2, "f"),
)


def parse(typed: str) -> list[str]:
    """The numbers that staff type, such as “2.1, 2.3”. Other words stay, and become problems."""
    numbers = (number.rstrip(".") for number in _SEPARATOR.split(typed))
    return list(dict.fromkeys(number for number in numbers if number))


def text(numbers: Iterable[str]) -> str:
    """These numbers as staff type them."""
    return ", ".join(numbers)


def numbers_of(checklist: Any, code: str) -> list[str]:
    """The paragraphs that a checklist names for an item; empty if it is not a checklist."""
    # A JSON column: SQL can write any value into it.
    numbers = checklist.get(code) if isinstance(checklist, dict) else None
    return [str(number) for number in numbers] if isinstance(numbers, list) else []


def article_13_problems(checklist: Any, paragraphs: Collection[str]) -> Iterator[Problem]:
    """Items that no paragraph answers; `paragraphs` are the numbers in the text."""
    for item in ITEMS:
        place = f"id_article_13_{item.code}"
        numbers = numbers_of(checklist, item.code)
        if not numbers:
            text = _("Name the paragraph that says this: %(item)s (%(article)s GDPR).")
            yield Problem(text % {"item": item.label, "article": item.article}, place)
        for number in numbers:
            if number not in paragraphs:
                text = _("There is no paragraph %(number)s, which is to say this: %(item)s.")
                yield Problem(text % {"item": item.label, "number": number}, place)
