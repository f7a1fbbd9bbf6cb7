"""Tables that a policy prints where its text has the placeholder `{{ name }}`.

An app declares its own in a module of this name by `register`; the placeholder is filled when the
page is made, with what was true at the given moment.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from privacy.policies.text.rendering import PLACEHOLDER
from privacy.policies.text.sections import Part, shown

# Renders the table in the active language; with a moment, as it was then, else as it is now.
Table = Callable[[datetime | None], SafeString]


@dataclass(frozen=True)
class _Declared:
    table: Table
    required_in: frozenset[str]


_tables: dict[str, _Declared] = {}


def register(name: str, table: Table, *, required_in: Collection[str] = ()) -> None:
    """Declare the table that `{{ name }}` stands for, and the policies that must print it."""
    _tables[name] = _Declared(table, frozenset(required_in))


def names() -> set[str]:
    """The placeholders that a policy may use."""
    return set(_tables)


def render(name: str, *, at: datetime | None) -> str:
    """The HTML of a table, or nothing for a name that no app declares."""
    return _tables[name].table(at) if name in _tables else ""


def filled(pieces: Sequence[str], *, at: datetime | None) -> SafeString:
    """A text as HTML: its pieces, and between them the tables that `render` gives by name.

    The pieces were cleaned in rendering.py; a table escapes what it prints.
    """
    html = (render(piece, at=at) if place % 2 else piece for place, piece in enumerate(pieces))
    return mark_safe("".join(html))  # noqa: S308 - see above


def placeholders(part: Part) -> list[str]:
    """The names of the tables that stand here, each on a line of its own."""
    return [
        match[1]
        for opening, inline in zip(part.tokens, part.tokens[1:], strict=False)
        if opening.type == "paragraph_open" and opening.level == 0
        if (match := PLACEHOLDER.fullmatch(shown(inline)))
    ]


def problems(
    parts: Sequence[Part], policy: str, *, other: Sequence[Part] = ()
) -> Iterator[tuple[int, str]]:
    """Tables that are unknown, doubled, missing, or no line of their own; each with its part.

    A missing one is missed where the text in the other language has it.
    """
    seen: set[str] = set()
    for part in parts:
        for name in placeholders(part):
            if name not in _tables:
                yield part.index, _("There is no table called “%(name)s”.") % {"name": name}
            elif name in seen:
                yield (
                    part.index,
                    _("The line “{{ %(name)s }}” stands in the text twice: leave one of them.")
                    % {"name": name},
                )
            seen.add(name)
        yield from ((part.index, sentence) for sentence in _inside_text(part))
    for name, declared in sorted(_tables.items()):
        if policy in declared.required_in and name not in seen:
            there = next((part.index for part in other if name in placeholders(part)), 0)
            text = _("The line “{{ %(name)s }}” is missing: this policy must print that table.")
            yield min(there, max(len(parts) - 1, 0)), text % {"name": name}


def _inside_text(part: Part) -> Iterator[str]:
    """Braces that stay braces: in a sentence, a list, with a capital letter."""
    for opening, inline in zip(part.tokens, part.tokens[1:], strict=False):
        is_own = opening.type == "paragraph_open" and opening.level == 0
        text = shown(inline) if inline.type == "inline" else ""
        if "{{" in text and not (is_own and PLACEHOLDER.fullmatch(text)):
            yield _(
                "“{{” would be shown as it is typed: a table stands on a line of its own, with an "
                "empty line before and after it, such as “{{ cookies }}”."
            )
