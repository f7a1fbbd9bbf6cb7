"""What compose.yaml starts, as processes of this machine: nginx, two replicas, the worker, PostgreSQL."""

import http.client
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.chaos.crew import SupervisedWorker, working
from tests.mail_server import MailServer, mail_server
from tests.proxy import HOST, Proxy, proxy
from tests.running_site import Site, environment, free_port, make_database, serving
from tests.with_postgresql import DURABLE, Server, postgresql_server

ORIGIN = f"https://{HOST}"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN}


@dataclass
class Replica:
    """One gunicorn with its state. A new one on the same port takes the place of one that ended."""

    env: dict[str, str]
    port: int = field(default_factory=free_port)
    site: Site | None = None
    _running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        self.site = self._running.enter_context(serving(self.env, port=self.port))

    def stop(self) -> None:
        """SIGTERM, and wait until it has ended."""
        self._running.close()

    def kill(self) -> None:
        """SIGKILL to gunicorn and its workers, as when the container is killed."""
        master = psutil.Process(self.process.pid)
        processes = [master, *master.children()]
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, timeout=10)
        self.stop()

    @property
    def process(self) -> subprocess.Popen:
        assert self.site
        assert self.site.process
        return self.site.process

    @property
    def kept_refusals(self) -> list[Path]:
        """The files of refusals that wait for the database."""
        return [*Path(self.env["DATA_DIR"], "state", "refusals").glob("*")]


@dataclass(frozen=True)
class Topology:
    """The parts, and a visitor's way to them through nginx."""

    proxy: Proxy
    replicas: list[Replica]
    workers: list[SupervisedWorker]
    database: Server
    mails: MailServer

    def ask(
        self,
        path: str,
        *,
        form: str | None = None,
        headers: dict[str, str] | None = None,
        source: str = "127.0.0.1",
        host: str = HOST,
    ) -> http.client.HTTPResponse:
        """The answer to a visitor at an address of this machine; its `body` is the body."""
        connection = http.client.HTTPConnection(HOST)
        connection.sock = self.proxy.connect(source=source)
        method = "GET" if form is None else "POST"
        sent = {"Host": host} | (FORM if form is not None else {}) | (headers or {})
        return _answer(connection, method, path, form, sent)

    def ask_without_tls(self, path: str, *, host: str = HOST) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.http, timeout=20)
        return _answer(connection, "GET", path, None, {"Host": host})

    def is_ready(self) -> bool:
        """Whether every replica has its database."""
        return all(replica.site and replica.site.has_database() for replica in self.replicas)

    @property
    def env(self) -> dict[str, str]:
        """The settings that all parts have in common."""
        return self.workers[0].env

    @property
    def logs(self) -> dict[str, str]:
        """All that the parts wrote, by the name of the file."""
        paths = [self.proxy.access_log, self.proxy.error_log, self.workers[0].log]
        paths += [replica.site.log for replica in self.replicas if replica.site]
        paths.append(self.database.log)
        return {path.name: path.read_text() for path in paths}


def _answer(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    form: str | None,
    headers: dict[str, str],
) -> http.client.HTTPResponse:
    try:
        connection.request(method, path, form, headers)
        response = connection.getresponse()
        response.body = response.read()
        return response
    finally:
        connection.close()


@contextmanager
def topology(folder: Path, *, workers: int = 1) -> Iterator[Topology]:
    """Everything started, migrated and seeded. It ends with the block."""
    with ExitStack() as stack:
        database = stack.enter_context(postgresql_server(DURABLE))
        mails = stack.enter_context(mail_server())
        env = environment(
            folder,
            SITE_ORIGIN=ORIGIN,
            TRUSTED_PROXIES="1",
            DATABASE_URL=database.url,
            EMAIL_URL=mails.url,
        )
        make_database(env)
        replicas = []
        for name in ("web-1", "web-2"):
            # Each container has a volume of its own.
            (folder / name).mkdir()
            replica = Replica(env | {"DATA_DIR": str(folder / name)})
            stack.callback(replica.stop)
            replicas.append(replica)
        front = stack.enter_context(proxy(folder, replicas=[each.port for each in replicas]))
        crew = [stack.enter_context(working(env)) for _worker in range(workers)]
        with ThreadPoolExecutor() as starters:
            list(starters.map(Replica.start, replicas))
        yield Topology(front, replicas, crew, database, mails)


def speaks_http2(connection: socket.socket) -> bool:
    """Whether the server answers the opening of HTTP/2 (RFC 9113, 3.4) with its settings (6.5)."""
    empty_settings = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
    connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + empty_settings)
    head = connection.recv(9)
    return len(head) == 9 and head[3] == 4
