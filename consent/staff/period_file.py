"""The records of a period as JSON Lines (https://jsonlines.org), with hashes and leaves.

A notice, a policy version and a checkpoint come once, before the first record that names them. The
last line has the hash of all lines before it: without it the file is not whole.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from consent.models import ConsentRecord, Notice
from consent.proofs import ConsentRecordQuerySet
from consent.staff import evidence_file
from consent.staff.seal_proof import checkpoint_as_json, leaf_as_json
from evidence.canonical_json import utc
from evidence.growing.keyset import Place
from evidence.seal.checkpoint import Checkpoint
from evidence.seal.tree import Leaf
from privacy.models import PolicyVersion

ROWS_AT_ONCE = 500
Line = dict[str, Any]


@dataclass(frozen=True)
class Period:
    """From the first moment on, and before the last one."""

    start: datetime
    end: datetime

    @classmethod
    def of_days(cls, first: date, last: date, *, at: datetime) -> "Period":
        """Whole days in Poland; of a day that is not over, what was made before `at`."""
        return cls(_midnight(first), min(_midnight(last + timedelta(days=1)), at))

    def records(self) -> ConsentRecordQuerySet:
        return ConsentRecord.objects.filter(made_at__gte=self.start, made_at__lt=self.end)


def lines(period: Period, *, at: datetime) -> Iterator[bytes]:
    """The lines of the file, made as they are sent: no more than ROWS_AT_ONCE records are held."""
    seen, whole, number = _Seen(), hashlib.sha256(), 0
    for content in _contents(period, seen, at=at):
        line = _line(content)
        whole.update(line)
        number += content["kind"] == "record"
        yield line
    yield _line({"kind": "end", "records": number, "sha256_of_lines_before": whole.hexdigest()})


@dataclass
class _Seen:
    """What the file has already said: these rows are few, and records name them again and again."""

    notices: set[int] = field(default_factory=set)
    versions: set[int] = field(default_factory=set)
    checkpoints: set[int] = field(default_factory=set)


def _contents(period: Period, seen: _Seen, *, at: datetime) -> Iterator[Line]:
    yield {
        "kind": "period",
        "from": utc(period.start),
        "before": utc(period.end),
        "made_at": utc(at),
        "how_to_check": evidence_file.HOW_TO_CHECK_A_PERIOD,
    }
    ends = _ends_of_checkpoints()
    for records in _batches(period):
        leaves = {
            leaf.row: leaf
            for leaf in Leaf.objects.filter(series="record", row__in=[row.pk for row in records])
        }
        for record in records:
            yield from _named(record, seen)
            leaf = leaves.get(record.pk)
            number = _covering(leaf, ends) if leaf else None
            yield from _checkpoint(number, seen)
            yield _record(record, leaf, number)


def _record(record: ConsentRecord, leaf: Leaf | None, checkpoint: int | None) -> Line:
    seal = leaf_as_json(leaf) | {"checkpoint": checkpoint} if leaf else None
    return {"kind": "record", **evidence_file.record_as_json(record), "seal": seal}


def _batches(period: Period) -> Iterator[list[ConsentRecord]]:
    """By keys and not by a cursor: no transaction stays open for as long as a download takes."""
    rows, place = period.records().order_by("made_at", "pk"), None
    while True:
        beyond = rows.filter(place.beyond("made_at", is_older=False)) if place else rows
        batch = [*beyond[:ROWS_AT_ONCE]]
        if not batch:
            return
        yield batch
        place = Place(batch[-1].made_at, batch[-1].pk)


def _named(record: ConsentRecord, seen: _Seen) -> Iterator[Line]:
    """The notice and the policy version of a record, unless an earlier record named them."""
    if record.notice_id and record.notice_id not in seen.notices:
        seen.notices.add(record.notice_id)
        notice = Notice.objects.select_related("snapshot").get(pk=record.notice_id)
        yield {"kind": "notice", **evidence_file.sealed_notice_as_json(notice)}
    if record.policy_version_id and record.policy_version_id not in seen.versions:
        seen.versions.add(record.policy_version_id)
        version = PolicyVersion.objects.get(pk=record.policy_version_id)
        yield {"kind": "policy_version", **evidence_file.sealed_version_as_json(version)}


def _checkpoint(number: int | None, seen: _Seen) -> Iterator[Line]:
    if number is not None and number not in seen.checkpoints:
        seen.checkpoints.add(number)
        checkpoint = Checkpoint.objects.get(pk=number)
        yield {"kind": "checkpoint", **checkpoint_as_json(checkpoint)}


def _ends_of_checkpoints() -> list[tuple[int, int]]:
    """Size and number of each checkpoint, one a day: enough to find the first that has a leaf."""
    return [*Checkpoint.objects.order_by("size", "number").values_list("size", "number")]


def _covering(leaf: Leaf, ends: list[tuple[int, int]]) -> int | None:
    place = bisect_right(ends, leaf.position, key=lambda end: end[0])
    return ends[place][1] if place < len(ends) else None


def _line(content: Line) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
