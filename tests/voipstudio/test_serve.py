"""`make serve` runs the site and its worker, and ends both."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests import running_site
from tests.run_once import has_own_database
from tests.running_site import ROOT, Site, environment, make_database, wait_until

pytestmark = has_own_database


@contextmanager
def serving(folder: Path) -> Iterator[tuple[psutil.Popen, list[psutil.Process]]]:
    """deploy/serve with its processes, once both work, in a session of its own as in a terminal."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = environment(folder, PORT=str(port), WEB_CONCURRENCY="1")
    make_database(env)
    log = folder / "serve.log"
    with log.open("w") as output:
        script = psutil.Popen(
            ["deploy/serve"],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    site = Site(port, log)
    processes: list[psutil.Process] = []
    try:
        wait_until(site.answers, seconds=60, why=log)
        wait_until(lambda: "waiting for work" in log.read_text(), seconds=60, why=log)
        processes = script.children(recursive=True)
        yield script, processes
    finally:
        with suppress(psutil.NoSuchProcess):
            processes += script.children(recursive=True)
        for process in [*processes, script]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        script.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_to_stop_ends_every_process(tmp_path: Path, number: int) -> None:
    """Red when: the script ends before its processes, or does not pass the signal on."""
    with serving(tmp_path) as (script, processes):
        assert len(processes) >= 3  # gunicorn, its worker, ours
        if number == signal.SIGINT:
            for process in [script, *processes]:  # a terminal signals them all
                process.send_signal(number)
        else:
            script.send_signal(number)
        assert script.wait(timeout=60) == 0
        assert [process for process in processes if process.is_running()] == []


@pytest.mark.parametrize("name", ["gunicorn", "worker"])
def test_when_one_process_dies_the_other_ends_and_the_exit_code_is_of_the_first(
    tmp_path: Path, name: str
) -> None:
    """Red when: the site goes on without its worker, and no mail is sent; or the other way round."""
    with serving(tmp_path) as (script, processes):
        [victim, *_rest] = [
            process
            for process in script.children()
            if any(name == Path(word).name for word in process.cmdline())
        ]
        victim.kill()
        assert script.wait(timeout=60) == 128 + signal.SIGKILL
        wait_until(
            lambda: not any(process.is_running() for process in processes),
            seconds=60,
            why="a process still runs",
        )


def test_a_second_web_server_on_one_sqlite_database_is_refused(tmp_path: Path) -> None:
    """Red when: nobody holds the lock, or the second one only prints a warning."""
    env = environment(tmp_path)
    make_database(env)
    command = [sys.executable, "-m", "gunicorn", "voipstudio.wsgi"]
    command += ["--config", "deploy/gunicorn.conf.py"]
    with running_site.serving(env):
        second = subprocess.run(
            command, cwd=ROOT, env=env | {"PORT": "0"}, capture_output=True, text=True, timeout=60
        )

    assert second.returncode == 1
    assert "Another web server uses the SQLite database" in second.stderr


def test_a_site_that_cannot_start_ends_with_its_exit_code(tmp_path: Path) -> None:
    """Red when: a site that cannot start looks as if it had ended well."""
    env = environment(tmp_path, SITE_ORIGIN="nonsense")
    result = subprocess.run(["deploy/serve"], cwd=ROOT, env=env, capture_output=True, timeout=60)

    assert result.returncode not in {0, 128 + signal.SIGTERM}
