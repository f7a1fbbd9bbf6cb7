"""The time that one whole attempt over a connection may take.

A timeout of a socket is for each read: a peer that sends one byte now and then never meets it.
"""

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

Answer = TypeVar("Answer")

# Below the lease of a row, and below the 30 seconds that a process commonly has to stop.
ATTEMPT_SECONDS = 25.0


class Deadline:
    """Shuts the connection down at the end, so that whoever reads from it gets an error."""

    def __init__(self) -> None:
        self._ends_at = time.monotonic() + ATTEMPT_SECONDS
        self._timer = threading.Timer(ATTEMPT_SECONDS, self._shut_down)
        self._timer.daemon = True
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._socket is not None:
            self._socket.close()

    def connect(self, address: tuple[str, int], timeout: float, *_more: Any) -> socket.socket:
        """Connect to the first address of a host that answers. Raises OSError."""
        host, port = address
        error: OSError = OSError("no address")
        for *_kind, target in self.within(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM):
            number = str(target[0])
            limit = min(timeout, self.remaining())
            try:
                connected = socket.create_connection((number, port), limit)
            except OSError as reason:
                error = reason
                continue
            connected.settimeout(timeout)
            # A duplicate: TLS takes the socket itself over.
            self._socket = connected.dup()
            self.remaining()  # the timer may have ended before there was a socket to shut down
            return connected
        raise error

    def within(self, look_up: Callable[..., Answer], *arguments: Any) -> Answer:
        """The answer of a look-up in the DNS. Raises TimeoutError at the end, and its own errors.

        The system takes no deadline for a look-up, so it runs in a thread that may outlive it.
        """
        future: Future[Answer] = Future()

        def ask() -> None:
            try:
                future.set_result(look_up(*arguments))
            except Exception as error:
                future.set_exception(error)

        # A daemon: the process can end while the look-up still waits.
        threading.Thread(target=ask, daemon=True).start()
        return future.result(timeout=self.remaining())

    def remaining(self) -> float:
        """The seconds that are left. Raises TimeoutError at the end."""
        seconds = self._ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def _shut_down(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # the peer was faster
                self._socket.shutdown(socket.SHUT_RDWR)
