"""The polling thread in real processes: every worker shows the changes of other processes."""

import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from content.store import POLL_INTERVAL_SECONDS, SILENCE_SECONDS
from tests.running_site import environment, make_database, manage, serving, wait_until

pytestmark = pytest.mark.django_db

PUBLISH = """
from django.utils import timezone
from privacy.policies.review import article_13
from privacy.policies.actions import publish_version, submit
from privacy.models import PolicyVersion
version = PolicyVersion(policy="privacy", title_pl="Tytuł", title_en="Title")
version.text_pl = "## 0. Wstęp\\n\\n0.1 Zebra.\\n\\n{{ cookies }}"
version.text_en = "## 0. Start\\n\\n0.1 Zebra.\\n\\n{{ cookies }}"
version.change_summary_pl, version.change_summary_en = "Zebra.", "Zebra."
version.article_13 = {item.code: ["0.1"] for item in article_13.ITEMS}
version.save()
submit(version=version, user=None, at=timezone.now())
publish_version(version=version, user=None, at=timezone.now())
"""
WORKERS = 2


@pytest.fixture(scope="module")
def env(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """A seeded site with its own database, of the kind that this test run uses."""
    folder = tmp_path_factory.mktemp("site")
    name = f"polling_{uuid.uuid4().hex}"
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    else:
        url = ""
    variables = environment(folder, DATABASE_URL=url)
    make_database(variables)
    yield variables
    if url:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_save_in_another_process_is_in_force_in_every_worker_within_a_second(env) -> None:
    """Red when: `_ensure_polling` starts no thread, or `publish_version` bumps no revision."""
    with serving(env, workers=WORKERS) as site:
        path = "/en/privacy-policy/"
        before = site.has_word_by_worker(path, "Zebra", workers=WORKERS)
        assert set(before.values()) == {False}

        manage("shell", "--command", PUBLISH, env=env)
        saved = time.monotonic()

        def all_have_it() -> bool:
            return all(site.has_word_by_worker(path, "Zebra", workers=WORKERS).values())

        wait_until(all_have_it, seconds=5, why=site.log)
        # Twice the interval, and what a busy machine needs to load and render.
        assert time.monotonic() - saved < 2 * POLL_INTERVAL_SECONDS + 2
        assert POLL_INTERVAL_SECONDS <= 0.5


def test_a_process_that_starts_without_a_database_serves_the_copy_of_another(
    env, tmp_path: Path
) -> None:
    """The database exists but has no tables. Red when: nothing calls `_load_copy`."""
    with serving(env) as site:
        before = site.get("/polityka-prywatnosci/")[2]
    state = str(Path(env["DATA_DIR"]) / "state")

    with serving(environment(tmp_path, STATE_DIR=state)) as site:
        status, _headers, text = site.get("/polityka-prywatnosci/")
        ready = site.get("/readyz")

    assert status == 200
    assert text == before
    assert (ready[0], ready[2]) == (503, "the database does not answer\n")


def test_a_process_with_neither_database_nor_copy_says_so_in_both_languages(
    tmp_path: Path,
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    with serving(environment(tmp_path, STATE_DIR=str(empty))) as site:
        answers = [site.get(path) for path in ("/polityka-prywatnosci/", "/en/privacy-policy/")]

    assert [status for status, _headers, _text in answers] == [503, 503]
    assert "Serwis nie jest jeszcze gotowy" in answers[0][2]
    assert "The site is not ready yet" in answers[1][2]
    assert all("Set-Cookie" not in headers for _status, headers, _text in answers)


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL locks a row, not the database"
)
def test_a_database_that_keeps_writers_waiting_is_not_taken_for_one_that_is_gone(env) -> None:
    """Else consents and sign-ups are answered 503 while others write. Red when: the thread that polls
    calls the listeners itself, which write the visits of the page."""
    path = Path(env["DATA_DIR"]) / "db.sqlite3"
    with serving(env) as site, closing(sqlite3.connect(path, isolation_level=None)) as writer:
        wait_until(site.has_database, seconds=10)
        writer.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + 2 * (POLL_INTERVAL_SECONDS + SILENCE_SECONDS)
        while time.monotonic() < until:
            assert site.get("/en/free-trial/")[0] == 200
            assert site.has_database()
        writer.execute("ROLLBACK")
