"""All declarations of the map of personal data. An app adds its own in its `personal_data.py`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model, Q, QuerySet

from privacy.rights.map.declarations import (
    ErasureEffect,
    KeptElsewhere,
    NothingPersonal,
    Person,
    PersonalData,
    Retention,
)

_declared: list[PersonalData] = []
_elsewhere: list[KeptElsewhere] = []
_nothing_personal: list[NothingPersonal] = []
_finders: dict[type[Model], list[Callable[[Person], QuerySet[Any]]]] = {}
_erasure_effects: list[ErasureEffect] = []
_names: list[Callable[[], Iterable[str]]] = []


def declare(data: PersonalData) -> None:
    """Declare a model with personal data."""
    _declared.append(data)


def declare_elsewhere(kept: KeptElsewhere) -> None:
    """Declare what is kept about people outside the tables."""
    _elsewhere.append(kept)


def declare_nothing_personal(
    model: type[Model],
    fields: str,
    why: str,
    *,
    although: Mapping[str, str] | None = None,
    retention: tuple[Retention, ...] = (),
) -> None:
    """Declare a model without personal data: its fields in one text, and the reason."""
    _nothing_personal.append(
        NothingPersonal(model, tuple(fields.split()), why, although or {}, retention)
    )


def add_finder(model: type[Model], finder: Callable[[Person], QuerySet[Any]]) -> None:
    """Find a person's rows of a lower app's model: only the upper app knows whom they concern."""
    _finders.setdefault(model, []).append(finder)


def found_by_finders(model: type[Model]) -> Callable[[Person], QuerySet[Any]]:
    """For `rows_of`: the rows that the finders of all apps find, those added later included."""

    def rows_of(person: Person) -> QuerySet[Any]:
        rows = Q(pk__in=[])
        for finder in _finders.get(model, []):
            rows |= Q(pk__in=finder(person).values("pk"))
        return model._default_manager.filter(rows)

    return rows_of


def add_erasure_effect(effect: ErasureEffect) -> None:
    """Declare what an erasure does beside deleting rows."""
    _erasure_effects.append(effect)


def all_erasure_effects() -> list[ErasureEffect]:
    return list(_erasure_effects)


def add_names(names: Callable[[], Iterable[str]]) -> None:
    """Declare where people are named: addresses, in the form of Person, or numbers of records."""
    _names.append(names)


def all_names() -> Iterator[str]:
    """Every address and every number by which the database knows somebody."""
    return (name for names in _names for name in names())


def all_declared() -> list[PersonalData]:
    """Every model with personal data, ordered by the name of its table."""
    return sorted(_declared, key=lambda data: data.table)


def as_declared() -> list[PersonalData]:
    """The same, app by app, the most important model of an app first: for people to read."""
    return list(_declared)


def all_elsewhere() -> list[KeptElsewhere]:
    """What is kept outside the tables, as it was declared."""
    return list(_elsewhere)


def all_nothing_personal() -> list[NothingPersonal]:
    """Every model without personal data, ordered by the name of its table."""
    return sorted(_nothing_personal, key=lambda nothing: nothing.model._meta.db_table)
