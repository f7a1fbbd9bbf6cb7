"""One act at a time for each person: of two clicks at once, the second sees what the first did."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from privacy.rights.map.declarations import Person
from privacy.rights.map.register import as_declared


@contextmanager
def turn(person: Person) -> Iterator[None]:
    """Wait until nobody else acts for the person, then let nobody begin until the block ends.

    The block is one transaction. Read in it what you decide by: an erasure may have been faster.
    """
    with transaction.atomic():
        for data in as_declared():
            if data.is_locked_first:
                # Everybody locks in the same order, so no two can wait for each other for ever.
                rows = data.rows_of(person).order_by("pk").select_for_update(of=("self",))
                list(rows.values_list("pk", flat=True))
        yield
