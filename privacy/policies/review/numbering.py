"""Numbers, headings and marks that the page would show otherwise than they were typed."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _
from markdown_it.token import Token

from privacy.models import PolicyCode
from privacy.policies.review.kept_findings import kept
from privacy.policies.review.reviewed_text import ReviewedText, TextProblem
from privacy.policies.text.rendering import HEADING, PARAGRAPH
from privacy.policies.text.sections import Chunk, begins_section, shown

# Whatever staff may mean as a number: in brackets or marks, with a comma, with other digits.
_LIKE_A_NUMBER = re.compile(
    r"(?!\d{1,2}\.\d{1,2}\.\d{4}\b)[\W_]*(\d+(?:[.,]\d+)+[.)]?|\d+[.)])(?:\s|$|[^\W\d])"
)
# CommonMark (5.3) adds such a line to the paragraph before it, unless it is a list from 1 on.
_AFTER_A_BREAK = re.compile(r"\n[^\S\n]*((\d{1,4})\.\d{1,4}[.)]?|\d{1,9}[.)])\s")
# The rest of a link that the parser refused, for example one to javascript:.
_UNREAD_LINK = re.compile(r"\](?:\([^)\s]*|:\s*\S+)")


def numbering_problems(text: ReviewedText) -> Iterator[TextProblem]:
    """What the page would show otherwise than it was typed, and sections out of order."""
    if not text.parts:
        yield 0, _("The text is missing.")
        return
    yield from _section_order_problems(text)
    for part in text.parts:
        yield from ((part.index, sentence) for sentence in _chunk_problems(part.chunk))


def _section_order_problems(text: ReviewedText) -> Iterator[TextProblem]:
    """The first section that does not count up by one."""
    sections = [part for part in text.parts if part.number is not None]
    if not sections:
        yield 0, _("There is no section; begin one with a line like “## 0. Introduction”.")
        return
    # The privacy policy begins with section 0, an introduction; any other may.
    may_begin_with_1 = text.policy != PolicyCode.PRIVACY and sections[0].number == 1
    for expected, part in enumerate(sections, start=int(may_begin_with_1)):
        if part.number != expected:
            sentence = _("Section %(number)s appears where section %(expected)s is expected.")
            yield part.index, sentence % {"number": part.number, "expected": expected}
            return


@kept
def _chunk_problems(chunk: Chunk) -> Iterator[str]:
    """What the page would show of one section otherwise than it was typed."""
    yield from _heading_problems(chunk)
    yield from _paragraph_order_problems(chunk)
    yield from _paragraph_problems(chunk)
    yield from _list_problems(chunk.tokens)
    yield from _stray_item_problems(chunk)
    yield from _lost_problems(chunk.tokens)


@kept
def paragraph_numbers(chunk: Chunk) -> Iterator[str]:
    """The numbers of the paragraphs that get an anchor: 13.4."""
    for inline in _own_paragraphs(chunk.tokens):
        if match := PARAGRAPH.match(inline.content):
            yield f"{int(match[1])}.{int(match[2])}"


def _own_paragraphs(tokens: Sequence[Token]) -> Iterator[Token]:
    """The text of each paragraph that is in no list and no quotation."""
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open" and opening.level == 0:
            yield inline


def _heading_problems(chunk: Chunk) -> Iterator[str]:
    for opening, inline in pairwise(chunk.tokens):
        if opening.type == "heading_open" and (text := _heading_problem(opening, inline)):
            yield text % {"heading": shown(inline)}


def _heading_problem(opening: Token, inline: Token) -> str:
    if begins_section(opening):
        match = HEADING.match(inline.content)
        # “01.” would be shown as “1.”.
        if match and str(int(match[1])) == match[1]:
            return ""
        return _("“%(heading)s” has no number to link to: write a heading like “## 13. Title”.")
    if opening.tag not in {"h2", "h3"}:
        return _("“%(heading)s” would not be shown as a heading: begin it with “## ” or “### ”.")
    if opening.tag == "h2" or _LIKE_A_NUMBER.match(shown(inline)):
        return _(
            "“%(heading)s” does not begin a section: only a line like “## 13. Title” does, outside "
            "lists and quotations."
        )
    return ""


def _paragraph_order_problems(chunk: Chunk) -> Iterator[str]:
    for expected, number in enumerate(paragraph_numbers(chunk), start=1):
        if chunk.number is None:
            text = _("Paragraph %(number)s appears before the first section.")
        elif number != f"{chunk.number}.{expected}":
            text = _("Paragraph %(number)s appears where %(expected)s is expected.")
        else:
            continue
        yield text % {"number": number, "expected": f"{chunk.number}.{expected}"}
        return


def _paragraph_problems(chunk: Chunk) -> Iterator[str]:
    own = {id(inline) for inline in _own_paragraphs(chunk.tokens)}
    for opening, inline in pairwise(chunk.tokens):
        if opening.type != "paragraph_open":
            continue
        typed = PARAGRAPH.match(inline.content)
        if id(inline) in own:
            yield from _beginning_problems(typed, shown(inline))
        elif typed and int(typed[1]) == chunk.number:
            yield _(
                "The number %(number)s appears in a list or a quotation, where nobody can link to "
                "it: begin a paragraph of its own with it."
            ) % {"number": f"{typed[1]}.{typed[2]}"}
        for match in _AFTER_A_BREAK.finditer(shown(inline)):
            if match[2] is None or int(match[2]) == chunk.number:
                yield _(
                    "“%(number)s” would be shown in the middle of a paragraph: leave an empty line "
                    "before it."
                ) % {"number": match[1]}


def _beginning_problems(typed: re.Match[str] | None, text: str) -> Iterator[str]:
    """A number that gets no anchor, or “##” that begins no heading."""
    if typed:
        if f"{int(typed[1])}.{int(typed[2])}" != f"{typed[1]}.{typed[2]}":
            yield _unlinked(f"{typed[1]}.{typed[2]}")
    elif text.startswith("#"):
        line = text.split("\n")[0]
        yield _("“%(text)s” is not a heading: leave a space after “##”.") % {"text": line}
    elif match := _LIKE_A_NUMBER.match(text):
        yield _unlinked(match[1])


