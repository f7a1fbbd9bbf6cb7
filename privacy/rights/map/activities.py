"""The map of personal data by purpose: one activity for everything that serves the same purpose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from privacy.rights.map.declarations import Basis, KeptElsewhere, People, PersonalData, Text
from privacy.rights.map.register import all_elsewhere, as_declared


@dataclass(frozen=True)
class Item:
    """What is kept for an activity: its name, what it consists of, and until when."""

    name: str
    people: tuple[People, ...]
    content: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Activity:
    """One processing activity, in the language in which it was made."""

    purpose: str
    basis: Basis
    recipients: tuple[str, ...]  # keys of rows of `Recipient`
    items: tuple[Item, ...]

    @property
    def people(self) -> tuple[People, ...]:
        """Whose data it is, in the order of `People`."""
        concerned = {people for item in self.items for people in item.people}
        return tuple(people for people in People if people in concerned)


@dataclass(frozen=True)
class _Use:
    """One declaration, before declarations of the same purpose are joined."""

    purpose: str
    basis: Basis
    recipients: tuple[str, ...]
    item: Item


def activities(*, for_visitors: bool = False) -> list[Activity]:
    """Every activity in the active language; for visitors, without what concerns staff alone.

    What concerns people who sign up comes first, and what concerns staff last.
    """
    uses: dict[tuple[str, Basis], list[_Use]] = {}
    for use in _uses():
        if not for_visitors or use.item.people != (People.STAFF,):
            uses.setdefault((use.purpose, use.basis), []).append(use)
    order = [*People]
    return sorted(
        (_activity(group) for group in uses.values()),
        key=lambda activity: max(map(order.index, activity.people)),
    )


def _activity(uses: list[_Use]) -> Activity:
    recipients = chain.from_iterable(use.recipients for use in uses)
    return Activity(
        purpose=uses[0].purpose,
        basis=uses[0].basis,
        recipients=tuple(dict.fromkeys(recipients)),
        items=tuple(use.item for use in uses),
    )


def _uses() -> Iterator[_Use]:
    for data in as_declared():
        yield from _uses_of_model(data)
    yield from map(_use_elsewhere, all_elsewhere())


def _uses_of_model(data: PersonalData) -> Iterator[_Use]:
    """The model as a whole, and each further use with the fields that it needs."""
    apart = [use.retention for use in data.further_uses]
    kept = [each.text for each in data.retention if not any(each is one for one in apart)]
    item = Item(str(data.name), data.people, _texts(data.fields.values()), _texts(kept))
    yield _Use(str(data.purpose), data.basis, data.recipients, item)
    for use in data.further_uses:
        content = _texts(data.fields[name] for name in use.fields)
        item = Item(str(use.name), data.people, content, _texts([use.retention.text]))
        yield _Use(str(use.purpose), use.basis, use.recipients, item)


def _use_elsewhere(kept: KeptElsewhere) -> _Use:
    item = Item(str(kept.name), kept.people, _texts([kept.what]), _texts([kept.kept]))
    return _Use(str(kept.purpose), kept.basis, kept.recipients, item)


def _texts(texts: Iterable[Text]) -> tuple[str, ...]:
    return tuple(str(text) for text in texts)
