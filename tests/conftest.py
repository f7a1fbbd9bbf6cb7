"""The suite: a seeded database, content polled by hand, no cookie that the guard had to drop."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from privacy import content
from trial import funnel


def pytest_configure() -> None:
    settings.CONTENT_IS_POLLED_BY_HAND = True
    settings.STATE_DIR = Path(tempfile.mkdtemp(prefix="state-"))
    setattr(TransactionTestCase, "_fixture_teardown", _flush_and_seed)  # noqa: B010 - private


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """The test database as `make serve` leaves it."""
    with django_db_blocker.unblock():
        call_command("seed", verbosity=0)


@pytest.fixture(autouse=True)
def fresh_content() -> Iterator[None]:
    """Each test loads the content itself, as a new process does."""
    content.forget()
    funnel.forget_visits()
    yield
    content.forget()
    shutil.rmtree(settings.STATE_DIR)
    Path(settings.STATE_DIR).mkdir()


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(autouse=True)
def dropped_cookies() -> Iterator[list[str]]:
    """What the guard dropped. A test that means it empties the list; any other fails (I2)."""
    kept = _Kept()
    logger = logging.getLogger("consent.guard")
    logger.addHandler(kept)
    yield kept.lines
    logger.removeHandler(kept)
    assert kept.lines == []


_stock_teardown = getattr(TransactionTestCase, "_fixture_teardown")  # noqa: B009 - private


def _flush_and_seed(case: TransactionTestCase) -> None:
    """Evidence refuses deletion, so the flush between tests lifts the triggers; then seed again."""
    triggers = _lift_triggers()
    _stock_teardown(case)
    with connection.cursor() as cursor:
        for statement in triggers:
            cursor.execute(statement)
    call_command("seed", verbosity=0)


def _lift_triggers() -> list[str]:
    """Remove every trigger, and return the statements that bring them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            rows = cursor.fetchall()
            for name, _sql in rows:
                cursor.execute(f"DROP TRIGGER {name}")
            return [sql for _name, sql in rows]
        cursor.execute("SELECT DISTINCT tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal")
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
