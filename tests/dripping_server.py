"""A server on this machine that sends one byte now and then, so that no timeout of a read ends it."""

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SECONDS_BETWEEN = 0.02
# A sender without a deadline would wait for all of them, a minute or so.
MAX_BYTES = 3000


@dataclass(frozen=True)
class DrippingServer:
    port: int
    is_connected: threading.Event = field(default_factory=threading.Event)


@contextmanager
def dripping_server(at_once: bytes, in_drops: bytes) -> Iterator[DrippingServer]:
    """Sends the first bytes at once, then the others byte by byte, again and again."""
    is_over = threading.Event()

    def serve(listener: socket.socket, server: DrippingServer) -> None:
        while not is_over.is_set():
            try:
                connection, _address = listener.accept()
            except OSError:  # the listener was closed
                return
            server.is_connected.set()
            with connection:
                drip(connection)

    def drip(connection: socket.socket) -> None:
        try:
            connection.sendall(at_once)
            for byte in itertools.islice(itertools.cycle(in_drops), MAX_BYTES):
                connection.sendall(bytes([byte]))
                if is_over.wait(SECONDS_BETWEEN):
                    return
        except OSError:  # the other side has ended it
            return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = DrippingServer(listener.getsockname()[1])
        thread = threading.Thread(target=serve, args=[listener, server], daemon=True)
        thread.start()
        try:
            yield server
        finally:
            is_over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
