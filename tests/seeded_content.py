"""The content of the seeded database: loaded once for each run, and put back before each test.

It is immutable, so that no test can change what the next one gets. A test about loading it starts
with `content.forget()`.
"""

import time
from dataclasses import replace

from django.utils import timezone

from privacy import content

_seeded: content.Content | None = None


def keep() -> None:
    """Load the content of the database as it is now."""
    global _seeded
    content.poll(timezone.now())
    _seeded = content.current()


def put_back() -> None:
    """Have this process show the seeded content, as if it had just loaded it."""
    if _seeded is None:  # no test before this one has asked for a database
        content.forget()
        return
    # A serial of its own: pages that another test left in the page cache are not shown again.
    content._store.content = replace(_seeded, serial=next(content._serials))
    content._store.answered_at = time.monotonic()
