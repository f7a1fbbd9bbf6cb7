"""What stops the publication of a policy's version, what is to be checked before it, and where."""

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, Protocol

from django.utils.translation import gettext as _

from content import bounds, links
from content.both_languages import LANGUAGES
from privacy.models import PolicyCode
from privacy.policies.review.article_13 import article_13_problems
from privacy.policies.review.counterparts import counterpart_problems
from privacy.policies.review.kept_findings import kept
from privacy.policies.review.legal_phrases import phrase_warnings
from privacy.policies.review.numbering import numbering_problems, paragraph_numbers
from privacy.policies.review.placeholders import placeholder_problems
from privacy.policies.review.reviewed_text import Problem, ReviewedText, TextProblem
from privacy.policies.text.sections import Chunk, Part, parts

# Markdown shows these as they were typed, "<" included.
_BACKTICKS = re.compile(r"`+")
_ESCAPED = re.compile(r"\\[<\\]")
_AUTOLINK = re.compile(r"<(?:https?:|mailto:|tel:)[^<>\s]*>|<[^<>\s@]+@[^<>\s@]+>")
# The most characters of a text that a sentence quotes.
_QUOTED = 60
_RAW_HTML = re.compile(r"</?[a-zA-Z][^<>]{0,60}>?|<!-?-?|<\?")


class Version(Protocol):
    """The fields of a version that the review reads, saved or not."""

    policy: str
    title_pl: str
    title_en: str
    text_pl: str
    text_en: str
    change_summary_pl: str
    change_summary_en: str
    article_13: Any


def version_problems(version: Version, *, is_first: bool) -> list[Problem]:
    """Every reason against publishing this version, in the order of the form.

    `is_first`: no version of the policy was published before, so nothing changes.
    """
    if excesses := list(_excesses(version)):
        return excesses
    polish, english = parts(version.text_pl), parts(version.text_en)
    texts = (
        ReviewedText(version.policy, "pl", polish, english),
        ReviewedText(version.policy, "en", english, polish),
    )
    return [
        *_title_problems({"pl": version.title_pl, "en": version.title_en}),
        *_summary_problems(
            {"pl": version.change_summary_pl, "en": version.change_summary_en},
            is_first,
            {text.language: _anchors(text.parts) for text in texts},
        ),
        *(problem for text in texts for problem in _text_problems(text)),
        *_article_13_problems(version, polish, english),
    ]


def version_warnings(version: Version) -> list[Problem]:
    """What a person checks before this version is published: each sentence may be right."""
    return [] if any(_excesses(version)) else list(dict.fromkeys(_warnings(version)))


def _excesses(version: Version) -> Iterator[Problem]:
    """Texts that are larger than the review reads."""
    for language in LANGUAGES:
        for name, place in (("change_summary", "change_summary"), ("text", "section_0")):
            for sentence in bounds.text_excesses(getattr(version, f"{name}_{language}")):
                yield Problem(sentence, f"id_{place}_{language}")


def _warnings(version: Version) -> Iterator[Problem]:
    for language in LANGUAGES:
        for part in parts(getattr(version, f"change_summary_{language}")):
            for sentence in phrase_warnings(part.chunk):
                text = _labeled(_("What changes"), language, sentence)
                yield Problem(text, f"id_change_summary_{language}")
        for part in parts(getattr(version, f"text_{language}")):
            for sentence in phrase_warnings(part.chunk):
                text = _labeled(_name(part), language, sentence)
                yield Problem(text, f"id_section_{part.index}_{language}")


def _labeled(what: str, language: str, sentence: str) -> str:
    name = _("in Polish") if language == "pl" else _("in English")
    return f"{what} ({name}): {sentence}"


def _title_problems(titles: dict[str, str]) -> Iterator[Problem]:
    for language, title in titles.items():
        sentences = [] if title.strip() else [_("The title is missing.")]
        sentences += _raw_html_problems(title)
        for sentence in sentences:
            yield Problem(_labeled(_("Title"), language, sentence), f"id_title_{language}")


