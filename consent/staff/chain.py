"""The records of one browser, as one supersedes the other."""

from dataclasses import dataclass

from consent.models import ConsentRecord
from consent.personal_data import records
from consent.registry.changes import Change, changes
from privacy.models import PolicyCode, PolicyVersion
from privacy.rights.map.declarations import Person

# A page and a file show no more: a browser that chose so often is a machine.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Chain:
    """The records in the order in which they were made, and what is missing of them."""

    records: tuple[ConsentRecord, ...]
    # The record supersedes one that is gone: its period is over, or a person had it erased.
    lacks_earlier: bool
    # There are more than MOST_SHOWN.
    is_cut: bool


@dataclass(frozen=True)
class AskedAgain:
    """Why a visitor was asked who had chosen before: the banner named it above the question."""

    changes: tuple[Change, ...]
    version: PolicyVersion | None

    def __bool__(self) -> bool:
        return bool(self.changes or self.version)


def chain_of(record: ConsentRecord) -> Chain:
    """The chain of a record, itself included."""
    rows = records(Person("", frozenset({record.pk}))).order_by("made_at", "stored_at", "pk")
    found = [*rows[: MOST_SHOWN + 1]]
    return Chain(
        records=tuple(found[:MOST_SHOWN]),
        lacks_earlier=record.supersedes_id is not None and earlier(record) is None,
        is_cut=len(found) > MOST_SHOWN,
    )


def earlier(record: ConsentRecord) -> ConsentRecord | None:
    """The record that this one supersedes; None where it supersedes nothing, or the row is gone."""
    rows = ConsentRecord.objects.select_related("notice__snapshot")
    return rows.filter(pk=record.supersedes_id).first() if record.supersedes_id else None


def asked_again(record: ConsentRecord) -> AskedAgain:
    """What differed from the question that the visitor had answered before."""
    before = earlier(record)
    if before is None or before.is_refusal:
        return AskedAgain((), None)
    differences: tuple[Change, ...] = ()
    if before.notice and record.notice:
        differences = changes(before.notice.snapshot.content, record.notice.snapshot.content)
    versions = PolicyVersion.objects.taking_force().filter(
        policy=PolicyCode.PRIVACY,
        asks_again=True,
        effective_at__gt=before.made_at,
        effective_at__lte=record.made_at,
    )
    return AskedAgain(differences, versions.order_by("-effective_at").first())
