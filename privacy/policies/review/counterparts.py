"""What a policy says in one language and not in the other, section by section."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from content import links
from privacy.policies.review.kept_findings import kept
from privacy.policies.review.numbering import paragraph_numbers
from privacy.policies.review.reviewed_text import ReviewedText, TextProblem
from privacy.policies.text.sections import Chunk, Part


def counterpart_problems(text: ReviewedText) -> Iterator[TextProblem]:
    """Sections, paragraphs and other parts of this language that the other one lacks."""
    # Reversed, so that of two sections with one number the first one counts.
    others = {part.number: part for part in reversed(text.other)}
    for part in text.parts:
        if part.number is None and part.heading:
            continue  # numbering.py reports a heading without a number
        for sentence in _part_problems(part, others.get(part.number)):
            yield part.index, sentence


def has_summary(part: Part) -> bool:
    """Whether a quotation follows the heading at once: the section in short."""
    tokens = part.tokens
    return bool(
        part.chunk.begins_section and len(tokens) > 3 and tokens[3].type == "blockquote_open"
    )


def _part_problems(part: Part, other: Part | None) -> Iterator[str]:
    """What the other language lacks. What this one lacks is reported in the other language."""
    if other is None:
        if part.number is None:
            yield _("This text has no counterpart in the other language: write it there, too.")
        else:
            yield _("This section has no counterpart in the other language: write it there, too.")
        return
    if has_summary(part) and not has_summary(other):
        yield _("The summary of this section is missing in the other language.")
    other_numbers = {*paragraph_numbers(other.chunk)}
    for number in dict.fromkeys(paragraph_numbers(part.chunk)):
        if number not in other_numbers:
            yield _("Paragraph %(number)s is missing in the other language.") % {"number": number}
    yield from _count_problems(part, other)


def _count_problems(part: Part, other: Part) -> Iterator[str]:
    own, others = Counter(_kinds(part.chunk)), Counter(_kinds(other.chunk))
    for kind, text in {
        "paragraph": _("Paragraphs here: %(here)d, in the other language: %(there)d."),
        "list_item": _("Items of lists here: %(here)d, in the other language: %(there)d."),
        "tr": _("Rows of tables here: %(here)d, in the other language: %(there)d."),
        "td": _("Cells of tables here: %(here)d, in the other language: %(there)d."),
        "heading": _("Headings here: %(here)d, in the other language: %(there)d."),
    }.items():
        if own[kind] > others[kind]:
            yield text % {"here": own[kind], "there": others[kind]}
    surplus = Counter(_references(part.chunk)) - Counter(_references(other.chunk))
    for target in surplus:
        yield _("The link to “%(target)s” appears here more often than in the other language.") % {
            "target": target
        }


@kept
def _kinds(chunk: Chunk) -> Iterator[str]:
    """The kind of each block; paragraphs inside lists and quotations do not count."""
    for token in chunk.tokens:
        if token.nesting == 1 and (token.type != "paragraph_open" or token.level == 0):
            yield token.type.removesuffix("_open")


@kept
def _references(chunk: Chunk) -> Iterator[str]:
    """The target of each link to a place in the policy."""
    return (link for link in links.targets(chunk.tokens) if link.startswith("#"))
