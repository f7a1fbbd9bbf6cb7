"""People who sign up, what the database has of them, and a worker that is started again whenever it
dies."""

import http.client
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import time_machine
from django.core.signing import TimestampSigner
from django.utils import timezone

from tests.running_site import ROOT, SECRET_KEY, Site

FORM_PAGE = "/en/free-trial/"
TYPED = "Firma Przykładowa"


def address_of(number: int) -> str:
    return f"person{number}@example.com"


def stamp() -> str:
    """The signed time stamp of a form that was opened a minute ago."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
        return TimestampSigner(key=SECRET_KEY, salt="trial.form").sign("shown")


def sign_up(site: Site, number: int) -> tuple[int, str]:
    """Send the form from a network of its own. The status is 0 if no answer came."""
    form = {
        "full_name": "Anna Nowak",
        "email": address_of(number),
        "company": TYPED,
        "stamp": stamp(),
    }
    network = f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": network}
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        connection.request("POST", FORM_PAGE, urlencode(form), headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def sign_up_all(site: Site, numbers: range, *, at_once: int = 4) -> dict[int, tuple[int, str]]:
    """The status and the page of each person, by number."""
    with ThreadPoolExecutor(at_once) as people:
        answers = people.map(lambda number: (number, sign_up(site, number)), numbers)
        return dict(answers)


def column(env: Mapping[str, str], name: str, table: str) -> list[Any]:
    """A column, read by a connection of its own: the site is not involved."""
    with closing(connect(env)) as database:
        return [row[0] for row in database.execute(f"SELECT {name} FROM {table}").fetchall()]


def connect(env: Mapping[str, str]) -> Any:
    """A connection to the database of a site; it cannot write to SQLite."""
    url = env["DATABASE_URL"]
    if not url:
        return sqlite3.connect(f"file:{env['DATA_DIR']}/db.sqlite3?mode=ro", uri=True)
    host, _, name = url.removeprefix("postgres://postgres@/").rpartition("/")
    return psycopg.connect(host=host, user="postgres", dbname=name)


class SupervisedWorker:
    """One worker process at a time. When it dies, the next one starts, as under a supervisor."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.log = Path(env["DATA_DIR"]) / "worker.log"
        self.deaths = 0
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None

    def kill(self) -> None:
        """Send SIGKILL to the current worker."""
        with self._lock:
            if self._process and self._process.poll() is None:
                self._process.kill()
                self._process.wait()
                self.deaths += 1

    def keep_one_working(self) -> None:
        while not self._is_over.is_set():
            with self._lock:
                process = self._process = self._start()
            process.wait()

    def close(self) -> None:
        """Ask the last worker to stop. It must end with 0."""
        with self._lock:
            self._is_over.set()
            if self._process and self._process.poll() is None:
                self._process.terminate()
                assert self._process.wait(timeout=60) == 0, self.log.read_text()

    def _start(self) -> subprocess.Popen:
        if self._is_over.is_set():  # a process that ends at once, for the last round of the loop
            return subprocess.Popen([sys.executable, "-c", ""])
        with self.log.open("a") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.hasty_worker"],
                cwd=ROOT,
                env=self.env,
                stdout=output,
                stderr=output,
            )


@contextmanager
def working(env: dict[str, str]) -> Iterator[SupervisedWorker]:
    worker = SupervisedWorker(env)
    supervisor = threading.Thread(target=worker.keep_one_working)
    supervisor.start()
    try:
        yield worker
    finally:
        worker.close()
        supervisor.join()
