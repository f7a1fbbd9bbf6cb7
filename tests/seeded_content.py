"""The content of the seeded database: loaded once in a run, put back before each test.

It is immutable, so a test cannot change what the next test gets. A test about loading starts with
`store.forget()`.
"""

import time
from dataclasses import replace
from types import MappingProxyType

from django.utils import timezone

from content import store

_seeded: store.Content | None = None


def load() -> None:
    """Load the content of the seeded database."""
    global _seeded
    store.poll(timezone.now())
    _seeded = store.current()


def restore() -> None:
    """Put the seeded content in force, as if this process had just loaded it."""
    if _seeded is None:  # no test has used the database yet
        store.forget()
        return
    # A copy of the registry: it remembers what it computed under the settings of an earlier test.
    parts = MappingProxyType({**_seeded.parts, "registry": replace(_seeded["registry"])})
    # A new serial, so that pages from an earlier test in the page cache are not shown.
    store._store.content = replace(_seeded, serial=next(store._serials), parts=parts)
    store._store.answered_at = time.monotonic()
