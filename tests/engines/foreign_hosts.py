"""A proxy that stands between a browser and the world: it lets nothing pass, and notes who was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# What browsers ask for their own needs: updates, lists of dangerous pages, whether there is a network.
_OF_FIREFOX = (".mozilla.com", ".mozilla.org", ".mozilla.net", ".firefox.com")
_OF_CHROMIUM = (".googleapis.com", "accounts.google.com", "clients2.google.com", ".gvt1.com")


class ForeignHosts(ThreadingHTTPServer):
    """All hosts but this machine."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refusal)
        self._asked: set[str] = set()

    @property
    def proxy(self) -> str:
        """The address of the proxy: host and port."""
        return f"127.0.0.1:{self.server_port}"

    @property
    def asked(self) -> set[str]:
        """The hosts that pages asked since the last `forget`."""
        return {host for host in self._asked if not host.endswith(_OF_FIREFOX + _OF_CHROMIUM)}

    def note(self, host: str) -> None:
        self._asked.add(host)

    def forget(self) -> None:
        self._asked.clear()


class _Refusal(BaseHTTPRequestHandler):
    server: ForeignHosts

    def do_CONNECT(self) -> None:
        self._refuse()

    def do_GET(self) -> None:
        self._refuse()

    def _refuse(self) -> None:
        """Note the host: of an address over HTTPS only that is told, with its port."""
        address = self.path.partition("://")[2] or self.path
        self.server.note(address.partition("/")[0].removesuffix(":443"))
        self.send_error(HTTPStatus.BAD_GATEWAY)

    def log_message(self, *unused: Any) -> None:
        """Print nothing."""


@contextmanager
def foreign_hosts() -> Iterator[ForeignHosts]:
    with ForeignHosts() as hosts:
        threading.Thread(target=hosts.serve_forever, daemon=True).start()
        yield hosts
        hosts.shutdown()
