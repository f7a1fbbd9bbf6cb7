"""What publishing a version sets in motion, said to the publisher before it happens.

An app declares its own consequences in a module of this name by `register`.
"""

from collections.abc import Callable
from datetime import datetime

from privacy.models import PolicyVersion

# What follows if a version is published at a moment, as sentences in the active language; None
# where nothing does. It may ask the database to count, and changes nothing.
Consequence = Callable[[PolicyVersion, datetime], str | None]

_consequences: list[Consequence] = []


def register(consequence: Consequence) -> None:
    """Have a publisher told of one more thing that follows."""
    _consequences.append(consequence)


def consequences_of(version: PolicyVersion, *, at: datetime) -> list[str]:
    """Everything that follows if a version is published at a moment, one entry each."""
    told = (consequence(version, at) for consequence in _consequences)
    return [sentences for sentences in told if sentences]
