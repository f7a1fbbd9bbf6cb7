"""The servers of the bench: gunicorn with the same number of workers and threads for each of them."""

import http.client
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.running_site import ROOT, free_port, wait_until

WORKERS = 2
THREADS = 4
# Ours reads the number of threads from there.
OUR_OPTIONS = ("--config", "deploy/gunicorn.conf.py")
# gunicorn's own worker with threads, as its documentation recommends it.
DEFAULT_OPTIONS = ("--worker-class", "gthread", "--threads", str(THREADS), "--no-control-socket")


@dataclass(frozen=True)
class Server:
    """A running server. `process_ids` are those that were started; their children belong to it."""

    name: str
    port: int
    process_ids: tuple[int, ...]
    tls: ssl.SSLContext | None = None

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.tls.wrap_socket(plain, server_hostname="127.0.0.1") if self.tls else plain

    def cpu_seconds(self) -> float:
        """What all its processes have used until now, those included that have ended."""
        return sum(_cpu_seconds(psutil.Process(number)) for number in self.process_ids)

    def worker_megabytes(self) -> list[float]:
        """The memory of each worker (PSS: a page that several processes share counts in parts)."""
        workers = [
            child for number in self.process_ids for child in psutil.Process(number).children()
        ]
        return [worker.memory_full_info().pss / 1e6 for worker in workers]


def _cpu_seconds(process: psutil.Process) -> float:
    """Of a process and its descendants. A child that has ended counts as its parent's."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(member.cpu_times()[:4]) for member in family)


@contextmanager
def gunicorn(
    name: str,
    application: str,
    folder: Path,
    *,
    env: dict[str, str],
    options: Sequence[str] = DEFAULT_OPTIONS,
    workers: int = WORKERS,
) -> Iterator[Server]:
    """A server that takes connections. It ends with the block."""
    port, log = free_port(), folder / f"{name}.log"
    command = [sys.executable, "-m", "gunicorn", application, *options]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    if Path("/dev/shm").is_dir():
        command += ["--worker-tmp-dir", "/dev/shm"]
    with log.open("a") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        wait_until(lambda: answers(port) or has_ended(process), seconds=60, why=log)
        assert not has_ended(process), log.read_text()
        yield Server(name, port, (process.pid,))
    finally:
        process.terminate()
        process.wait(timeout=60)


def answers(port: int) -> bool:
    """Whether a worker answers, whatever it says."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def has_ended(process: subprocess.Popen) -> bool:
    return process.poll() is not None


def plain_environment(**variables: str) -> dict[str, str]:
    """The environment of a reference: nothing of this machine's settings but where programs are."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | variables
