"""The sections of a draft as they were typed: what their fields are called, and what they hold.

The editor cuts a text into fields, and the review reads it as a whole. Two sections may be typed
into one field, and a field without a heading continues the one before it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from content import bounds
from content.both_languages import LANGUAGES
from privacy.policies.review.reviewed_text import Problem
from privacy.policies.text.sections import join, parts, split

# Four digits at most: Python refuses to make a number of thousands of them.
_FIELD_NAME = re.compile(rf"section_([0-9]{{1,4}})_(?:{'|'.join(LANGUAGES)})")


def field_name(place: int, language: str) -> str:
    """The name of the field that a section is typed into; `place` counts from 0."""
    return f"section_{place}_{language}"


def last_place(names: Iterable[str]) -> int:
    """The highest place in the name of a section's field among the names; -1 without any."""
    matches = (_FIELD_NAME.fullmatch(name) for name in names)
    return max((int(match[1]) for match in matches if match), default=-1)


@dataclass(frozen=True)
class TypedSections:
    """What the fields hold, by language, in the order of the fields.

    `last_place` is the highest place that was sent. The form has no field for one above the bound.
    """

    typed: Mapping[str, Sequence[str]]
    last_place: int = -1

    def joined(self, language: str) -> str:
        """The text of a language as it is stored."""
        return join(self.typed[language])

    def large_texts(self) -> Iterator[Problem]:
        """Texts that are larger than the parser may get."""
        for code in LANGUAGES:
            for place, typed in enumerate(self.typed[code]):
                for sentence in bounds.section_excesses(typed):
                    yield Problem(sentence, f"id_{field_name(place, code)}")
        for code in LANGUAGES:
            for sentence in bounds.text_excesses(self._whole(code)):
                yield Problem(sentence, f"id_{field_name(0, code)}")

    def too_many_sections(self) -> Iterator[Problem]:
        """Texts with more sections than one may have. The parser counts the sections."""
        for code in LANGUAGES:
            sections = len(split(self._whole(code)))
            if max(sections, self.last_place) > bounds.MOST_SECTIONS:
                yield Problem(bounds.too_many_sections(), f"id_{field_name(0, code)}")

    def at_field(self, problem: Problem) -> Problem:
        """The same problem, at the field that holds its section; any other problem as it is."""
        kind, _mark, rest = problem.place.removeprefix("id_").partition("_")
        if kind != "section":
            return problem
        number, _mark, language = rest.partition("_")
        places = self._places[language]
        if int(number) >= len(places):
            return problem
        return Problem(problem.text, f"id_{field_name(places[int(number)], language)}")

    def _whole(self, language: str) -> str:
        return "\n\n".join(self.typed[language])

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """For each section of the whole text, the place of the field that it begins in."""
        return {code: self._places_of(code) for code in LANGUAGES}

    def _places_of(self, language: str) -> list[int]:
        places: list[int] = []
        for place, typed in enumerate(self.typed[language]):
            for part in parts(typed):
                if not places or part.chunk.begins_section:
                    places.append(place)
        return places
