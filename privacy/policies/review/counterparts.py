"""What a policy says in one language and not in the other, section by section."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from markdown_it.token import Token

from content import links
from privacy.policies.review.numbering import paragraph_numbers
from privacy.policies.review.reviewed_text import ReviewedText, TextProblem
from privacy.policies.text.sections import Part, begins_section


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
        len(tokens) > 3 and begins_section(tokens[0]) and tokens[3].type == "blockquote_open"
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
    other_numbers = {*paragraph_numbers(other)}
    for number in dict.fromkeys(paragraph_numbers(part)):
        if number not in other_numbers:
            yield _("Paragraph %(number)s is missing in the other language.") % {"number": number}
    yield from _count_problems(part, other)


def _count_problems(part: Part, other: Part) -> Iterator[str]:
    own, others = _counts(part.tokens), _counts(other.tokens)
    for kind, text in {
        "paragraph": _("Paragraphs here: %(here)d, in the other language: %(there)d."),
        "list_item": _("Items of lists here: %(here)d, in the other language: %(there)d."),
        "tr": _("Rows of tables here: %(here)d, in the other language: %(there)d."),
        "td": _("Cells of tables here: %(here)d, in the other language: %(there)d."),
        "heading": _("Headings here: %(here)d, in the other language: %(there)d."),
    }.items():
        if own[kind] > others[kind]:
            yield text % {"here": own[kind], "there": others[kind]}
    references = Counter(link for link in links.targets(part.tokens) if link.startswith("#"))
    surplus = references - Counter(links.targets(other.tokens))
    for target in surplus:
        yield _("The link to “%(target)s” appears here more often than in the other language.") % {
            "target": target
        }


def _counts(tokens: Sequence[Token]) -> Counter[str]:
    """The number of blocks of each kind; paragraphs inside lists and quotations do not count."""
    return Counter(
        token.type.removesuffix("_open")
        for token in tokens
        if token.nesting == 1 and (token.type != "paragraph_open" or token.level == 0)
    )
