"""Load without wrk: processes with threads, each of which asks over a connection of its own.

It needs several times the CPU of wrk, so its rates are lower, above all those of fast servers.
"""

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.bench.addresses import address
from tests.bench.answers import parse, read_bytes
from tests.bench.counts import CONNECTIONS, Counts
from tests.bench.targets import Target

PROCESSES = 2
THREADS = CONNECTIONS // PROCESSES
# The processes have the target of this one.
_CONTEXT = multiprocessing.get_context("fork")


def send(target: Target, seconds: float) -> Counts:
    """Ask for so many seconds over 16 connections."""
    totals = _CONTEXT.SimpleQueue()
    started = time.perf_counter()
    processes = [
        _CONTEXT.Process(target=_run, args=(totals, target, block, seconds))
        for block in range(1, PROCESSES + 1)
    ]
    for process in processes:
        process.start()
    counts = [totals.get() for _ in processes]
    for process in processes:
        process.join()
    requests, received, bad, failures = (sum(column) for column in zip(*counts, strict=True))
    return Counts(requests, time.perf_counter() - started, received, bad, failures)


def _run(totals, target: Target, block: int, seconds: float) -> None:
    deadline = time.perf_counter() + seconds
    with ThreadPoolExecutor(THREADS) as threads:
        numbers = range(THREADS)
        done = list(threads.map(lambda number: _ask(target, block, number, deadline), numbers))
    totals.put(tuple(sum(column) for column in zip(*done, strict=True)))


def _ask(target: Target, block: int, thread: int, deadline: float) -> tuple[int, int, int, int]:
    """Requests, bytes, bad statuses, and 1 where the server ended the connection."""
    requests = received = bad = 0
    clients = _clients(block, thread)
    try:
        with target.server.connect() as connection:
            while time.perf_counter() < deadline:
                connection.sendall(target.request(next(clients)))
                raw = read_bytes(connection)
                requests, received = requests + 1, received + len(raw)
                bad += parse(raw).status >= 400
    except OSError:
        return requests, received, bad, 1
    return requests, received, bad, 0


def _clients(block: int, thread: int) -> Iterator[str]:
    """The addresses of this thread, one after the other."""
    number = thread
    while True:
        yield address(number, block=block)
        number += THREADS
