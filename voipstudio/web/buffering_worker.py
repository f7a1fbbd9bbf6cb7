"""A gunicorn worker that gives a request a thread only when the whole request has arrived (I21).

gunicorn's gthread gives every connection a thread until its first byte, and every request one until
its last byte: a few clients that send nothing, or a byte now and then, would hold all threads. Here
the poller of the process collects the bytes: such a client holds a socket and nothing else. It also
answers by itself what the site can answer from memory: no thread, and no wait for one.
"""

import fcntl
import re
import socket
import struct
import sys
import termios
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import lru_cache, partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import SERVER
from gunicorn.http import get_parser
from gunicorn.util import http_date
from gunicorn.workers.gthread import TConn, ThreadWorker

from voipstudio.web.plain_head import closes_connection, environ_of

# From the first byte of a request (or from the connection) to the last one.
SECONDS_TO_ARRIVE = 15.0
# How long one piece of an answer may wait for a client, and a thread for bytes that never come: a
# last resort, since neither should happen.
SECONDS_OF_A_PIECE = 2
# An `accept` that finds nothing takes less, unless another thread of the process has run meanwhile.
SECONDS_OF_AN_ACCEPT = 0.001
# How long a refused client may read its answer before the connection is closed.
SECONDS_TO_READ_A_REFUSAL = 2.0
# As much as nginx takes by default, and as much as DATA_UPLOAD_MAX_MEMORY_SIZE allows.
MOST_HEAD_BYTES = 32 * 1024
MOST_BODY_BYTES = 1024 * 1024
# The kernel takes a whole page at once, so that a slow reader holds no thread either.
SEND_BUFFER_BYTES = 256 * 1024
_READ_BYTES = 64 * 1024

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\nContent-Length:[ \t]*([0-9]+)[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\nTransfer-Encoding[ \t]*:", re.IGNORECASE)
_EXPECTS_100 = re.compile(rb"\r\nExpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)

REFUSALS = {
    "408 Request Timeout": "The request took too long to arrive. Please send it again.",
    "411 Length Required": "Please send the request with its Content-Length.",
    "413 Content Too Large": "The request is too large. Please send less than 1 MB.",
    "431 Request Header Fields Too Large": "Please delete the cookies of this site and try again.",
}
_HEADERS = {
    "Connection": "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Connection(TConn):
    """A connection, and the bytes of a request that has not arrived whole."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.arrived = bytearray()
        # How many bytes head and body have; None until the head is there.
        self.whole_bytes: int | None = None
        self.is_refused = False
        self.is_polled = False

    @property
    def is_whole(self) -> bool:
        return self.whole_bytes is not None and len(self.arrived) >= self.whole_bytes

    def begin(self, arrived: bytes) -> None:
        """Wait for the next request, of which the beginning may be there."""
        self.arrived = bytearray(arrived)
        self.whole_bytes = None

    def parse_anew(self) -> None:
        """Give all that has arrived to a parser that has read nothing yet."""
        self.parser = get_parser(self.cfg, self.sock, self.client)
        self.initialized = self.data_ready = True
        self.parser.unreader.unread(bytes(self.arrived))

    def read_head(self) -> str:
        """Find out how long the request is. Returns the status with which it is refused, or ""."""
        end = self.arrived.find(_END_OF_HEAD, 0, MOST_HEAD_BYTES)
        if end < 0:
            is_too_long = len(self.arrived) >= MOST_HEAD_BYTES
            return "431 Request Header Fields Too Large" if is_too_long else ""
        head = bytes(self.arrived[: end + 2])
        # gunicorn refuses a request with two lengths, so their sum is as good as any. It takes any
        # number of zeros; of more digits nineteen are enough to be too many bytes.
        length = sum(int(number.lstrip(b"0")[:19] or 0) for number in _LENGTH.findall(head))
        if _CHUNKED.search(head):
            return "411 Length Required"
        if length > MOST_BODY_BYTES:
            return "413 Content Too Large"
        self.whole_bytes = end + len(_END_OF_HEAD) + length
        if _EXPECTS_100.search(head) and not self.is_whole:
            # Some programs wait for this before they send the body (RFC 9110, 10.1.1).
            with suppress(OSError):
                self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return ""


def _unread_bytes(client: socket.socket) -> int:
    """How many bytes of earlier answers the client has not taken yet."""
    try:
        return int.from_bytes(fcntl.ioctl(client, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    except OSError:  # not known here, or closed by the client
        return 0


@lru_cache(maxsize=2)
def _head_of(second: int, *, is_kept: bool) -> bytes:
    """Status line and the headers of the connection: the same for all answers of one second."""
    connection = "keep-alive" if is_kept else "close"
    ours = f"Server: {SERVER}\r\nDate: {http_date(second)}\r\nConnection: {connection}\r\n"
    return f"HTTP/1.1 200 OK\r\n{ours}".encode()


def _send_rest(client: socket.socket, rest: bytes, *, is_kept: bool) -> bool:
    """Wait for a client that reads. Returns whether the connection is kept."""
    client.setblocking(True)
    client.sendall(rest)
    return is_kept


class BufferingWorker(ThreadWorker):
    """A thread for each whole request; connections wait for theirs in the poller."""

    seconds_to_arrive = SECONDS_TO_ARRIVE
    send_buffer_bytes = SEND_BUFFER_BYTES

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.waiting: set[Connection] = set()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        # Another application may have no memory to answer from.
        self.kept_answer = getattr(self.wsgi, "kept_answer", None)

    def accept(self, listener: Any) -> bool:
        """Take one connection. Returns False where none waits."""
        try:
            client, address = listener.accept()
        except OSError:  # none is waiting, or it is gone again, or there are too many open files
            return False
        self.nr_conns += 1
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.send_buffer_bytes)
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", SECONDS_OF_A_PIECE, 0))
        self._collect(Connection(self.cfg, client, address, listener.getsockname()))
        return True

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            self._accept_the_last()

    def _accept_the_last(self) -> None:
        """Take the connections that wait for `accept`: closing the listener would reset them."""
        for listener in self.sockets:
            listener.setblocking(False)
            for _ in range(self.cfg.backlog):
                asked = time.monotonic()
                is_taken = self.accept(listener)
                # While other threads ran before `accept` could return, one more may have come.
                if not is_taken and time.monotonic() - asked < SECONDS_OF_AN_ACCEPT:
                    break
            listener.close()

    def _collect(self, conn: Connection, arrived: bytes = b"") -> None:
        """Wait for a request of a connection that nothing polls yet; its beginning may be there."""
        conn.sock.setblocking(False)
        self._begin(conn, arrived)
        # Nearly always a request is there, all of it: then the poller need not know of it.
        self._read(conn, conn.sock)
        if conn in self.waiting:
            self._poll(conn)

    def _begin(self, conn: Connection, arrived: bytes = b"") -> None:
        conn.begin(arrived)
        conn.timeout = time.monotonic() + self.seconds_to_arrive
        self.waiting.add(conn)

    def _poll(self, conn: Connection) -> None:
        if not conn.is_polled:
            callback = partial(self.on_client_socket_readable, conn)
            self.poller.register(conn.sock, EVENT_READ, callback)
            conn.is_polled = True

    def _stop_polling(self, conn: Connection) -> None:
        if conn.is_polled:
            self.poller.unregister(conn.sock)
            conn.is_polled = False

    def _read(self, conn: Connection, client: socket.socket) -> None:
        piece: bytes | None
        try:
            piece = client.recv(_READ_BYTES)
        except BlockingIOError:
            piece = None
        except OSError:
            piece = b""
        if piece == b"":
            self._close(conn)
        elif not conn.is_refused:
            conn.arrived += piece or b""
            self._look_at(conn)

    def _look_at(self, conn: Connection) -> None:
        refusal = conn.read_head() if conn.whole_bytes is None else ""
        if refusal:
            self._refuse(conn, refusal)
        elif conn.is_whole:
            self._hand_over(conn)

    def _hand_over(self, conn: Connection) -> None:
        """Answer from memory, or let a thread answer. All of the request is in the parser's buffer,
        so that no read blocks.

        No write blocks either: the buffer of the kernel is empty, since the client has read what it
        asked for before. One that has not is disconnected.
        """
        if _unread_bytes(conn.sock):
            self._close(conn)
            return
        self.waiting.discard(conn)
        if not self._answers_at_once(conn):
            self._stop_polling(conn)
            conn.parse_anew()
            self.enqueue_req(conn)

    def _answers_at_once(self, conn: Connection) -> bool:
        """Answer a plain GET from memory. False where only a thread can answer."""
        if not self.kept_answer:
            return False
        try:
            environ = environ_of(conn.arrived, client=conn.client, server=conn.server)
            answer = self.kept_answer(environ) if environ else None
        except Exception:  # a thread meets the same error, and answers it
            return False
        if environ is None or answer is None:
            return False
        is_kept = self._may_stay(environ)
        head = _head_of(int(time.time()), is_kept=is_kept) + answer.head
        self._send(conn, head, answer.body, is_kept=is_kept)
        return True

    def _send(self, conn: Connection, head: bytes, body: bytes, *, is_kept: bool) -> None:
        """Send an answer, of which the empty buffer of the kernel nearly always takes all."""
        try:
            sent = conn.sock.sendmsg([head, body])
        except OSError:  # the client is gone
            self._close(conn)
            return
        if sent == len(head) + len(body):
            if is_kept:
                self._await_next(conn)
            else:
                self._close(conn)
            return
        self._stop_polling(conn)
        rest = (head + body)[sent:]
        task = self.tpool.submit(_send_rest, conn.sock, rest, is_kept=is_kept)
        task.add_done_callback(
            lambda future: self.method_queue.defer(self.finish_request, conn, future)
        )

    def _may_stay(self, environ: dict[str, Any]) -> bool:
        """Whether the connection stays open for the next request, as in gunicorn's gthread."""
        has_room = len(self.keepalived_conns) < self.max_keepalived
        return self.alive and has_room and not closes_connection(environ)

    def finish_request(self, conn: Connection, future: "Future[Any]") -> None:
        """Keep the connection, or close it; gunicorn would wait up to 2 s for the client here."""
        if future.cancelled() or future.exception() or not future.result():
            self._close(conn)
        elif begun := conn.parser.unreader.take_buffered():
            self._collect(conn, begun)
        else:
            super().finish_request(conn, future)
            conn.is_polled = True

    def _await_next(self, conn: Connection) -> None:
        """Keep a connection that was answered at once, as gunicorn does after a thread's answer."""
        conn.set_timeout()
        self.keepalived_conns.append(conn)
        self._poll(conn)

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """A connection sends a piece of a request. A kept one begins its next request."""
        if conn not in self.waiting:
            self.keepalived_conns.remove(conn)
            self._begin(conn)
        self._read(conn, client)

    def murder_pending(self) -> None:
        """End the wait for requests that are late.

        gunicorn calls this after each round of events, at least once a second.
        """
        now = time.monotonic()
        for conn in [conn for conn in self.waiting if conn.timeout <= now]:
            if conn.arrived and not conn.is_refused:
                self._refuse(conn, "408 Request Timeout")
            else:
                self._close(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """A worker that ends waits no longer for connections that have sent nothing."""
        super()._cap_keepalive(deadline)
        for conn in self.waiting:
            if not conn.arrived:
                conn.timeout = min(conn.timeout, deadline)

    def _refuse(self, conn: Connection, status: str) -> None:
        """Answer, then drop what still arrives: closing at once would reset the answer."""
        sentence = f"{REFUSALS[status]}\n"
        headers = _HEADERS | {"Content-Length": str(len(sentence))}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
        answer = "\r\n".join([*lines, "", sentence])
        conn.is_refused = True
        conn.timeout = time.monotonic() + SECONDS_TO_READ_A_REFUSAL
        with suppress(OSError):
            conn.sock.send(answer.encode())
            conn.sock.shutdown(socket.SHUT_WR)

    def _close(self, conn: Connection) -> None:
        self.waiting.discard(conn)
        self._stop_polling(conn)
        self.nr_conns -= 1
        conn.close()
