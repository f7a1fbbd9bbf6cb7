"""A person's choices about the use of their data, on one page: marketing by channel, restriction,
and which versions stood at sign-up.

The page with a person's data shows them, and so does the page of every unsubscribe link.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from privacy.models import PolicyVersion, Restriction
from privacy.policies.reading.addresses import address
from privacy.rights.map.declarations import Person, Text
from privacy.rights.your_data import actions
from privacy.rights.your_data.offers import (
    Agreement,
    Channel,
    ChannelState,
    agreements_of,
    all_channels,
)

LIFT = "lift"


@dataclass(frozen=True)
class ShownAgreement:
    """A form that the person sent, and the versions in force then: each with its address."""

    name: Text
    made_at: datetime
    versions: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        versions = [(_title(each), _address(each)) for each in agreement.versions]
        return cls(agreement.name, agreement.made_at, versions)


@dataclass(frozen=True)
class Choices:
    """The present choices of one person."""

    channels: Sequence[tuple[Channel, ChannelState]]
    restriction: Restriction | None
    # Only what has an address is used for anything that a restriction would stop.
    can_restrict: bool
    agreements: Sequence[ShownAgreement]


def of(person: Person, *, at: datetime) -> Choices:
    open_channels = [channel for channel in all_channels() if channel.is_open_to(person)]
    return Choices(
        channels=[(channel, channel.state(person, at)) for channel in open_channels],
        restriction=actions.restrictions_of(person).first(),
        can_restrict=bool(person.email),
        agreements=[ShownAgreement.of(agreement) for agreement in agreements_of(person)],
    )


def make(choice: str, person: Person, *, language: str, at: datetime) -> bool:
    """Do what the button of this value says. False for a value that no button has."""
    button = _buttons().get(choice)
    if button:
        button.act(person, language=language, at=at)
    return bool(button)


def result(choice: str) -> Text:
    """What holds after this choice, in a sentence; empty for a value that no button has."""
    button = _buttons().get(choice)
    return button.result if button else ""


@dataclass(frozen=True)
class _Button:
    """What a button does for a person, and what holds afterwards."""

    act: Callable[..., None]
    result: Text


def _buttons() -> dict[str, _Button]:
    """The buttons of the page by their values."""
    stops = {
        f"stop-{channel.code}": _Button(partial(actions.stop_marketing, channel), channel.stopped)
        for channel in all_channels()
    }
    return {
        "restrict": _Button(actions.restrict, _("We keep your data and use it for nothing.")),
        LIFT: _Button(
            lambda person, language, at: actions.lift_restriction(person, at=at),
            _("The restriction is lifted."),
        ),
        **stops,
    }


def _title(version: PolicyVersion) -> str:
    values = {"title": getattr(version, f"title_{get_language()}"), "number": version.number}
    return _("%(title)s, version %(number)s") % values


def _address(version: PolicyVersion) -> str:
    return address(version.policy, "version", number=version.number)
