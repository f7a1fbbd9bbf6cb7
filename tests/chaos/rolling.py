"""A new release, or new settings, while people read and choose: no request fails (I17, I21).

By `make chaos`; ROLLING_SECONDS=60 lengthens it. The short forms in the suite are in
tests/test_topology.py and tests/voipstudio/web/test_buffering_worker.py.
"""

import http.client
import os
import signal
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests.chaos.visitors import Answer, p50_and_p99, statuses, visitors
from tests.running_site import Site, environment, make_database, serving, wait_until
from tests.topology import Topology, topology

SECONDS = float(os.environ.get("ROLLING_SECONDS") or 15)
REFUSAL = urlencode({"choice": "reject", "next": "/en/"})
# Every fifth request is a form: nginx may not send one twice.
FORM_EVERY = 5


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
        with visitors(ask) as answers:
            while time.monotonic() < until:
                roll(site)
                rounds += 1
        say(capsys, "through nginx", rounds, answers)

    assert {*statuses(answers)} == {"200", "303"}


def test_no_request_to_gunicorn_alone_fails_while_it_reloads(tmp_path: Path, capsys) -> None:
    env = environment(tmp_path)
    make_database(env)
    with serving(env, workers=2) as site:
        rounds = 0
        until = time.monotonic() + SECONDS
        with visitors(lambda _number: status_of_the_home_page(site)) as answers:
            while time.monotonic() < until:
                reload(site)
                rounds += 1
        say(capsys, "gunicorn alone", rounds, answers)

    assert {*statuses(answers)} == {"200"}


def status_of_the_home_page(site: Site) -> int:
    """Patient, because the old workers stop before the new ones have started: then requests wait."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    with closing(connection):
        connection.request("GET", "/en/")
        response = connection.getresponse()
        response.read()
        return response.status


def say(capsys, where: str, rounds: int, answers: list[Answer]) -> None:
    p50, p99 = p50_and_p99(answers)
    with capsys.disabled():
        print(
            f"\n{where}: {rounds} rounds, {len(answers)} requests: {dict(statuses(answers))}, "
            f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"
        )
