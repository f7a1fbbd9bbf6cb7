"""The site in its own processes, with its own database, as an operator runs it."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests import seeded_database
from tests.private_words import private_words

ROOT = Path(settings.BASE_DIR)
SECRET_KEY = "for-tests-only"


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """The environment of a site with its data in `folder`, without the settings of this machine."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | {
        "DJANGO_SKIP_ENV_FILE": "1",
        "SECRET_KEY": SECRET_KEY,
        "DATA_DIR": str(folder),
        "SITE_ORIGIN": "http://127.0.0.1:8000",
        **variables,
    }


def manage(
    *arguments: str, env: dict[str, str], check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run manage.py in a process."""
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not check or result.returncode == 0, result.stderr
    return result


def make_database(env: dict[str, str]) -> None:
    """A migrated and seeded database: a copy of the test run's own, where there is one.

    To migrate and to seed takes seconds; tests/privacy/test_migrations.py and `make serve` do it.
    """
    has_file = not env.get("DATABASE_URL")
    if has_file and seeded_database.write_to(Path(env["DATA_DIR"]) / "db.sqlite3"):
        return
    manage("migrate", "--verbosity=0", env=env)
    manage("seed", env=env)


@contextmanager
def serving(
    env: dict[str, str], *, workers: int = 1, options: Sequence[str] = (), port: int = 0
) -> Iterator["Site"]:
    """Gunicorn with the project's configuration, on a free port if none is given."""
    port = port or free_port()
    log = Path(env["DATA_DIR"]) / f"gunicorn-{port}.log"
    command = [sys.executable, "-m", "gunicorn", "tests.numbered_wsgi"]
    command += ["--config", "deploy/gunicorn.conf.py", "--workers", str(workers)]
    command += options
    with log.open("a") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env | {"PORT": str(port)}, stdout=output, stderr=output
        )
    try:
        site = Site(port, log, process)
        wait_until(site.answers, seconds=30, why=log)
        yield site
    finally:
        process.terminate()
        process.wait(timeout=30)
    # What a whole journey leaves in the log has nothing of the people in it (I21).
    assert private_words(log.read_text()) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Site:
    """A running site."""

    def __init__(self, port: int, log: Path, process: subprocess.Popen | None = None) -> None:
        self.port = port
        self.log = log
        self.process = process

    def get(self, path: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of a page, over a new connection."""
        return self._send("GET", path)

    def has_word_by_worker(self, path: str, word: str, *, workers: int) -> dict[str, bool]:
        """Whether the word is on the page that each worker makes; the key is its process number.

        Which worker takes a connection is chance: ask until each of them has answered. Needs the
        header of `tests/numbered_wsgi.py`, which a site of several workers has.
        """
        by_worker: dict[str, bool] = {}

        def all_answered() -> bool:
            _status, headers, text = self.get(path)
            by_worker[headers["X-Process"]] = word in text
            return len(by_worker) == workers

        wait_until(all_answered, seconds=20, why=self.log)
        return by_worker

    def post(self, path: str, form: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of the answer to a form (URL-encoded)."""
        return self._send("POST", path, form)

    def _send(
        self, method: str, path: str, form: str | None = None
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        try:
            connection.request(method, path, form, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        finally:
            connection.close()

    def has_database(self) -> bool:
        """Whether the worker that answers has a database, by /readyz."""
        status, _headers, text = self.get("/readyz")
        return status in {200, 503} and "database" not in text

    def answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False


def notice_of(page: str) -> str:
    """The key of the notice that a page asks with."""
    [key] = {*re.findall(r'name="notice" value="(\w+)"', page)}
    return key


def wait_until(condition: Callable[[], bool], *, seconds: float, why: object = "") -> None:
    """Wait until the condition is true; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            detail = why.read_text() if isinstance(why, Path) else why
            raise AssertionError(f"Not within {seconds} s. {detail}")
        time.sleep(0.02)
