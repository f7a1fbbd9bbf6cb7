"""Somebody who acts in the middle of another transaction, with a connection of their own."""

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

# Longer than PostgreSQL takes to end a deadlock.
PATIENCE_SECONDS = 20


class SomebodyElse:
    """One act in a thread, done once. `begin` returns once it is done, or waits for a lock.

    On SQLite it returns at once: a transaction that writes lets no other begin.
    """

    def __init__(self, act: Callable[[], Any]) -> None:
        self._act = act
        self._thread = threading.Thread(target=self._run)
        # Whether it met a lock, which is known on PostgreSQL alone.
        self.has_waited = False
        self._process_id: int | None = None
        self._result: Any = None
        self._error: Exception | None = None

    def begin(self, *_args: Any, **_options: Any) -> None:
        if self._thread.ident:
            return  # the act itself has come to the same place
        self._thread.start()
        if connection.vendor == "sqlite":
            return
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._thread.is_alive() and not self.has_waited:
            self.has_waited = self._waits_for_a_lock()
            assert time.monotonic() < deadline, "it neither ended nor waits for a lock"

    def result(self) -> Any:
        """What the act returned. Raises what it raised."""
        self._thread.join(timeout=PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        if self._error:
            raise self._error
        return self._result

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            if connection.vendor == "postgresql":
                self._process_id = connection.connection.info.backend_pid
            self._result = self._act()
        except Exception as error:
            self._error = error
        finally:
            connection.close()

    def _waits_for_a_lock(self) -> bool:
        if self._process_id is None:
            return False
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted)",
                [self._process_id],
            )
            return bool(cursor.fetchone()[0])


# What writes a row, or waits for one.
_STEP = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b|.*\bFOR UPDATE\b", re.IGNORECASE | re.DOTALL)


@contextmanager
def beginning_at_step(number: int, somebody: SomebodyElse) -> Iterator[list[str]]:
    """Let somebody begin right before one of the statements that write or lock, counted from 0.

    The list holds that statement; it stays empty where there are not so many.
    """
    numbers = itertools.count()
    begun: list[str] = []

    def execute(go_on: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if _STEP.match(sql) and next(numbers) == number:
            begun.append(sql)
            somebody.begin()
        return go_on(sql, *arguments)

    with connection.execute_wrapper(execute):
        yield begun
