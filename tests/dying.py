"""Processes that are killed between two steps.

A step is what leaves a trace: a statement that writes, a change of a file, a mail or a webhook that
goes out. Reading leaves none, so a death between two reads is the same as the one before the next
step. What a transaction wrote before its end is lost with the process, as its database does it.
"""

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

_WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_SAVEPOINT = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)
_FILES = ("rename", "replace", "unlink", "fsync")


class Killed(BaseException):
    """The process has ended. No handler of the code catches it, as none catches SIGKILL."""


class Steps:
    """Counts the steps of a process. Before the one with the number `last` it ends by `end`."""

    def __init__(self, last: int | None, end: Callable[[], None]) -> None:
        self.number = 0
        self.is_dead = False
        self._last, self._end = last, end

    def before(self) -> None:
        if self.is_dead or self.number == self._last:
            self.is_dead = True
            self._end()
        self.number += 1

    def execute(self, go_on: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if _WRITE.match(sql) or (self.is_dead and not _SAVEPOINT.match(sql)):
            self.before()
        return go_on(sql, *arguments)

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def count_and_call(*arguments: Any, **options: Any) -> Any:
            self.before()
            return function(*arguments, **options)

        return count_and_call


@contextmanager
def counted_steps(
    last: int | None = None,
    *,
    end: Callable[[], None] | None = None,
    also: tuple[tuple[Any, str], ...] = (),
) -> Iterator[Steps]:
    """Count the steps in the block, calls of `also` included. Raises Killed before the last one."""
    steps = Steps(last, end or _raise)
    functions = [*((os, name) for name in _FILES), (EmailBackend, "send_messages"), *also]
    with ExitStack() as stack:
        for owner, name in functions:
            function = steps.counted(getattr(owner, name))
            stack.enter_context(mock.patch.object(owner, name, function))
        stack.enter_context(connection.execute_wrapper(steps.execute))
        yield steps


def _raise() -> None:
    raise Killed


def kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
