"""The worker process: it finishes its task before it stops, and survives errors."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError

from delivery import worker
from delivery.management.commands import worker as command
from tests.dripping_server import dripping_server
from tests.mail_server import MailServer, mail_server
from tests.running_site import ROOT, environment, make_database, manage, wait_until

SIGN_UP = """
from tests.factories import make_sign_up
make_sign_up(email="anna@example.com")
"""
# The worker with another deadline.
WORKER = """
import django
django.setup()
from django.core.management import call_command
from delivery import deadline
deadline.ATTEMPT_SECONDS = 2.0
call_command("worker")
"""
STATES = "from delivery.models import Mail; print(*Mail.objects.values_list('state', flat=True))"


@contextmanager
def working(
    env: dict[str, str], command: Sequence[str] = ("manage.py", "worker")
) -> Iterator[subprocess.Popen]:
    """A worker in a process of its own."""
    log = Path(env["DATA_DIR"]) / "worker.log"
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=env, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> Path:
    """The database of a site with one sign-up."""
    folder = tmp_path_factory.mktemp("worker")
    variables = environment(folder)
    make_database(variables)
    manage("shell", "--verbosity=0", f"--command={SIGN_UP}", env=variables)
    return folder / "db.sqlite3"


@pytest.fixture
def env(tmp_path: Path, migrated: Path, server: MailServer) -> dict[str, str]:
    """A site with one sign-up, and a mail server."""
    shutil.copy(migrated, tmp_path)
    return environment(tmp_path, EMAIL_URL=server.url)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_stops_the_worker_after_the_mail_that_it_is_sending(
    env: dict[str, str], server: MailServer, number: int
) -> None:
    """Red when: the signal ends the process at once, or not at all."""
    with working(env) as process:
        server.on_content = lambda _received: os.kill(process.pid, number)
        assert process.wait(timeout=30) == 0

    assert server.copies == {"anna@example.com": 1}
    states = manage("shell", "--verbosity=0", f"--command={STATES}", env=env).stdout
    assert states == "delivered\n"


def test_a_signal_stops_a_worker_whose_mail_server_drips(env: dict[str, str]) -> None:
    """Red when: the worker waits for an answer that never ends."""
    with dripping_server(b"", b"2") as server:
        env["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        env["DJANGO_SETTINGS_MODULE"] = "voipstudio.settings"
        with working(env, ["-c", WORKER]) as process:
            assert server.is_connected.wait(30)
            process.terminate()
            assert process.wait(timeout=30) == 0


def test_with_once_the_worker_does_the_due_work_and_ends(
    env: dict[str, str], server: MailServer
) -> None:
    manage("worker", "--once", env=env)
    manage("worker", "--once", env=env)

    assert server.copies == {"anna@example.com": 1}


def test_an_idle_worker_waits_and_stops_on_a_signal(env: dict[str, str], server) -> None:
    manage("worker", "--once", env=env)
    with working(env) as process:
        log = Path(env["DATA_DIR"]) / "worker.log"
        wait_until(lambda: "waiting for work" in log.read_text(), seconds=30, why=log)
        process.terminate()
        assert process.wait(timeout=30) == 0


@pytest.fixture
def jobs(monkeypatch) -> list[worker.Job]:
    """An empty list of jobs, for the jobs of this test."""
    registered: list[worker.Job] = []
    monkeypatch.setattr(worker, "_jobs", registered)
    return registered


def test_each_job_has_its_turn_even_if_another_fails(jobs) -> None:
    """Red when: the first error skips the jobs after it."""
    done = []

    def broken(_at: object) -> bool:
        raise ValueError

    def sound(at: object) -> bool:
        done.append(at)
        return True

    jobs += [broken, sound]
    with pytest.raises(ValueError):  # noqa: PT011 - it has no text
        worker.work("now")

    assert done == ["now"]


def test_a_worker_that_is_told_to_stop_begins_no_further_task(jobs) -> None:
    """Red when: it does one task of every job before it stops."""
    done: list[str] = []

    def job(name: str) -> worker.Job:
        def do(_at: datetime) -> bool:
            done.append(name)
            return False

        return do

    jobs += [job("first"), job("second")]

    worker.work("now", is_told_to_stop=lambda: bool(done))

    assert done == ["first"]


def test_work_goes_on_while_any_job_has_a_due_task(jobs) -> None:
    left = {"a": 3, "b": 1}

    def take(name: str) -> bool:
        left[name] -= 1
        return left[name] >= 0

    jobs += [lambda _at: take("a"), lambda _at: take("b")]
    worker.work_off("now")

    assert left == {"a": -1, "b": -3}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OperationalError("no anna@example.com"), "The database does not answer."),
        (ValueError("anna@example.com"), "A job failed."),
    ],
)
def test_the_worker_survives_an_error_and_logs_it_without_its_text(
    jobs, monkeypatch, log_lines, error: Exception, line: str
) -> None:
    """Red when: an error ends the worker, or the log has its text, which may quote an address."""
    monkeypatch.setattr(command.connection, "close", lambda: None)
    monkeypatch.setattr(command, "close_old_connections", lambda: None)

    def broken(_at: object) -> bool:
        raise error

    jobs.append(broken)
    assert command.Command()._work() is False

    [written] = map(json.loads, log_lines)
    assert (written["event"], written["error"]) == (line, type(error).__name__)
    assert "anna" not in log_lines[0]


@pytest.mark.django_db
def test_with_once_an_error_ends_the_command_so_that_the_caller_sees_it(jobs) -> None:
    def broken(_at: object) -> bool:
        raise OperationalError

    jobs.append(broken)
    with pytest.raises(OperationalError):
        call_command("worker", "--once")
