"""Results of the bench: one JSON file for each part in var/bench/, with the machine that measured."""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from tests.running_site import ROOT

FOLDER = ROOT / "var" / "bench"


def save(part: str, result: dict[str, Any], *, folder: Path = FOLDER) -> None:
    """Write the result of a part, instead of its last one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{part}.json"
    path.write_text(json.dumps({"machine": machine(), **result}, indent=2) + "\n")


def read(part: str, *, folder: Path = FOLDER) -> dict[str, Any] | None:
    """The last result of a part; None before its first run."""
    path = folder / f"{part}.json"
    return json.loads(path.read_text()) if path.exists() else None


def machine() -> dict[str, Any]:
    """What the figures depend on, beside the code."""
    return {
        "measured_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": output_of("git", "rev-parse", "--short=10", "HEAD"),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("Django", "gunicorn", "django-cookie-consent")},
    }


def processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def output_of(*command: str) -> str:
    """What a command prints; empty where it is not installed or fails."""
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()


def median_ratio(measured: Iterable[float], reference: Iterable[float]) -> float:
    """The median of the ratios of each round.

    Both of a round met the same machine, more or less: so other work on it changes a ratio less
    than it changes the two medians.
    """
    return median(first / second for first, second in zip(measured, reference, strict=True))


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown; all columns but the first are numbers."""
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
