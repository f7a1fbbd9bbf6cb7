"""What follows when a version is published: shown to the publisher first, then carried out.

An app declares its own consequences in a module of this name by `register`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from privacy.models import PolicyVersion


@dataclass(frozen=True)
class Consequence:
    """One thing that follows when a version is published at a moment.

    `describe` gives sentences in the active language, or None where nothing follows. It may ask
    the database to count, and changes nothing. `act` runs in the transaction that publishes.
    """

    describe: Callable[[PolicyVersion, datetime], str | None]
    act: Callable[[PolicyVersion, datetime], None] | None = None


_consequences: list[Consequence] = []


def register(consequence: Consequence) -> None:
    """Declare one more thing that follows."""
    _consequences.append(consequence)


def descriptions(version: PolicyVersion, *, at: datetime) -> list[str]:
    """Everything that follows if a version is published at a moment, one entry each."""
    texts = (consequence.describe(version, at) for consequence in _consequences)
    return [text for text in texts if text]


def carry_out(version: PolicyVersion, *, at: datetime) -> None:
    """Do everything that follows. Call it in the transaction that publishes the version."""
    for consequence in _consequences:
        if consequence.act:
            consequence.act(version, at)
