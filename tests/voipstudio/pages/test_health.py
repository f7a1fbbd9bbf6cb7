"""/healthz: the process lives. /readyz: the whole site is in order, or what to mend."""

import re
import shutil
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from content import store
from delivery import heartbeat
from delivery.models import Heartbeat
from privacy.models import PurgeRun
from voipstudio.pages import health

pytestmark = pytest.mark.django_db


class Disk(NamedTuple):
    free: int


@pytest.fixture(autouse=True)
def working_worker() -> None:
    call_command("worker", once=True)


def ready() -> tuple[int, str]:
    """Status and words of /readyz. /healthz answers whatever the other says."""
    client = Client()
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert "private" in response["Cache-Control"]
    return response.status_code, response.content.decode()


def test_a_site_in_order_is_ready() -> None:
    """Red when: the worker gives no sign of life, or a probe's answer may be kept."""
    assert ready() == (200, "ok\n")


def test_a_site_without_a_database_is_not_ready(monkeypatch, django_assert_num_queries) -> None:
    """Red when: readiness does not ask `database_answers`, or asks the database all the same."""
    monkeypatch.setattr(store, "database_answers", lambda: False)

    with django_assert_num_queries(0):
        assert ready() == (503, "the database does not answer\n")


def test_a_process_without_content_is_not_ready(monkeypatch) -> None:
    def gone() -> Any:
        raise store.ContentUnavailable

    monkeypatch.setattr(store, "current", gone)

    status, words = ready()
    assert (status, words.splitlines()[0]) == (
        503,
        "no content has been loaded: see the log of this process",
    )


def test_a_database_of_an_older_release_is_not_ready(monkeypatch) -> None:
    """Red when: the answer of a process that started before `migrate` stays "not ready"."""
    monkeypatch.setattr(health, "_is_known_as_migrated", False)
    recorder = MigrationRecorder(connection)
    [newest] = MigrationLoader(connection).graph.leaf_nodes("delivery")
    recorder.record_unapplied(*newest)
    assert ready() == (503, "the database lacks a migration: run manage.py migrate\n")

    recorder.record_applied(*newest)
    assert ready() == (200, "ok\n")


def test_a_site_whose_worker_is_dead_is_not_ready() -> None:
    """Nobody would hear that no mail leaves."""
    died_at = timezone.now() - heartbeat.LATE - timedelta(seconds=1)
    Heartbeat.objects.update(at=died_at)
    assert ready() == (
        503,
        f"no worker has run since {died_at:%Y-%m-%d %H:%M} UTC: start manage.py worker\n",
    )

    Heartbeat.objects.update(at=died_at + timedelta(seconds=30))
    assert ready() == (200, "ok\n")


def test_a_site_whose_worker_never_ran_is_not_ready() -> None:
    Heartbeat.objects.all().delete()

    assert ready() == (503, "no worker has ever run: start manage.py worker\n")


def test_a_full_disk_is_said_with_the_other_problems(monkeypatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(free=health.MIN_FREE_BYTES - 1))
    monkeypatch.setattr(store, "database_answers", lambda: False)

    assert ready() == (
        503,
        "the disk of STATE_DIR is full: 49 MB are free\nthe database does not answer\n",
    )


def test_a_site_that_does_not_end_what_is_past_its_period_is_not_ready() -> None:
    """I20 fails silently otherwise. Red when: /readyz does not ask for the last run."""
    PurgeRun.objects.update(started_at=timezone.now() - timedelta(hours=27))

    status, words = ready()

    assert status == 503
    assert re.fullmatch(
        r"rows past their period were last purged at [-0-9 :]+ UTC: start manage\.py worker, "
        r"or run manage\.py purge_expired\n",
        words,
    )
