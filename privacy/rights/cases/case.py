"""What a restriction, a legal hold and an erasure share: a person, and the moment it began."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from privacy.rights.map.declarations import Person


class Case(models.Model):
    """Something that is decided about one person, by address, by numbers of consent records, or by
    both.
    """

    # The cases that are over.
    CLOSED: ClassVar[Q]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # As Person writes it, so that it can be compared. Empty for a visitor without an address.
    email = models.CharField(_("e-mail address"), max_length=254, blank=True, db_index=True)
    record_ids = models.JSONField(_("numbers of consent records"), default=list, blank=True)
    opened_at = models.DateTimeField(_("opened at"), editable=False)

    class Meta:
        abstract = True
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def person(self) -> Person:
        """The person, with all their rows, also those that came later."""
        return Person(self.email, frozenset(map(uuid.UUID, self.record_ids)))

    @property
    def person_then(self) -> Person:
        """The person, with the rows that were there when the case was opened."""
        return Person(self.email, frozenset(map(uuid.UUID, self.record_ids)), self.opened_at)


def cases_of(model: type[Case]) -> Callable[[Person], QuerySet[Any]]:
    """Finds the cases of one kind about a person: for the map.

    A case with an address belongs to the reader of its mailbox alone. Whoever has the number of a
    record, as everybody at the same browser has, finds the cases that name nothing else.

    A case that began after `Person.before` and still stands is about what came later.
    """

    def rows(person: Person) -> QuerySet[Any]:
        is_theirs = Q(email=person.email) & ~Q(email="")
        for number in person.record_ids:
            # SQLite cannot search a JSON list. No other text in it holds a number of 36 characters.
            is_theirs |= Q(email="", numbers__contains=str(number))
        numbers = Cast("record_ids", models.TextField())
        cases = model._default_manager.alias(numbers=numbers).filter(is_theirs)
        if person.before is None:
            return cases
        return cases.filter(model.CLOSED | Q(opened_at__lte=person.before))

    return rows


def names_in(model: type[Case]) -> Iterator[str]:
    """The addresses and numbers that the cases of one kind hold."""
    for email, record_ids in model._default_manager.values_list("email", "record_ids"):
        yield from filter(None, [email, *record_ids])


def fields_of(person: Person) -> dict[str, Any]:
    """The fields by which a case names a person."""
    return {"email": person.email, "record_ids": sorted(map(str, person.record_ids))}


def names_of(person: Person) -> list[str]:
    """The address and the numbers by which a person is named, in one order."""
    return [*([person.email] if person.email else []), *sorted(map(str, person.record_ids))]
