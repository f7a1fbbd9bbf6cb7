"""Whatever bytes a stranger sends: no fault of the server, no redirect to elsewhere (I2, I21).

Through nginx: tests/test_topology.py. The long form of both: tests/chaos/hostile.py.
"""

import socket
from pathlib import Path

from tests.hostile_requests import faults_of, send_all
from tests.run_once import has_own_database
from tests.running_site import environment, make_database, serving

pytestmark = has_own_database


def test_no_request_is_answered_with_a_server_error(tmp_path: Path) -> None:
    """Red when: a header, an address, a cookie or a form of any bytes raises in a view."""
    env = environment(tmp_path)
    make_database(env)
    with serving(env) as site:
        faults, statuses = send_all(
            300,
            seed=1,
            host="127.0.0.1",
            open_connection=lambda _number: socket.create_connection(("127.0.0.1", site.port)),
        )

        assert faults == []
        assert {"200", "302", "400", "403", "404", "405"} <= {*statuses}
        assert "Traceback" not in site.log.read_text()
        assert site.get("/")[0] == 200


def test_each_fault_is_found() -> None:
    """The guard itself. Red when: it lets a fault pass, or finds one in a good answer."""
    for answer in (
        b"HTTP/1.1 500 Internal Server Error\r\n\r\n",
        b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nTraceback (most recent call last)",
        b"HTTP/1.1 302 Found\r\nlocation: //evil.example/\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /\\evil.example/\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nX-Injected: yes\r\n\r\n",
        b"garbage",
    ):
        assert len(faults_of(answer)) == 1, answer
    for answer in (
        b"",
        b"HTTP/1.1 200 OK\r\n\r\nx",
        b"HTTP/1.1 301 Moved Permanently\r\nLocation: /cennik/\r\n\r\n",
    ):
        assert faults_of(answer) == []
