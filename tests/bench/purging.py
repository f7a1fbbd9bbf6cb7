"""A writer beside a run of retention: how long does each of its transactions take?"""

import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event

from django.db import connection

from consent.models import ConsentRecord, Notice
from consent.records.storing import store_record
from tests.factories import make_made_choice

LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
# `make bench` purges a million; fewer are enough to look at a change quickly.
ROWS = int(os.environ.get("PURGED_ROWS", "1000000"))
# A statement has five seconds.
ROWS_OF_A_STATEMENT = 50_000
PAUSE_SECONDS = 0.005

# The process of the writer has the settings and the database of this one.
_CONTEXT = multiprocessing.get_context("fork")

_INSERT = """
INSERT INTO consent_consentrecord (id, made_at, expires_at, notice_id, language, offered, granted,
is_refusal, method, has_javascript, has_gpc_signal)
SELECT gen_random_uuid(), %s, %s, %s, 'pl', '["analytics"]', '["analytics"]',
false, 'banner', false, false FROM generate_series(1, %s)
"""


def make_old_records(number: int) -> None:
    notice = Notice.objects.first()
    assert notice is not None
    with connection.cursor() as cursor:
        for start in range(0, number, ROWS_OF_A_STATEMENT):
            rows = min(ROWS_OF_A_STATEMENT, number - start)
            cursor.execute(_INSERT, [LONG_AGO, LONG_AGO, notice.pk, rows])
        cursor.execute("ANALYZE consent_consentrecord")


@contextmanager
def writer() -> Iterator[list[float]]:
    """A process that stores one choice after the other. Later the list has the seconds of each."""
    seconds: list[float] = []
    connection.close()  # two processes must not share one
    is_over, times = _CONTEXT.Event(), _CONTEXT.SimpleQueue()
    process = _CONTEXT.Process(target=_write, args=(times, is_over))
    process.start()
    try:
        yield seconds
    finally:
        is_over.set()
        seconds += times.get()
        process.join()


def _write(times: "SimpleQueue[list[float]]", is_over: Event) -> None:
    seconds = []
    notice = Notice.objects.first()
    assert notice is not None
    while not is_over.wait(PAUSE_SECONDS):
        choice = make_made_choice(notice_id=notice.pk, granted=("analytics",))
        started = time.perf_counter()
        store_record(choice)
        seconds.append(time.perf_counter() - started)
    connection.close()
    times.put(seconds)


def left() -> int:
    return ConsentRecord.objects.filter(made_at=LONG_AGO).count()
