"""Load on one target for some seconds: by wrk, or by a client in Python where there is no wrk."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.bench import python_client
from tests.bench.counts import CONNECTIONS, Counts
from tests.bench.targets import Target, WrongAnswer

CLIENT_THREADS = 2
# Enough addresses for each thread of wrk: a network may make 60 choices in a minute.
CLIENTS = 20_000
_COUNTS = re.compile(r"^COUNTS (\d+) (\d+) (\d+) (\d+) (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Load:
    """What one load measured."""

    requests: int
    rate: float
    cpu_milliseconds: float


def client_name() -> str:
    """What sends the requests."""
    if not shutil.which("wrk"):
        return "a client in Python (wrk is not installed: apt-get install wrk)"
    words = subprocess.run(
        ["wrk", "-v"], capture_output=True, text=True, check=False
    ).stdout.split()
    return " ".join(words[:2])


def load(target: Target, *, seconds: int) -> Load:
    """Ask for so many seconds over 16 connections. Raises WrongAnswer."""
    size = target.check()
    stored = target.stored() if target.stored else 0
    started = target.server.cpu_seconds()
    send = _wrk if shutil.which("wrk") else python_client.send
    counts = send(target, seconds)
    cpu_seconds = target.server.cpu_seconds() - started
    rows = target.stored() - stored if target.stored else None
    problem = counts.problem(size=size, rows=rows) or counts.problem(size=target.check(), rows=rows)
    if problem:
        raise WrongAnswer(f"{target.name}: {problem}")
    return Load(
        counts.requests,
        rate=counts.requests / counts.seconds,
        cpu_milliseconds=cpu_seconds * 1000 / counts.requests,
    )


def _wrk(target: Target, seconds: int) -> Counts:
    command = ["wrk", "-t", str(CLIENT_THREADS), "-c", str(CONNECTIONS), "-d", f"{seconds}s"]
    command += ["--timeout", "20s", "-s", str(Path(__file__).with_name("load.lua"))]
    for name, value in target.all_headers.items():
        command += ["-H", f"{name}: {value}"]
    clients = CLIENTS if target.has_many_clients else 0
    command += [target.server.origin + target.path, "--", target.method, target.form, str(clients)]
    result = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 60, check=False
    )
    counts = _COUNTS.search(result.stdout)
    if counts is None:
        raise WrongAnswer(f"{target.name}: wrk did not count. {result.stdout}{result.stderr}")
    requests, microseconds, received_bytes, bad_statuses, failures = map(int, counts.groups())
    return Counts(requests, microseconds / 1e6, received_bytes, bad_statuses, failures)
