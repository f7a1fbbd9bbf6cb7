"""Cuts the connections to a frozen PostgreSQL, which would keep its clients waiting for ever.

No timeout helps: `statement_timeout` is measured by the frozen server, and the kernel of its
machine still answers for `tcp_user_timeout`. When this process shuts a connection down, the thread
that waits on it gets an error at once, and the site goes on without a database: `store.py` has
the content of the pages.
"""

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from django.db.backends.signals import connection_created

if TYPE_CHECKING:
    import psycopg

# Weak references, so that this set keeps no closed connection alive.
_connections: "WeakSet[psycopg.Connection[Any]]" = WeakSet()


def watch_connections() -> None:
    """Remember every connection that this process opens from now on."""
    connection_created.connect(_remember, dispatch_uid="frozen_database")


def cut() -> None:
    """Shut down every connection of this process.

    A thread that waits on one gets an OperationalError.
    """
    # Here, because it takes 9 MB, and a site on SQLite has no use for it.
    import psycopg

    for connection in list(_connections):
        with suppress(OSError, psycopg.Error):  # its own thread may close it at any time
            # A duplicate of the file descriptor: closing `wire` must not close the descriptor that
            # psycopg still uses. The shutdown acts on the connection itself.
            duplicate = os.dup(connection.fileno())
            with socket.socket(fileno=duplicate) as wire:
                wire.shutdown(socket.SHUT_RDWR)


def _remember(sender: Any, connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "postgresql":
        _connections.add(connection.connection)
