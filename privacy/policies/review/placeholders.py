"""Placeholders of generated tables that a policy lacks, repeats, or that stay plain text."""

from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

from privacy.policies.review.kept_findings import kept
from privacy.policies.review.reviewed_text import ReviewedText, TextProblem
from privacy.policies.text import tables
from privacy.policies.text.rendering import PLACEHOLDER
from privacy.policies.text.sections import Chunk, shown


def placeholder_problems(text: ReviewedText) -> Iterator[TextProblem]:
    """Tables that are unknown, repeated or missing, and braces that no table replaces.

    A missing table is reported at the section that has it in the other language.
    """
    seen: set[str] = set()
    for part in text.parts:
        for name in _placeholders(part.chunk):
            if name not in tables.names():
                yield part.index, _("There is no table called “%(name)s”.") % {"name": name}
            elif name in seen:
                yield (
                    part.index,
                    _("The line “{{ %(name)s }}” appears in the text twice: leave one of them.")
                    % {"name": name},
                )
            seen.add(name)
        yield from ((part.index, sentence) for sentence in _brace_problems(part.chunk))
    for name in tables.required_in(text.policy):
        if name not in seen:
            place = next(
                (part.index for part in text.other if name in _placeholders(part.chunk)), 0
            )
            sentence = _("The line “{{ %(name)s }}” is missing: this policy must print that table.")
            # The text in the other language can have more sections than this one.
            yield min(place, max(len(text.parts) - 1, 0)), sentence % {"name": name}


@kept
def _placeholders(chunk: Chunk) -> Iterator[str]:
    """The names of the tables that a part prints, each on a line of its own."""
    for opening, inline in pairwise(chunk.tokens):
        is_own = opening.type == "paragraph_open" and opening.level == 0
        if is_own and (match := PLACEHOLDER.fullmatch(shown(inline))):
            yield match[1]


@kept
def _brace_problems(chunk: Chunk) -> Iterator[str]:
    """Braces that stay braces: in a sentence, in a list, around a name with a capital letter."""
    for opening, inline in pairwise(chunk.tokens):
        is_own = opening.type == "paragraph_open" and opening.level == 0
        text = shown(inline) if inline.type == "inline" else ""
        if "{{" in text and not (is_own and PLACEHOLDER.fullmatch(text)):
            yield _(
                "“{{” would be shown as it is typed: a table stands on a line of its own, with an "
                "empty line before and after it, such as “{{ cookies }}”."
            )
