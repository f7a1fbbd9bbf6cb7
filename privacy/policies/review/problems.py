"""What stops the publication of a policy's version, what is to be checked before it, and where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from content import links
from content.both_languages import LANGUAGES
from privacy.policies.review import article_13, counterparts, legal_phrases, numbering
from privacy.policies.text import tables
from privacy.policies.text.sections import Part, parts

_PRIVACY = "privacy"
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\[<\\]")
_AUTOLINK = re.compile(r"<(?:https?:|mailto:|tel:)[^<>\s]*>|<[^<>\s@]+@[^<>\s@]+>")
_RAW_HTML = re.compile(r"</?[a-zA-Z][^<>]{0,60}>?|<!-?-?|<\?")


class Version(Protocol):
    """What is looked at of a version, saved or not."""

    policy: str
    title_pl: str
    title_en: str
    text_pl: str
    text_en: str
    change_summary_pl: str
    change_summary_en: str
    article_13: Any


@dataclass(frozen=True)
class Problem:
    """A reason against publication, or a warning: a sentence for staff, and the id of its field."""

    text: str
    place: str


def problems(version: Version, *, is_first: bool) -> list[Problem]:
    """Every reason against publishing this version, in the order of the form.

    `is_first`: nothing was published before it, so nothing changes.
    """
    polish, english = parts(version.text_pl), parts(version.text_en)
    found_in_polish, found_in_english = counterparts.problems(polish, english)
    by_language = {
        "pl": _Text("pl", polish, english, found_in_polish),
        "en": _Text("en", english, polish, found_in_english),
    }
    return [
        *_title_problems({"pl": version.title_pl, "en": version.title_en}),
        *_summary_problems(
            {"pl": version.change_summary_pl, "en": version.change_summary_en},
            is_first,
            {language: _anchors(text.parts) for language, text in by_language.items()},
        ),
        *(problem for text in by_language.values() for problem in _text_problems(text, version)),
        *(_article_13_problems(version, polish, english) if version.policy == _PRIVACY else ()),
    ]


def warnings(version: Version) -> list[Problem]:
    """What a person checks before this version is published: it may be right as it stands."""
    return list(dict.fromkeys(_warnings(version)))


def _warnings(version: Version) -> Iterator[Problem]:
    for language in LANGUAGES:
        for part in parts(getattr(version, f"change_summary_{language}")):
            for sentence in legal_phrases.warnings(part):
                said = _said(_("What changes"), language, sentence)
                yield Problem(said, f"id_change_summary_{language}")
        for part in parts(getattr(version, f"text_{language}")):
            for sentence in legal_phrases.warnings(part):
                said = _said(_name(part), language, sentence)
                yield Problem(said, f"id_section_{part.index}_{language}")


@dataclass(frozen=True)
class _Text:
    language: str
    parts: list[Part]
    other: list[Part]
    found: list[counterparts.Found]


def _said(what: str, language: str, sentence: str) -> str:
    name = _("in Polish") if language == "pl" else _("in English")
    return f"{what} ({name}): {sentence}"


def _title_problems(titles: dict[str, str]) -> Iterator[Problem]:
    for language, title in titles.items():
        found = [] if title.strip() else [_("The title is missing.")]
        found += _raw_html_problems(title)
        for sentence in found:
            yield Problem(_said(_("Title"), language, sentence), f"id_title_{language}")


def _summary_problems(
    summaries: dict[str, str], is_first: bool, anchors: dict[str, set[str]]
) -> Iterator[Problem]:
    is_needed = not is_first or any(summary.strip() for summary in summaries.values())
    for language, summary in summaries.items():
        found = []
        if is_needed and not summary.strip():
            found.append(_("Say in plain words what this version changes, in both languages."))
        for part in parts(summary):
            found += _content_problems(part, language, anchors[language])
        for sentence in found:
            yield Problem(
                _said(_("What changes"), language, sentence), f"id_change_summary_{language}"
            )


def _text_problems(text: _Text, version: Version) -> Iterator[Problem]:
    """The problems of one language, section by section."""
    found = list(text.found)
    if not text.parts:
        found.append((0, _("The text is missing.")))
    else:
        first = {0} if version.policy == _PRIVACY else {0, 1}
        found += numbering.sequence_problems(text.parts, first)
    anchors = _anchors(text.parts)
    for part in text.parts:
        found += ((part.index, sentence) for sentence in numbering.problems(part))
        found += (
            (part.index, sentence) for sentence in _content_problems(part, text.language, anchors)
        )
    found += tables.problems(text.parts, version.policy, other=text.other)
    for index, sentence in sorted(dict.fromkeys(found), key=lambda item: item[0]):
        name = _name(text.parts[index]) if text.parts else _("Text")
        yield Problem(_said(name, text.language, sentence), f"id_section_{index}_{text.language}")


def _name(part: Part) -> str:
    if part.number is not None:
        return _("Section %(number)s") % {"number": part.number}
    if part.heading:
        return f"“{part.heading}”"
    return _("The text before the first section")


def _anchors(sections: Sequence[Part]) -> set[str]:
    """Where a link within the text can lead."""
    numbers = (number for part in sections for number in numbering.paragraph_numbers(part))
    return {
        *(f"s{part.number}" for part in sections if part.number is not None),
        *(f"s{number.replace('.', '-')}" for number in numbers),
    }


def _content_problems(part: Part, language: str, anchors: set[str]) -> Iterator[str]:
    """Links that lead nowhere, and HTML that would be shown as text."""
    for link in links.targets(part.tokens):
        if link.startswith("#") and link[1:] not in anchors:
            yield _("The link to “%(target)s” leads nowhere.") % {"target": link}
        yield from links.link_problems(link, language)
    for token in part.tokens:
        if token.type == "inline":
            yield from _raw_html_problems(token.content)


def _raw_html_problems(source: str) -> Iterator[str]:
    """Tags and comments; not those in program code, nor those that were meant to be seen."""
    for pattern in (_ESCAPED, _CODE, _AUTOLINK):
        source = pattern.sub(" ", source)
    for match in _RAW_HTML.finditer(source):
        yield _("“%(tag)s” would be shown as it is typed: HTML does nothing here.") % {
            "tag": match[0]
        }


def _article_13_problems(
    version: Version, polish: list[Part], english: list[Part]
) -> Iterator[Problem]:
    numbers = [
        {number for part in sections for number in numbering.paragraph_numbers(part)}
        for sections in (polish, english)
    ]
    for code, sentence in article_13.problems(version.article_13, numbers[0] & numbers[1]):
        yield Problem(sentence, f"id_article_13_{code}")
