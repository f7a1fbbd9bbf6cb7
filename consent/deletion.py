"""What a visitor asks to have deleted from their browser, and how far that has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse

# One answer has room for some names on some domains and paths (I21), so the browser is told to send
# the form again until the cookies are gone. Browsers follow at least ten redirects.
MAX_STEPS = 8


@dataclass(frozen=True)
class Deletion:
    """The names of the cookies that are still there; expiry.py expires them.

    `turn` says which group of domains and paths is tried now.
    """

    names: tuple[str, ...]
    step: int
    turn: int

    @property
    def is_over(self) -> bool:
        return not self.names or self.step >= MAX_STEPS

    @property
    def next_query(self) -> str:
        """What the next step must know. It names no cookie: addresses are logged."""
        return urlencode({"step": self.step + 1, "turn": self.turn, "left": len(self.names)})


def read_deletion(names: tuple[str, ...], query: Mapping[str, str]) -> Deletion:
    """The step that a query leads to. Without a query it is the first.

    As soon as a cookie is gone, the first group is tried again: it is another one then.
    """
    step = _number(query.get("step", "0"))
    is_first_or_has_helped = step == 0 or len(names) < _number(query.get("left", "0"))
    turn = 0 if is_first_or_has_helped else _number(query.get("turn", "0")) + 1
    return Deletion(names, step, turn)


def empty_storage(response: HttpResponse) -> None:
    """Have the browser empty localStorage and IndexedDB, which no cookie header does.

    https://www.w3.org/TR/clear-site-data/
    """
    response["Clear-Site-Data"] = '"storage"'


def _number(text: str) -> int:
    """A number of at most four digits; for any other text one that ends the deletion."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= 4
    return int(text) if is_number else MAX_STEPS
