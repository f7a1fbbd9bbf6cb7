"""`make bench` runs every part; BENCH=http runs one, and ARGS goes to it.

A part that fails stops no other one; the exit code is 0 when all of them ran without a wrong answer.
"""

import os
import subprocess
import sys
from collections.abc import Callable

from tests.bench.report import forget_measures
from tests.running_site import ROOT

PYTHON = sys.executable
_MEASURES = [PYTHON, "-m", "pytest", "-p", "no:randomly", "-qs"]
# Files with measures that pytest runs on both databases; pytest itself skips their names.
MEASURES = ["tests/bench/measures.py", "tests/bench/editor.py"]


def module(name: str) -> Callable[[list[str]], bool]:
    """A part that is a program of this package."""
    return lambda arguments: _succeeds(PYTHON, "-m", f"tests.bench.{name}", *arguments)


def measures(arguments: list[str]) -> bool:
    if not arguments:
        forget_measures()
    command = [*_MEASURES, *MEASURES, *arguments]
    on_postgresql = [PYTHON, "-m", "tests.with_postgresql", *command]
    return all([_succeeds(*command), _succeeds(*on_postgresql)])


def growth(arguments: list[str]) -> bool:
    command = [*_MEASURES, "tests/bench/growth.py", *arguments]
    return _succeeds(PYTHON, "-m", "tests.with_postgresql", *command)


PARTS: dict[str, Callable[[list[str]], bool]] = {
    "http": module("rounds"),
    "in_process": module("in_process"),
    "start": module("start"),
    "banner": module("banner"),
    "measures": measures,
    "growth": growth,
    "long_tasks": module("long_tasks"),
}
# Not measured, but made of what was measured.
PAGE = {"page": module("page")}


def main(name: str, arguments: list[str]) -> None:
    if name not in {"", *PARTS, *PAGE}:
        sys.exit(f"There is no part {name!r}. Give BENCH one of: {', '.join([*PARTS, *PAGE])}.")
    if arguments and not name:
        sys.exit(f"ARGS goes to one part. Name it by BENCH, one of: {', '.join(PARTS)}.")
    parts = {name: (PARTS | PAGE)[name]} if name else PARTS
    failed = [each for each, run in parts.items() if not run(arguments)]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}. What they say is above.")
    if name not in PAGE:
        print("\nThe figures are in var/bench/. BENCH=page writes them into docs/benchmarks.md.")


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    main(os.environ.get("BENCH", ""), sys.argv[1:])
