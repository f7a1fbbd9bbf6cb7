"""Counters of instructions, the first that this machine allows: perf, then valgrind.

A count is the difference between a process with calls and one without. It hardly depends on the
machine's other work, which a time does.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.applications import Application

PERF = ("perf", "stat", "-x", ",", "-e", "instructions:u")
# Only instructions, no caches: the fastest of its tools that counts.
VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--quiet")
CALLS_UNDER_PERF = 1000
# valgrind is fifty times slower than the processor.
CALLS_UNDER_VALGRIND = 40
_PERF_COUNT = re.compile(r"^(\d+),[^,]*,instructions", re.MULTILINE)
_VALGRIND_COUNT = re.compile(r"^summary: (\d+)", re.MULTILINE)

# What runs the jobs of an application: tests/bench/in_process.py:run.
Run = Callable[..., list[dict[str, Any]]]


@dataclass(frozen=True)
class Counter:
    """A way to count. `says` tells the reader which one it is."""

    says: str
    count: Callable[[Application, Path, Run], dict[str, int]]


def available_counter() -> Counter:
    if shutil.which("perf") and _perf_counts():
        return Counter("instructions counted by perf (user space)", _by_perf)
    if shutil.which("valgrind"):
        return Counter("instructions counted by valgrind (perf has no counter here)", _by_valgrind)
    return Counter("no instructions: neither perf nor valgrind can count here", _not_at_all)


def _perf_counts() -> bool:
    """Whether perf may read the processor's counter; most virtual machines have none."""
    result = subprocess.run([*PERF, "true"], capture_output=True, text=True, check=False)
    return bool(_PERF_COUNT.search(result.stderr))


def _not_at_all(_application: Application, _folder: Path, _run: Run) -> dict[str, int]:
    return {}


def _by_perf(application: Application, folder: Path, run: Run) -> dict[str, int]:
    """Two processes for each target: with calls, and without."""
    counts = {}
    for target in application.targets:
        totals = []
        for calls in (CALLS_UNDER_PERF, 0):
            output = folder / "perf.txt"
            run(application, application.jobs(calls, only=target.name), around=PERF, errors=output)
            [total] = _PERF_COUNT.findall(output.read_text())
            totals.append(int(total))
        counts[target.name] = (totals[0] - totals[1]) // CALLS_UNDER_PERF
    return counts


def _by_valgrind(application: Application, folder: Path, run: Run) -> dict[str, int]:
    """One process for all targets, since its start takes a minute: each of its forks writes a file."""
    jobs = [job for calls in (CALLS_UNDER_VALGRIND, 0) for job in application.jobs(calls)]
    around = (*VALGRIND, f"--cachegrind-out-file={folder}/cachegrind.%p")
    totals = {}
    for line in run(application, jobs, around=around):
        output = (folder / f"cachegrind.{line['pid']}").read_text()
        [total] = _VALGRIND_COUNT.findall(output)
        totals[line["name"], line["count"]] = int(total)
    return {
        target.name: (totals[target.name, CALLS_UNDER_VALGRIND] - totals[target.name, 0])
        // CALLS_UNDER_VALGRIND
        for target in application.targets
    }
