"""Workers that are killed (SIGKILL), each one step later than the last one."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.running_site import ROOT

# As many steps as an erasure has; then the numbers begin anew.
STEPS = 40
# A process that found too little to do for its last step is killed all the same.
PATIENCE_SECONDS = 10


class DyingWorkers:
    """One worker after the other, each killed one step later than the last one."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.log = Path(env["DATA_DIR"]) / "worker.log"
        # The numbers of the steps before which one died.
        self.died_before: set[int] = set()
        self.deaths = 0
        self._is_over = threading.Event()

    def die_again_and_again(self) -> None:
        while not self._is_over.is_set():
            number = self.deaths % STEPS
            process = self._start(KILLED_AT=str(number))
            try:
                if process.wait(timeout=PATIENCE_SECONDS) == -signal.SIGKILL:
                    self.died_before.add(number)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self.deaths += 1

    def end(self) -> None:
        self._is_over.set()

    def live(self) -> None:
        """One that nobody kills does what is left."""
        self._start("--once").wait(timeout=300)

    def _start(self, *arguments: str, **variables: str) -> subprocess.Popen:
        with self.log.open("a") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.hasty_worker", *arguments],
                cwd=ROOT,
                env=self.env | variables,
                stdout=output,
                stderr=output,
            )


@contextmanager
def dying(env: dict[str, str]) -> Iterator[DyingWorkers]:
    workers = DyingWorkers(env)
    with ThreadPoolExecutor(1) as supervisor:
        supervised = supervisor.submit(workers.die_again_and_again)
        try:
            yield workers
        finally:
            workers.end()
            supervised.result()
