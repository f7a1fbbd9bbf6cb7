"""Answers to probes: whether this process lives, and whether the whole site is in order."""

import shutil
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from content import store
from delivery import heartbeat
from privacy.rights.cases import erasure_cases
from privacy.rights.retention import purge_runs

# Refusals without a database and the copy of the content need a few megabytes.
MIN_FREE_BYTES = 50 * 1024 * 1024


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers, with or without a database: a reason to restart, or none."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when all is in order; else 503 with a sentence for each thing that somebody must mend.

    For people who watch the site. A site that is not in order still answers its visitors, so a
    proxy asks /healthz.
    """
    problems = list(_problems())
    return HttpResponse(
        "".join(f"{problem}\n" for problem in problems or ["ok"]),
        content_type="text/plain",
        status=503 if problems else 200,
    )


def _problems() -> Iterator[str]:
    try:
        store.current()
    except store.ContentUnavailable:
        yield "no content has been loaded: see the log of this process"
    free_bytes = shutil.disk_usage(settings.STATE_DIR).free
    if free_bytes < MIN_FREE_BYTES:
        yield f"the disk of STATE_DIR is full: {free_bytes // 1024**2} MB are free"
    if not store.database_answers():
        yield "the database does not answer"
        return
    if not _is_migrated():
        yield "the database lacks a migration: run manage.py migrate"
        return
    last = heartbeat.last()
    if last is None:
        yield "no worker has ever run: start manage.py worker"
    elif timezone.now() - last > heartbeat.LATE:
        yield f"no worker has run since {last:%Y-%m-%d %H:%M} UTC: start manage.py worker"
    for part in (purge_runs, erasure_cases):
        if problem := part.problem(at=timezone.now()):
            yield problem


_is_known_as_migrated = False


def _is_migrated() -> bool:
    """Whether the database has every migration of this release. Looked up until it has them."""
    global _is_known_as_migrated
    if not _is_known_as_migrated:
        executor = MigrationExecutor(connection)
        _is_known_as_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _is_known_as_migrated
