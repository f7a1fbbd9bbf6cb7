"""Tables that a policy prints where its text has the placeholder `{{ name }}`.

An app declares its own in a module of this name by `register`; the placeholder is filled when the
page is made, with what was true at the given moment.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.safestring import SafeString

# Renders the table in the active language; with a moment, as it was then, else as it is now.
Table = Callable[[datetime | None], SafeString]

_tables: dict[str, Table] = {}


def register(name: str, table: Table) -> None:
    """Declare the table that `{{ name }}` stands for."""
    _tables[name] = table


def names() -> set[str]:
    """The placeholders that a policy may use."""
    return set(_tables)


def render(name: str, *, at: datetime | None) -> str:
    """The HTML of a table, or nothing for a name that no app declares."""
    return _tables[name](at) if name in _tables else ""
