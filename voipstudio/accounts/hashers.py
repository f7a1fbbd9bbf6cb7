"""Hashes passwords one at a time: Argon2 takes 100 MB of memory and a processor for each."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher

# How long a thread waits for the one that hashes, and how many threads hash or wait. Of the four
# threads of a process (deploy/gunicorn.conf.py) the others are left to visitors of public pages.
MOST_SECONDS_TO_WAIT = 3.0
MOST_THREADS = 2


class HashingBusy(Exception):
    """Other passwords are being hashed, and this one did not get its turn. Try again in seconds."""


_turn = threading.Lock()
_places = threading.BoundedSemaphore(MOST_THREADS)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise HashingBusy
    try:
        if not _turn.acquire(timeout=MOST_SECONDS_TO_WAIT):
            raise HashingBusy
        try:
            yield
        finally:
            _turn.release()
    finally:
        _places.release()


class OneAtATimeHasher(Argon2PasswordHasher):
    """Argon2 in one thread of the process, whoever asks: login, change of password, a command.

    Raises HashingBusy when its turn does not come. Hashes of Django's own hasher stay valid, and
    are replaced at the next login.
    """

    # Django's 8 makes Argon2 start eight threads for one password, which would take every
    # processor of the machine.
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _one_at_a_time():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _one_at_a_time():
            return super().verify(password, encoded)