def _unlinked(number: str) -> str:
    return _(
        "“%(number)s” would be shown without a link of its own: begin a paragraph like “13.4 Text”."
    ) % {"number": number}


def _list_problems(tokens: Sequence[Token]) -> Iterator[str]:
    """CommonMark counts a list up from its first number, and always puts a point after it."""
    counters: list[int] = []
    for token in tokens:
        if token.type == "ordered_list_open":
            start = token.attrGet("start")
            counters.append(1 if start is None else int(start))
        elif token.type == "bullet_list_open":
            counters.append(-1)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            counters.pop()
        elif token.type == "list_item_open" and counters[-1] >= 0:
            typed, would_be = f"{token.info}{token.markup}", f"{counters[-1]}."
            if typed != would_be:
                yield _("The list item “%(typed)s” would be shown as “%(shown)s”.") % {
                    "typed": typed,
                    "shown": would_be,
                }
            counters[-1] += 1


def _stray_item_problems(chunk: Chunk) -> Iterator[str]:
    """A list of one item, numbered like a section, is a section whose `##` was forgotten."""
    following = 1
    items: list[int] = []
    for token in chunk.tokens:
        if token.type == "ordered_list_open" and token.level == 0:
            items = []
        elif token.type == "list_item_open" and token.level == 1 and token.info:
            items.append(int(token.info))
        elif token.type == "ordered_list_close" and token.level == 0:
            if len(items) == 1 and items[0] not in {1, following}:
                yield _(
                    "“%(number)s.” would be shown as an item of a list: begin a section with "
                    "“## %(number)s. ”, and a paragraph like “13.4 Text”."
                ) % {"number": items[0]}
            following = items[-1] + 1


def _lost_problems(tokens: Sequence[Token]) -> Iterator[str]:
    """Text that readers would not see, or would see with Markdown's marks."""
    for token in tokens:
        if token.type in {"code_block", "fence"}:
            yield _(
                "“%(text)s” would be shown as program code: take away the spaces or the “```” "
                "before it."
            ) % {"text": token.content.strip().split("\n")[0][:60]}
        for child in token.children or []:
            if child.type == "image":
                yield _("The image “%(name)s” would not be shown: take it out.") % {
                    "name": child.content
                }
            elif child.type == "text" and (match := _UNREAD_LINK.search(child.content)):
                yield _(
                    "“%(text)s” would be shown as it is typed: write a link like "
                    "“[13.4](#s13-4)”, to an address of a kind that is allowed."
                ) % {"text": match[0]}
