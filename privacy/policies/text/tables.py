"""Tables that a policy prints where its text has the placeholder `{{ name }}`.

An app declares its tables in its module policy_tables.py by `register`. A table is rendered at each
view of the page, as it was at a given moment.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.safestring import SafeString, mark_safe

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


def required_in(policy: str) -> list[str]:
    """The placeholders that a policy must use."""
    return sorted(name for name, declared in _tables.items() if policy in declared.required_in)


def render(name: str, *, at: datetime | None) -> str:
    """The HTML of a table; empty for a name that no app declares."""
    return _tables[name].table(at) if name in _tables else ""


def filled(
    pieces: Sequence[str],
    *,
    at: datetime | None,
    instead: Mapping[str, SafeString] = MappingProxyType({}),
) -> SafeString:
    """A text as HTML: its pieces, and between them the tables that `render` makes by name.

    `instead` has tables that the caller knows better. The pieces were cleaned in rendering.py; a
    table escapes what it prints.
    """
    html = (
        (instead.get(piece) or render(piece, at=at)) if place % 2 else piece
        for place, piece in enumerate(pieces)
    )
    return mark_safe("".join(html))  # noqa: S308 - see above
