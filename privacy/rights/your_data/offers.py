"""What the apps above offer on the page with a person's data: an app declares it in a module that
its `personal_data.py` imports.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form

from privacy.models import PolicyVersion
from privacy.rights.map.declarations import Person, Text


@dataclass(frozen=True)
class ShownConsent:
    """A consent to marketing as the person reads it: its words, and what became of it."""

    text: str
    language: str
    given_at: datetime
    # Such as "withdrawn on 1 May 2026"; empty while it stands.
    ended: str = ""


@dataclass(frozen=True)
class ChannelState:
    """What a person has decided about one channel of marketing."""

    consents: Sequence[ShownConsent]
    # Whether the person objected, so that nothing is sent or called whatever else is there.
    is_stopped: bool


@dataclass(frozen=True)
class Channel:
    """One channel of marketing. `stop` is an objection (GDPR Art. 21(2)); False if nothing is new.

    `is_open_to` says whether there is anything to stop for a person: without a number nobody is
    called.
    """

    code: str
    name: Text
    button: Text
    # The button where no consent stands: the person objects before anything is sent.
    refuse: Text
    stopped: Text
    state: Callable[[Person, datetime], ChannelState]
    stop: Callable[[Person, datetime], bool]
    is_open_to: Callable[[Person], bool] = lambda person: True


@dataclass(frozen=True)
class Agreement:
    """A form that the person sent, and the versions that were in force then."""

    name: Text
    made_at: datetime
    versions: Sequence[PolicyVersion]


@dataclass(frozen=True)
class Correction:
    """What a person can correct by themselves (GDPR Art. 16).

    `forms` makes one form for each row; each has the name of its row as `title`, and a `prefix` by
    which a POST names it. `save` stores a valid form, and says whether staff must pass the
    correction on to somebody (GDPR Art. 19).
    """

    forms: Callable[[Person, Any], Sequence[Form]]
    save: Callable[[Form, datetime], bool]


_channels: list[Channel] = []
_corrections: list[Correction] = []
_agreements: list[Callable[[Person], Iterable[Agreement]]] = []


def add_channel(channel: Channel) -> None:
    _channels.append(channel)


def add_correction(correction: Correction) -> None:
    _corrections.append(correction)


def add_agreements(agreements: Callable[[Person], Iterable[Agreement]]) -> None:
    _agreements.append(agreements)


def all_channels() -> list[Channel]:
    return list(_channels)


def all_corrections() -> list[Correction]:
    return list(_corrections)


def agreements_of(person: Person) -> Iterator[Agreement]:
    """What the person agreed to, app by app."""
    return (agreement for agreements in _agreements for agreement in agreements(person))
