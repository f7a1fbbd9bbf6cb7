"""What a policy says in one language and not in the other, section by section."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from markdown_it.token import Token

from content import links
from privacy.policies.review.numbering import paragraph_numbers
from privacy.policies.text.sections import Part, begins_section

Found = tuple[int, str]


def problems(polish: Sequence[Part], english: Sequence[Part]) -> tuple[list[Found], list[Found]]:
    """What is missing or too much, each with its part: in Polish, and in English."""
    found: tuple[list[Found], list[Found]] = ([], [])
    by_number = [{part.number: part for part in reversed(parts)} for parts in (polish, english)]
    for mine, others, problems_here in (
        (polish, by_number[1], found[0]),
        (english, by_number[0], found[1]),
    ):
        for part in mine:
            if part.number is None and part.heading:
                continue  # said already: a heading without its number
            problems_here.extend(
                (part.index, sentence) for sentence in _problems(part, others.get(part.number))
            )
    return found


def has_summary(part: Part) -> bool:
    """Whether a quotation follows the heading at once: the section in short."""
    tokens = part.tokens
    return bool(
        len(tokens) > 3 and begins_section(tokens[0]) and tokens[3].type == "blockquote_open"
    )


def _problems(part: Part, other: Part | None) -> Iterator[str]:
    """What stands here and not there. What stands there alone is said there."""
    if other is None:
        if part.number is None:
            yield _("This text has no counterpart in the other language: write it there, too.")
        else:
            yield _("This section has no counterpart in the other language: write it there, too.")
        return
    if has_summary(part) and not has_summary(other):
        yield _("The summary of this section is missing in the other language.")
    there = paragraph_numbers(other)
    for number in dict.fromkeys(paragraph_numbers(part)):
        if number not in there:
            yield _("Paragraph %(number)s is missing in the other language.") % {"number": number}
    yield from _count_problems(part, other)


def _count_problems(part: Part, other: Part) -> Iterator[str]:
    here, there = _counts(part.tokens), _counts(other.tokens)
    for kind, text in {
        "paragraph": _("Paragraphs here: %(here)d, in the other language: %(there)d."),
        "list_item": _("Items of lists here: %(here)d, in the other language: %(there)d."),
        "tr": _("Rows of tables here: %(here)d, in the other language: %(there)d."),
        "td": _("Cells of tables here: %(here)d, in the other language: %(there)d."),
        "heading": _("Headings here: %(here)d, in the other language: %(there)d."),
    }.items():
        if here[kind] > there[kind]:
            yield text % {"here": here[kind], "there": there[kind]}
    references = Counter(link for link in links.targets(part.tokens) if link.startswith("#"))
    more = references - Counter(links.targets(other.tokens))
    for target in more:
        yield _("The link to “%(target)s” stands here more often than in the other language.") % {
            "target": target
        }


def _counts(tokens: Sequence[Token]) -> Counter[str]:
    """How many of each kind are opened; paragraphs inside lists and quotations are not counted."""
    return Counter(
        token.type.removesuffix("_open")
        for token in tokens
        if token.nesting == 1 and (token.type != "paragraph_open" or token.level == 0)
    )
