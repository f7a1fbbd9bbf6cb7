"""Fifty writers at once, of choices that supersede each other, beside publications, erasures and the seal.

By `make chaos`, on PostgreSQL; CHAOS_WRITERS=100 lets more write. The short form:
tests/evidence/seal/test_parallel_writers.py.
"""

import os
import subprocess
import sys

from tests.running_site import ROOT
from tests.with_postgresql import DURABLE, postgresql_server

WRITERS = int(os.environ.get("CHAOS_WRITERS") or 50)


def test_fifty_writers_lose_nothing_and_seal_nothing_twice() -> None:
    """I9, I17. Red when: a choice that was acknowledged has no record, or not one leaf."""
    with postgresql_server(DURABLE) as server:
        result = subprocess.run(
            [
                sys.executable, "-m", "pytest", "-q", "-p", "no:randomly",
                "tests/evidence/seal/test_parallel_writers.py",
            ],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": server.url, "WRITERS": str(WRITERS)},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
    print(result.stdout[-2000:])
    assert result.returncode == 0, result.stdout[-5000:]
