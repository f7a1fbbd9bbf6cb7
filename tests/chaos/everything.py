"""All parts of the site are killed, started again and reloaded while people write (I4, I17, I18).

`kill_everything` is the scenario: `make chaos` runs it with 5,000 writes, tests/test_topology.py with
a few.
"""

import http.client
import itertools
import os
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests.chaos.crew import FORM_PAGE, TYPED, address_of, column, stamp
from tests.chaos.rolling import reload, workers_of
from tests.running_site import notice_of, wait_until
from tests.topology import Topology, topology

PEOPLE = 8
# Of so many writes one is a refusal and one a consent: fewer than the site records in a minute.
ONE_CHOICE_IN = 25
REFUSAL, CONSENT = 3, 15
CHOICES = {REFUSAL: "reject", CONSENT: "accept"}
SECONDS_UNTIL_READY = 5.0
# No earlier test on the same database has used these numbers.
FIRST_PERSON = 10_000


@dataclass
class Written:
    """What the people were told. A refusal has no id, because its cookie is everybody's (I2)."""

    sign_ups: list[str] = field(default_factory=list)
    consents: list[uuid.UUID] = field(default_factory=list)
    refusals: int = 0
    refusals_without_an_answer: int = 0
    # Status 0: no answer came.
    statuses: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def acknowledged(self) -> int:
        return len(self.sign_ups) + len(self.consents) + self.refusals


@dataclass
class Outcome:
    """The counts of one run, for its reader."""

    acknowledged: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    # From the start of PostgreSQL until every replica has it.
    longest_until_ready: float = 0.0
    # A worker that dies after the mail server took a mail sends it once more.
    mails_sent_twice: int = 0


def kill_everything(site: Topology, *, writes: int) -> Outcome:
    """Go round the faults until so many writes are acknowledged, each fault at least once.

    Checks at the end that no write is lost and none is doubled.
    """
    written, outcome = Written(), Outcome()
    refused_before = sum(column(site.env, "is_refusal", "consent_consentrecord"))
    faults = list(_faults(site, written, outcome))
    turns = itertools.cycle(faults)
    with _people(site, written):
        while written.acknowledged < writes or len(outcome.kills) < len(faults):
            _wait_for_writes(written, 10)
            name, fault = next(turns)
            fault()
            outcome.kills[name] += 1
    # Also for the draft of a process that was killed while it wrote.
    wait_until(lambda: not any(each.kept_refusals for each in site.replicas), seconds=120)
    wait_until(lambda: "waiting" not in column(site.env, "state", "privacy_mail"), seconds=600)

    signed_up = Counter(column(site.env, "email", "trial_signup"))
    assert {*written.sign_ups} - {*signed_up} == set()
    assert max(signed_up.values()) == 1
    assert {*written.consents} - {*column(site.env, "id", "consent_consentrecord")} == set()
    refused = sum(column(site.env, "is_refusal", "consent_consentrecord")) - refused_before
    assert 0 <= refused - written.refusals <= written.refusals_without_an_answer
    copies = site.mails.copies
    assert {copies[address] for address in written.sign_ups} <= {1, 2}
    outcome.mails_sent_twice = sum(1 for number in copies.values() if number > 1)
    sending_when_killed = len(site.workers) * (outcome.kills["worker"] + outcome.kills["database"])
    assert outcome.mails_sent_twice <= sending_when_killed
    outcome.acknowledged = written.acknowledged
    outcome.statuses = dict(written.statuses)
    return outcome


@contextmanager
def _people(site: Topology, written: Written) -> Iterator[None]:
    """People who write without a pause, each once and from a network of their own."""
    notice = notice_of(site.ask("/en/").body.decode())
    opened = stamp()
    numbers = itertools.count(FIRST_PERSON)
    is_over = threading.Event()

    def write(number: int) -> None:
        kind = number % ONE_CHOICE_IN
        source = f"127.{1 + number // 65536}.{number // 256 % 256}.{number % 256}"
        if kind in CHOICES:
            form = {"choice": CHOICES[kind], "notice": notice, "next": "/en/"}
            path = "/en/cookies/"
        else:
            form = {"full_name": "Anna Nowak", "email": address_of(number), "company": TYPED}
            form["stamp"] = opened
            path = FORM_PAGE
        try:
            answer = site.ask(path, form=urlencode(form), source=source)
            status, cookie = answer.status, answer.headers.get("Set-Cookie", "")
        except (OSError, http.client.HTTPException):
            status, cookie = 0, ""
        with written.lock:
            written.statuses[status] += 1
            if path == FORM_PAGE:
                written.sign_ups += [address_of(number)] * (status == 200)
            elif kind == REFUSAL:
                written.refusals += "=refused." in cookie
                written.refusals_without_an_answer += "=refused." not in cookie
            elif status == 303:
                written.consents.append(uuid.UUID(re.findall("=([0-9a-f]{32})!", cookie)[0]))

    def write_until_it_is_over() -> None:
        while not is_over.is_set():
            write(next(numbers))

    with ThreadPoolExecutor(PEOPLE) as people:
        everyone = [people.submit(write_until_it_is_over) for _person in range(PEOPLE)]
        try:
            yield
        finally:
            is_over.set()
    for person in everyone:
        person.result()  # raises what a person met


def _wait_for_writes(written: Written, number: int) -> None:
    enough = written.acknowledged + number
    wait_until(lambda: written.acknowledged >= enough, seconds=60)


def _faults(
    site: Topology, written: Written, outcome: Outcome
) -> Iterator[tuple[str, Callable[[], None]]]:
    """Each ends when the part is back."""

    def kill_a_web_process() -> None:
        replica = site.replicas[0]
        [pid] = before = workers_of(replica.site)
        psutil.Process(pid).kill()
        wait_until(lambda: workers_of(replica.site) not in (before, set()), seconds=30)

    def kill_a_replica() -> None:
        site.replicas[1].kill()
        _wait_for_writes(written, 10)
        site.replicas[1].start()

    def kill_the_workers() -> None:
        for worker in site.workers:
            worker.kill()

    def kill_the_database() -> None:
        with site.database.dead():
            refused = written.statuses[503]
            wait_until(lambda: written.statuses[503] >= refused + 10, seconds=60)
        started = time.monotonic()
        wait_until(site.is_ready, seconds=60)
        outcome.longest_until_ready = max(outcome.longest_until_ready, time.monotonic() - started)

    def reload_the_site() -> None:
        for replica in site.replicas:
            reload(replica.site)

    yield "web process", kill_a_web_process
    yield "database", kill_the_database
    yield "worker", kill_the_workers
    yield "replica", kill_a_replica
    yield "reload", reload_the_site


def test_nothing_is_lost_whatever_is_killed(tmp_path: Path, capsys) -> None:
    with topology(tmp_path, workers=2) as site:
        outcome = kill_everything(site, writes=int(os.environ.get("CHAOS_WRITES") or 5000))
    with capsys.disabled():
        print(f"\n{outcome}")

    assert outcome.longest_until_ready <= SECONDS_UNTIL_READY
