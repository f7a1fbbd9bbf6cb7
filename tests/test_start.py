"""What a web process does at its start: no more than its first pages need."""

import subprocess
import sys

from django.conf import settings

from tests.run_once import needs_no_database
from tests.running_site import environment

pytestmark = needs_no_database

# What a few requests need, each with its weight in memory or in the time to load it.
RARELY_NEEDED = {
    "babel.messages",
    "email_validator",
    "psycopg",  # this start is one on SQLite
    "rapidfuzz",
    "segno",
    "sentry_sdk",
    "webauthn",
}
LOADED = "import sys, voipstudio.wsgi, voipstudio.urls; print(*sys.modules)"


def test_the_start_loads_no_package_that_few_requests_need(tmp_path) -> None:
    """Red when: a module of the site imports one of them at its top."""
    command = [sys.executable, "-c", LOADED]
    env = environment(tmp_path)
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=True
    )

    loaded = set(done.stdout.split())
    assert {"voipstudio.accounts.views", "delivery.addresses", "content.frozen_database"} <= loaded
    assert loaded & RARELY_NEEDED == set()
