"""Whether what is kept as proof is still what was kept: each hash is made again, row by row.

The database refuses to change such rows; this finds what was changed past it, by whoever owns the
machine or restores a backup.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef

from privacy import policy_file
from privacy.models import PolicyStep, PolicyVersion

# How many rows are in memory at once: a version can be a hundred pages in two languages.
ROWS_AT_ONCE = 5


@dataclass(frozen=True)
class Exhibit:
    """One row that was looked at; `flaw` says what is wrong with it, empty where nothing is."""

    table: str
    id: int
    name: str
    flaw: str

    def __str__(self) -> str:
        return f"{self.table}, id {self.id} ({self.name}): {self.flaw}"


@dataclass(frozen=True)
class Series:
    """All rows of one kind, in their order."""

    name: str
    exhibits: Callable[[], Iterator[Exhibit]]


def flaw_of(kept: str, make: Callable[..., str], *parts: Any) -> str:
    """What is wrong with a row that keeps a hash; empty where `make` makes the same again."""
    try:
        found = make(*parts)
    except Exception as error:  # whoever changed the row may have left anything in it
        return f"the hash kept is {kept or 'empty'}, none can be made ({type(error).__name__})"
    return "" if found == kept else f"the hash kept is {kept or 'empty'}, the hash found is {found}"


def moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "nobody knows when"


def versions() -> Iterator[Exhibit]:
    """Every published version: its hash, and that each number before it is there."""
    rows = PolicyVersion.objects.published().order_by("policy", "number").iterator(ROWS_AT_ONCE)
    for policy, of_policy in groupby(rows, key=attrgetter("policy")):
        for place, row in enumerate(of_policy, start=1):
            flaw = flaw_of(row.hash, _hash_of, row)
            if row.number != place:
                flaw = f"version {place} of this policy is expected here, and missing"
            name = f"{policy} {row.number}, published {moment(row.published_at)}"
            yield Exhibit(row._meta.db_table, row.pk, name, flaw)


def publications() -> Iterator[Exhibit]:
    """Every step that published a version: it is still there, and published."""
    version = PolicyVersion.objects.published().filter(pk=OuterRef("version_id"))
    steps = PolicyStep.objects.filter(kind=PolicyStep.Kind.PUBLISHED).order_by("pk")
    for step in steps.annotate(is_published=Exists(version)).iterator(ROWS_AT_ONCE):
        flaw = "" if step.is_published else "the version that it published is none any more"
        name = f"version with id {step.version_id}, published {moment(step.taken_at)}"
        yield Exhibit(step._meta.db_table, step.pk, name, flaw)


def _hash_of(version: PolicyVersion) -> str:
    return policy_file.digest(version.file())


SERIES = (
    Series("published versions of policies", versions),
    Series("steps that published one", publications),
)
