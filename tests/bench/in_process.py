"""`make bench BENCH=in_process`: what one warm call costs: CPU time, and instructions where they can be
counted. Without sockets and other processes, so that little of the machine's other work is in it.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.applications import Application, applications
from tests.bench.instructions import Counter, available_counter
from tests.bench.results import median_ratio, save, table
from tests.running_site import ROOT

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
CALLS = 300
HEADS = ["call", "CPU ms", "times hello", "instructions", "times hello"]


def main() -> None:
    counter = available_counter()
    print(f"\nIn one process: CPU time, and {counter.says}", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        applications(Path(folder)) as called,
    ):
        milliseconds = cpu_milliseconds(called)
        instructions = counted(called, counter, Path(folder))
    result = {
        "counter": counter.says,
        "rounds": ROUNDS,
        "rows": [
            {
                "call": name,
                "cpu_ms": round(median(values), 4),
                "cpu_times_hello": round(median_ratio(values, milliseconds["hello"]), 2),
                "instructions": instructions.get(name),
            }
            for name, values in milliseconds.items()
        ],
    }
    print("\n" + as_table(result))
    save("in_process", result)


def cpu_milliseconds(called: Sequence[Application]) -> dict[str, list[float]]:
    """For each target the CPU time of a call, once for each round, in shuffled order."""
    milliseconds: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for application in random.sample(called, len(called)):
            for line in run(application, application.jobs(CALLS)):
                milliseconds[line["name"]].append(line["seconds"] * 1000 / line["count"])
    return {target.name: milliseconds[target.name] for each in called for target in each.targets}


def counted(called: Sequence[Application], counter: Counter, folder: Path) -> dict[str, int]:
    """The instructions of one call of each target; nothing where they cannot be counted."""
    counts: dict[str, int] = {}
    for application in called:
        counts |= counter.count(application, folder, run)
    return counts


def run(
    application: Application,
    jobs: Sequence[dict[str, Any]],
    *,
    around: Sequence[str] = (),
    errors: Path | None = None,
) -> list[dict[str, Any]]:
    """Do the jobs in a process, under a counter where one is given. Its lines go into `errors`."""
    # The order of sets would change the number of instructions from run to run.
    env = {**application.env, "PYTHONHASHSEED": "0"}
    command = [*around, sys.executable, "-m", "tests.bench.calls", application.module]
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    if errors:
        errors.write_text(result.stderr)
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith('{"name"')]


def as_table(result: dict[str, Any]) -> str:
    [hello] = [row["instructions"] for row in result["rows"] if row["call"] == "hello"]
    return table(
        HEADS,
        [
            [
                row["call"],
                f"{row['cpu_ms']:.3f}",
                f"{row['cpu_times_hello']:.1f}",
                f"{row['instructions']:,}" if row["instructions"] else "not counted",
                f"{row['instructions'] / hello:.1f}" if row["instructions"] and hello else "",
            ]
            for row in result["rows"]
        ],
    )


if __name__ == "__main__":
    main()
