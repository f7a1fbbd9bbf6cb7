"""The long form of tests/test_hostile_requests.py, straight at gunicorn and through nginx (I2, I21).

By `make chaos`; HOSTILE_REQUESTS=20000 is what it sends without being asked for another number.
"""

import os
import socket
from collections import Counter
from pathlib import Path

from tests.hostile_requests import send_all
from tests.proxy import HOST
from tests.running_site import environment, make_database, serving
from tests.topology import topology

REQUESTS = int(os.environ.get("HOSTILE_REQUESTS") or 20_000)


def test_hostile_requests_to_gunicorn(tmp_path: Path, capsys) -> None:
    env = environment(tmp_path)
    make_database(env)
    with serving(env, workers=2) as site:
        faults, statuses = send_all(
            REQUESTS,
            seed=2,
            host="127.0.0.1",
            open_connection=lambda _number: socket.create_connection(("127.0.0.1", site.port)),
        )
        say(capsys, "gunicorn", statuses)

        assert faults == []
        assert "Traceback" not in site.log.read_text()


def test_hostile_requests_through_nginx(tmp_path: Path, capsys) -> None:
    with topology(tmp_path) as site:
        faults, statuses = send_all(
            REQUESTS,
            seed=3,
            host=HOST,
            open_connection=lambda number: site.proxy.connect(source=f"127.0.{number % 200}.9"),
        )
        say(capsys, "through nginx", statuses)

        assert faults == []
        assert [name for name, log in site.logs.items() if "Traceback" in log] == []


def say(capsys, where: str, statuses: Counter[str]) -> None:
    with capsys.disabled():
        print(f"\n{where}: {sum(statuses.values())} requests: {dict(sorted(statuses.items()))}")
