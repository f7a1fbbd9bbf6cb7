"""`make bench BENCH=http`: rates and CPU of pages and choices over HTTP, beside their references.

All servers run at once, and each round asks all targets in another order.
"""

import os
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.everything import Everything, everything
from tests.bench.load import Load, client_name, load
from tests.bench.results import median_ratio, save, table
from tests.bench.servers import THREADS, WORKERS
from tests.bench.targets import Target, WrongAnswer

# Fewer and shorter rounds are enough to look at a change quickly.
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "2"))
HEADS = [
    "target",
    "requests/s",
    "CPU ms",
    "reference",
    "requests/s",
    "CPU ms",
    "rate",
    "CPU",
    "goal",
    "",
]


def main(word: str = "") -> None:
    """Measure the comparisons that have the word in a name; without a word all of them."""
    print(f"\nHTTP: {WORKERS} workers x {THREADS} threads, {client_name()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, everything(Path(folder)) as all_:
        asked = all_.only(word)
        if not asked.comparisons:
            names = "\n".join(sorted(all_.targets))
            sys.exit(f"No target has {word!r} in its name. These are the targets:\n{names}")
        try:
            loads = measure([*asked.targets.values()], rounds=ROUNDS, seconds=SECONDS)
        except WrongAnswer as error:
            sys.exit(f"The bench stops, because a server answered something else. {error}")
        result = {
            "client": client_name(),
            "rounds": ROUNDS,
            "seconds": SECONDS,
            "page_bytes": asked_bytes(all_),
            "rows": rows_of(asked, loads),
            "memory": memory_of(all_),
        }
    print("\n" + as_table(result) + "\n\n" + memory_table(result))
    save("http" if not word else "http-part", result)


def measure(targets: Sequence[Target], *, rounds: int, seconds: int) -> dict[str, list[Load]]:
    """The loads of each target, one for each round. Raises WrongAnswer."""
    loads: dict[str, list[Load]] = {target.name: [] for target in targets}
    for target in targets:  # into the memory of every worker
        load(target, seconds=1)
    for number in range(rounds):
        for target in random.sample(targets, len(targets)):
            loads[target.name].append(load(target, seconds=seconds))
        print(f"Round {number + 1} of {rounds} is over.", flush=True)
    return loads


def rows_of(asked: Everything, loads: Mapping[str, list[Load]]) -> list[dict[str, Any]]:
    """One row for each comparison: medians, and the medians of the ratios of each round."""
    rows = []
    for each in asked.comparisons:
        ours, reference = columns(loads[each.target]), columns(loads[each.reference])
        rows.append(
            {
                "target": each.target,
                "rate": round(median(ours["rate"]), 1),
                "cpu_ms": round(median(ours["cpu"]), 4),
                "reference": each.reference,
                "reference_rate": round(median(reference["rate"]), 1),
                "reference_cpu_ms": round(median(reference["cpu"]), 4),
                "ratio": round(median_ratio(ours["rate"], reference["rate"]), 3),
                # This way round, more is better as well.
                "cpu_ratio": round(median_ratio(reference["cpu"], ours["cpu"]), 3),
                "goal": each.goal,
            }
        )
    return rows


def columns(loads: Sequence[Load]) -> dict[str, list[float]]:
    return {
        "rate": [each.rate for each in loads],
        "cpu": [each.cpu_milliseconds for each in loads],
    }


def asked_bytes(all_: Everything) -> int:
    """How long the page is without compression."""
    [page] = [
        each for name, each in all_.targets.items() if name == "policy page, no cookie, SQLite"
    ]
    return len(page.ask().body)


def memory_of(all_: Everything) -> list[dict[str, Any]]:
    """Megabytes of each worker after the load."""
    return [
        {"server": server.name, "worker_mb": [round(mb, 1) for mb in server.worker_megabytes()]}
        for server in all_.servers
    ]


def as_table(result: Mapping[str, Any]) -> str:
    return table(HEADS, [cells(row) for row in result["rows"]])


def cells(row: Mapping[str, Any]) -> list[str]:
    return [
        row["target"],
        f"{row['rate']:,.0f}",
        f"{row['cpu_ms']:.2f}",
        row["reference"],
        f"{row['reference_rate']:,.0f}",
        f"{row['reference_cpu_ms']:.2f}",
        f"{row['ratio']:.2f}",
        f"{row['cpu_ratio']:.2f}",
        f">= {row['goal']:g}",
        "met" if row["ratio"] >= row["goal"] else "not met",
    ]


def memory_table(result: Mapping[str, Any]) -> str:
    rows = [
        [each["server"], f"{sum(each['worker_mb']) / len(each['worker_mb']):.0f}"]
        for each in result["memory"]
    ]
    return table(["server", "MB of a worker"], rows)


if __name__ == "__main__":
    main(*sys.argv[1:2])
