"""Fixtures of the whole suite: seeded database, content polled by hand, no dropped cookie."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import TransactionTestCase

from content import store
from tests import seeded_content, seeded_database
from tests.private_words import private_words
from trial import funnel
from voipstudio.logs.lines import JsonFormatter, WorthALine
from voipstudio.web.caching import short_way

# The assertions of the faults say which rows are lost.
pytest.register_assert_rewrite(
    "tests.chaos.everything", "tests.chaos.faults", "tests.chaos.real_mix"
)


def pytest_configure() -> None:
    settings.CONTENT_IS_POLLED_BY_HAND = True
    # Each test client builds the middleware again, and WhiteNoise would read all static files.
    settings.WHITENOISE_AUTOREFRESH = True
    # Argon2 is slow on purpose, and most tests of the admin create a user.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATE_DIR = Path(tempfile.mkdtemp(prefix="state-"))
    # Instead of a flush: it would delete the seed, and append-only evidence refuses it.
    setattr(TransactionTestCase, "_fixture_teardown", _restore)  # noqa: B010 - private


@pytest.hookimpl(trylast=True)  # after pytest-randomly
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each process begin with its share of the tests with a browser, which take longest.

    Each gets one part of the list, and takes from the end of another's when it has done its own.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    browser = [item for item in items if "browser" in item.path.parts]
    others = [item for item in items if "browser" not in item.path.parts]
    shares = zip(_parts(browser, processes), _parts(others, processes), strict=True)
    items[:] = [item for share in shares for part in share for item in part]


def _parts(items: list[pytest.Item], number: int) -> list[list[pytest.Item]]:
    """So many parts of the list, of the same length but for one."""
    return [
        items[len(items) * part // number : len(items) * (part + 1) // number]
        for part in range(number)
    ]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The test database as `make serve` leaves it."""
    with django_db_blocker.unblock():
        call_command("seed", verbosity=0)
        seeded_database.save()
        seeded_content.load()
    yield
    with django_db_blocker.unblock():
        seeded_database.end_other_sessions()


@pytest.fixture(autouse=True)
def fresh_content() -> Iterator[None]:
    """Each test starts with the seeded content in memory and an empty page cache."""
    seeded_content.restore()
    funnel.forget_visits()
    short_way.forget()
    yield
    store.forget()
    shutil.rmtree(settings.STATE_DIR)
    Path(settings.STATE_DIR).mkdir()


class _LineCollector(logging.Handler):
    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.addFilter(WorthALine())
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def _lines_of(logger: logging.Logger, formatter: logging.Formatter) -> Iterator[list[str]]:
    collector = _LineCollector(formatter)
    logger.addHandler(collector)
    yield collector.lines
    logger.removeHandler(collector)


@pytest.fixture(autouse=True)
def log_lines() -> Iterator[list[str]]:
    """The lines that production would write. No test may leave a person's data in one (I21)."""
    with _lines_of(logging.getLogger(), JsonFormatter()) as lines:
        yield lines
    assert [word for line in lines for word in private_words(line)] == []


@pytest.fixture(autouse=True)
def dropped_cookies() -> Iterator[list[str]]:
    """Log lines of the guard. A test that expects one empties the list; any other fails (I2)."""
    with _lines_of(logging.getLogger("consent.gate.guard"), logging.Formatter()) as lines:
        yield lines
    assert lines == []


def _restore(case: TransactionTestCase) -> None:
    """Put the seeded rows back for the next test."""
    seeded_database.restore()
