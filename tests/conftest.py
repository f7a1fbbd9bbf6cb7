"""The suite: a seeded database, content polled by hand, no cookie that the guard had to drop."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import TransactionTestCase

from content import store
from tests import seeded_content, seeded_database
from trial import funnel


def pytest_configure() -> None:
    settings.CONTENT_IS_POLLED_BY_HAND = True
    # Every test client builds the middleware anew, and WhiteNoise reads all static files for it.
    settings.WHITENOISE_AUTOREFRESH = True
    # Argon2 is slow on purpose, and most tests of the admin make a user.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATE_DIR = Path(tempfile.mkdtemp(prefix="state-"))
    # Instead of a flush, which would leave nothing, and which evidence refuses.
    setattr(TransactionTestCase, "_fixture_teardown", _restore)  # noqa: B010 - private


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The test database as `make serve` leaves it."""
    with django_db_blocker.unblock():
        call_command("seed", verbosity=0)
        seeded_database.keep()
        seeded_content.keep()
    yield
    with django_db_blocker.unblock():
        seeded_database.let_go()


@pytest.fixture(autouse=True)
def fresh_content() -> Iterator[None]:
    """Each test starts with the content of the seeded database in memory, and no page kept."""
    seeded_content.put_back()
    funnel.forget_visits()
    yield
    store.forget()
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
    logger = logging.getLogger("consent.gate.guard")
    logger.addHandler(kept)
    yield kept.lines
    logger.removeHandler(kept)
    assert kept.lines == []


def _restore(case: TransactionTestCase) -> None:
    """The rows of the next test are there as if this one had never been."""
    seeded_database.restore()
