"""Cuts the connections to a PostgreSQL that is frozen: it hangs its clients, whatever they set.

No timeout helps: the server keeps time for `statement_timeout`, and its kernel still answers for
`tcp_user_timeout`. A connection that is shut down from here fails at once in the thread that waits
on it, as one does whose server is gone, and the site goes on without a database.
"""

import os
import socket
from contextlib import suppress
from typing import Any
from weakref import WeakSet

import psycopg
from django.db.backends.signals import connection_created

_connections: WeakSet[psycopg.Connection[Any]] = WeakSet()


def watch_connections() -> None:
    """Remember every connection that this process opens from now on."""
    connection_created.connect(_remember, dispatch_uid="frozen_database")


def cut() -> None:
    """Shut down every connection of this process; whoever waits on one gets an OperationalError."""
    for connection in list(_connections):
        with suppress(OSError, psycopg.Error):  # closed meanwhile
            duplicate = os.dup(connection.fileno())
            with socket.socket(fileno=duplicate) as wire:
                wire.shutdown(socket.SHUT_RDWR)


def _remember(sender: Any, connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "postgresql":
        _connections.add(connection.connection)
