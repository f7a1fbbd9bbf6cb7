"""`make bench BENCH=start`: a process from nothing to its first page, and its memory, beside hello."""

import os
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.results import median_ratio, save, table
from tests.bench.servers import DEFAULT_OPTIONS, OUR_OPTIONS, gunicorn, plain_environment
from tests.bench.site import Site, site
from tests.bench.targets import Target

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SITE, HELLO = "site", "hello"
HEADS = ["process", "seconds to the first page", "CPU seconds", "MB of the worker"]


def main() -> None:
    print("\nStart: gunicorn with one worker, to the first page", flush=True)
    starts: dict[str, list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        # It migrates, and fills the caches of files; each measured one starts with its database.
        with site(Path(folder), workers=1) as first:
            pass
        for _ in range(ROUNDS):
            for name in random.sample((SITE, HELLO), 2):
                starts[name].append(start(name, first, Path(folder)))
    columns = {
        name: {key: [each[key] for each in rounds] for key in rounds[0]}
        for name, rounds in starts.items()
    }
    result = {
        "rounds": ROUNDS,
        "rows": [
            {"process": name}
            | {key: round(median(values), 3) for key, values in columns[name].items()}
            | {
                f"{key}_times_hello": round(median_ratio(values, columns[HELLO][key]), 1)
                for key, values in columns[name].items()
            }
            for name in (SITE, HELLO)
        ],
    }
    print("\n" + as_table(result))
    save("start", result)


def start(name: str, first: Site, folder: Path) -> dict[str, float]:
    """Start one of the two, ask for its page, and end it."""
    module, env, options = {
        SITE: ("tests.bench.site_wsgi", {**first.env}, OUR_OPTIONS),
        HELLO: ("tests.bench.references.hello", plain_environment(), DEFAULT_OPTIONS),
    }[name]
    started = time.perf_counter()
    with gunicorn(name, module, folder, env=env, options=options, workers=1) as server:
        page = first.page() if name == SITE else Target(HELLO, server, "/", has=(HELLO,))
        replace(page, server=server).check()
        seconds = time.perf_counter() - started
        [megabytes] = server.worker_megabytes()
        return {"seconds": seconds, "cpu_seconds": server.cpu_seconds(), "worker_mb": megabytes}


def as_table(result: Mapping[str, Any]) -> str:
    return table(
        HEADS,
        [
            [
                row["process"],
                *(
                    f"{row[key]:.{digits}f} ({row[f'{key}_times_hello']:g} x hello)"
                    for key, digits in (("seconds", 2), ("cpu_seconds", 2), ("worker_mb", 0))
                ),
            ]
            for row in result["rows"]
        ],
    )


if __name__ == "__main__":
    main()