def _summary_problems(
    summaries: dict[str, str], is_first: bool, anchors: dict[str, set[str]]
) -> Iterator[Problem]:
    # The first version changes nothing for readers; a summary in one language only is refused.
    is_needed = not is_first or any(summary.strip() for summary in summaries.values())
    for language, summary in summaries.items():
        sentences = []
        if is_needed and not summary.strip():
            sentences.append(_("Say in plain words what this version changes, in both languages."))
        for part in parts(summary):
            sentences += _part_problems(part, language, anchors[language])
        for sentence in sentences:
            yield Problem(
                _labeled(_("What changes"), language, sentence), f"id_change_summary_{language}"
            )


def _text_problems(text: ReviewedText) -> Iterator[Problem]:
    """The problems of one language, section by section."""
    checks = (counterpart_problems, numbering_problems, _content_problems, placeholder_problems)
    problems = dict.fromkeys(problem for check in checks for problem in check(text))
    # A stable sort: the problems of one section stay in the order of the checks.
    for index, sentence in sorted(problems, key=itemgetter(0)):
        name = _name(text.parts[index]) if text.parts else _("Text")
        yield Problem(
            _labeled(name, text.language, sentence), f"id_section_{index}_{text.language}"
        )


def _name(part: Part) -> str:
    if part.number is not None:
        return _("Section %(number)s") % {"number": part.number}
    if part.heading:
        return f"“{part.heading[:_QUOTED]}”"
    return _("The text before the first section")


def _anchors(sections: Sequence[Part]) -> set[str]:
    """The anchors to which a link within the text can lead."""
    return {
        *(f"s{part.number}" for part in sections if part.number is not None),
        *(f"s{number.replace('.', '-')}" for number in _paragraph_numbers(sections)),
    }


def _content_problems(text: ReviewedText) -> Iterator[TextProblem]:
    anchors = _anchors(text.parts)
    for part in text.parts:
        for sentence in _part_problems(part, text.language, anchors):
            yield part.index, sentence


def _part_problems(part: Part, language: str, anchors: set[str]) -> Iterator[str]:
    """Links that lead nowhere, and HTML that would be shown as text."""
    for link in links.targets(part.tokens):
        if link.startswith("#") and link[1:] not in anchors:
            yield _("The link to “%(target)s” leads nowhere.") % {"target": link}
    yield from _own_problems(part.chunk, language)


@kept
def _own_problems(chunk: Chunk, language: str) -> Iterator[str]:
    """What is wrong in one section, whatever the others say: links to pages, and HTML."""
    for link in links.targets(chunk.tokens):
        yield from links.link_problems(link, language)
    for token in chunk.tokens:
        if token.type == "inline":
            yield from _raw_html_problems(token.content)


def _raw_html_problems(source: str) -> Iterator[str]:
    """Tags and comments; not those in program code, and not escaped ones."""
    source = _AUTOLINK.sub(" ", _without_code(_ESCAPED.sub(" ", source)))
    for match in _RAW_HTML.finditer(source):
        yield _("“%(tag)s” would be shown as it is typed: HTML does nothing here.") % {
            "tag": match[0]
        }


def _without_code(source: str) -> str:
    """The text without code spans: from a run of backticks to the next one of the same length.

    Each run is looked at twice (CommonMark, 6.1). A regular expression would look for the end of
    each run in the whole text, and again for each shorter part of the run.
    """
    runs = list(_BACKTICKS.finditer(source))
    ends: dict[int, int] = {}
    next_of_its_length: dict[int, int] = {}
    for run in reversed(runs):
        length = len(run[0])
        if length in next_of_its_length:
            ends[run.start()] = next_of_its_length[length]
        next_of_its_length[length] = run.end()
    kept, place = [], 0
    for run in runs:
        if run.start() >= place and run.start() in ends:
            kept.append(source[place : run.start()])
            place = ends[run.start()]
    return " ".join([*kept, source[place:]])


def _article_13_problems(
    version: Version, polish: list[Part], english: list[Part]
) -> Iterator[Problem]:
    if version.policy == PolicyCode.PRIVACY:
        # A reader reads one language, so both must have the paragraph.
        numbers = _paragraph_numbers(polish) & _paragraph_numbers(english)
        yield from article_13_problems(version.article_13, numbers)


def _paragraph_numbers(sections: Sequence[Part]) -> set[str]:
    return {number for part in sections for number in paragraph_numbers(part.chunk)}
