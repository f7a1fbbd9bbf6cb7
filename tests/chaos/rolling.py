"""A new release, or new settings, while people read and choose: no request fails (I17, I21).

By `make chaos`; ROLLING_SECONDS=60 lengthens it. The short forms in the suite are in
tests/test_topology.py and tests/voipstudio/web/test_buffering_worker.py.
"""

import http.client
import os
import signal
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests.running_site import Site, environment, make_database, serving, wait_until
from tests.topology import Topology, topology

SECONDS = float(os.environ.get("ROLLING_SECONDS") or 15)
REQUESTS_PER_SECOND = 50
REFUSAL = urlencode({"choice": "reject", "next": "/en/"})
# Every fifth request is a form: nginx may not send one twice.
FORM_EVERY = 5


@contextmanager
def visitors(ask: Callable[[int], int]) -> Iterator[Counter[str]]:
    """Requests at a steady rate, however long each takes. Counts statuses and errors."""
    results: Counter[str] = Counter()
    is_over = threading.Event()

    def one(number: int) -> None:
        try:
            result = str(ask(number))
        except (OSError, ssl.SSLError, http.client.HTTPException) as error:
            result = type(error).__name__
        results[result] += 1

    def all_of_them() -> None:
        started, number = time.monotonic(), 0
        with ThreadPoolExecutor(50) as people:
            while not is_over.is_set():
                people.submit(one, number)
                number += 1
                is_over.wait(max(0.0, started + number / REQUESTS_PER_SECOND - time.monotonic()))

    thread = threading.Thread(target=all_of_them)
    thread.start()
    try:
        yield results
    finally:
        is_over.set()
        thread.join()


def workers_of(site: Site) -> set[int]:
    return {child.pid for child in psutil.Process(site.process.pid).children()}


def reload(site: Site) -> None:
    """SIGHUP, and wait until every worker is a new one."""
    before = workers_of(site)
    site.process.send_signal(signal.SIGHUP)
    wait_until(
        lambda: len(workers_of(site)) == len(before) and not workers_of(site) & before,
        seconds=60,
        why=site.log,
    )


def roll(site: Topology) -> None:
    """New settings in one replica after the other, then a new release in one after the other."""
    for replica in site.replicas:
        reload(replica.site)
    for replica in site.replicas:
        replica.stop()
        replica.start()


def test_no_request_through_nginx_fails_while_the_replicas_change(tmp_path: Path, capsys) -> None:
    with topology(tmp_path) as site:

        def ask(number: int) -> int:
            # From some networks: one alone may not make so many choices.
            source = f"127.0.{number % 200}.9"
            if number % FORM_EVERY:
                return site.ask("/en/", headers={"Cookie": "a=1"}, source=source).status
            return site.ask("/en/cookies/", form=REFUSAL, source=source).status

        rounds = 0
        until = time.monotonic() + SECONDS
        with visitors(ask) as results:
            while time.monotonic() < until:
                roll(site)
                rounds += 1
        say(capsys, "through nginx", rounds, results)

    assert {*results} == {"200", "303"}


def test_no_request_to_gunicorn_alone_fails_while_it_reloads(tmp_path: Path, capsys) -> None:
    env = environment(tmp_path)
    make_database(env)
    with serving(env, workers=2) as site:
        rounds = 0
        until = time.monotonic() + SECONDS
        with visitors(lambda _number: status_of_the_home_page(site)) as results:
            while time.monotonic() < until:
                reload(site)
                rounds += 1
        say(capsys, "gunicorn alone", rounds, results)

    assert {*results} == {"200"}


def status_of_the_home_page(site: Site) -> int:
    """Patient, because the old workers stop before the new ones have started: then requests wait."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    with closing(connection):
        connection.request("GET", "/en/")
        response = connection.getresponse()
        response.read()
        return response.status


def say(capsys, where: str, rounds: int, results: Counter[str]) -> None:
    with capsys.disabled():
        print(f"\n{where}: {rounds} rounds, {sum(results.values())} requests: {dict(results)}")
