"""The content of the seeded database: loaded once for each run, and put back before each test.

It is immutable, so that no test can change what the next one gets. A test about loading it starts
with `content.forget()`.
"""

import time
from dataclasses import replace

from django.utils import timezone

from content import store

_seeded: store.Content | None = None


def keep() -> None:
    """Load the content of the database as it is now."""
    global _seeded
    store.poll(timezone.now())
    _seeded = store.current()


def put_back() -> None:
    """Have this process show the seeded content, as if it had just loaded it."""
    if _seeded is None:  # no test before this one has asked for a database
        store.forget()
        return
    # A serial of its own: pages that another test left in the page cache are not shown again.
    store._store.content = replace(_seeded, serial=next(store._serials))
    store._store.answered_at = time.monotonic()
