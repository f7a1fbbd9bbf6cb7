"""Many writers at once: grants, refusals, withdrawals, publications, erasures, and the seal."""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, connection
from django.db.models.signals import post_delete
from django.utils import timezone

from consent.models import ConsentRecord, Notice
from consent.records import storing
from consent.records.made_choice import MadeChoice
from consent.records.storing import Limits
from evidence.models import Leaf
from evidence.seal import sealing
from privacy.rights.cases import erasure
from privacy.rights.map.declarations import Person
from tests.factories import make_made_choice
from tests.privacy.policies.drafts import make_published

_UNLIMITED = Limits(timedelta(minutes=1), 10**6, 10**6)


@dataclass
class Outcome:
    """What the writers were told."""

    # The numbers of choices that were acknowledged, by browser.
    acknowledged: dict[int, list[uuid.UUID]] = field(default_factory=dict)
    erased: set[uuid.UUID] = field(default_factory=set)
    seals: int = 0
    done: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def write_in_parallel(*, writers: int, choices: int) -> Outcome:
    """Each writer stores so many choices, some of them for the same browsers as others."""
    outcome, is_over = Outcome(), threading.Event()
    notice = Notice.objects.latest("pk")
    with ThreadPoolExecutor(writers + 3) as pool:
        others = [pool.submit(_until, is_over, work, outcome) for work in (_publish, _erase, _seal)]
        visitors = [
            pool.submit(_choose, number, choices, notice.pk, outcome) for number in range(writers)
        ]
        try:
            for each in visitors:
                each.result()
        finally:
            is_over.set()
        for each in others:
            each.result()
    return outcome


def problems_of(outcome: Outcome) -> list[str]:
    """Where a choice has not one record and one leaf, or a browser has not one line of choices."""
    kept = {number for each in outcome.acknowledged.values() for number in each} - outcome.erased
    records = {record.pk: record for record in ConsentRecord.objects.all()}
    leaves = Counter(Leaf.objects.filter(series="record").values_list("row", flat=True))
    forgotten = leaves.pop(None, 0)
    problems = [f"{number} has no record" for number in kept - {*records}]
    problems += [f"{number} was erased and is there" for number in outcome.erased & {*records}]
    problems += [f"{number} has {leaves[number]} leaves" for number in kept if leaves[number] != 1]
    problems += [f"{number} has a leaf and no record" for number in {*leaves} - {*records}]
    superseded = Counter(each.supersedes_id for each in records.values() if each.supersedes_id)
    problems += [f"{number} was superseded twice" for number, of in superseded.items() if of > 1]
    if forgotten > len(outcome.erased):
        problems.append(
            f"{forgotten} leaves are forgotten, of {len(outcome.erased)} erased records"
        )
    return problems


def _choose(writer: int, choices: int, notice_id: int, outcome: Outcome) -> None:
    """Two writers are tabs of the same browser: what one supersedes may be superseded already."""
    chance, browser = random.Random(writer), writer // 2
    try:
        for _ in range(choices):
            with outcome.lock:
                known = outcome.acknowledged.setdefault(browser, [])
                earlier = chance.choice(known) if known and chance.random() < 0.9 else None
            granted = ("analytics",) if chance.random() < 0.6 else ()
            choice = make_made_choice(granted=granted, notice_id=notice_id, supersedes_id=earlier)
            _store(choice)
            with outcome.lock:
                outcome.acknowledged[browser].append(choice.record_id)
                outcome.done["choices"] += 1
    finally:
        connection.close()


def _store(choice: MadeChoice) -> None:
    attempt = storing.store_within_limits(choice, network_key=None, limits=_UNLIMITED)
    assert attempt.is_stored


def _until(is_over: threading.Event, work: Callable[[Outcome], None], outcome: Outcome) -> None:
    try:
        while not is_over.is_set():
            work(outcome)
            time.sleep(0.01)  # as the worker waits between two rounds
    finally:
        connection.close()


def _publish(outcome: Outcome) -> None:
    make_published(uuid.uuid4().hex)
    outcome.done["publications"] += 1


def _erase(outcome: Outcome) -> None:
    """Erase all choices of one browser that are there now."""
    with outcome.lock:
        browsers = [each for each in outcome.acknowledged.values() if each]
    if not browsers:
        return
    person = Person("", frozenset({random.choice(random.choice(browsers))}))
    gone: set[uuid.UUID] = set()

    def note(instance: ConsentRecord, **_about: object) -> None:
        gone.add(instance.pk)

    post_delete.connect(note, sender=ConsentRecord)
    try:
        erasure.erase(person, at=timezone.now())
    finally:
        post_delete.disconnect(note, sender=ConsentRecord)
    outcome.erased |= gone
    outcome.done["erasures"] += bool(gone)


def _seal(outcome: Outcome) -> None:
    outcome.seals += seal_now()


def seal_now() -> bool:
    """Seal what is stored by now, as two workers do at the same time."""
    try:
        return sealing.seal_due(timezone.now())
    except IntegrityError:
        return False


def due_now(at: datetime) -> datetime:
    """Instead of the last midnight: so that many seals meet many writers."""
    return at
