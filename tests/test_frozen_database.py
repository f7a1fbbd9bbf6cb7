"""The site with a frozen PostgreSQL: every process is stopped, and no connection is closed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.utils import timezone

from tests.pages import PAGES
from tests.run_once import has_own_database
from tests.running_site import (
    SECRET_KEY,
    Site,
    environment,
    make_database,
    manage,
    notice_of,
    serving,
    wait_until,
)
from tests.with_postgresql import Server, postgresql_server

pytestmark = has_own_database

COUNT_RECORDS = "from consent.models import ConsentRecord as R; print(R.objects.count())"


@pytest.fixture
def database() -> Iterator[Server]:
    with postgresql_server() as server:
        yield server


def test_a_frozen_database_costs_no_page_and_no_refusal(tmp_path: Path, database: Server) -> None:
    """I18 (no database). Red when: `record` does not call `database_answers`."""
    env = environment(tmp_path, DATABASE_URL=database.url)
    make_database(env)
    with serving(env) as site:
        wait_until(site.has_database, seconds=10, why=site.log)
        form = _form(site)
        assert site.post("/cookies/", f"choice=accept&{form}")[0] == 303
        with database.frozen():
            wait_until(lambda: not site.has_database(), seconds=10, why=site.log)

            assert {site.get(page)[0] for page in PAGES} == {200}
            status, headers, text = site.post("/en/cookies/", f"choice=accept&{form}")
            assert (status, headers.get("Set-Cookie")) == (503, None)
            assert "We cannot store your consent right now" in text
            status, headers, text = site.post("/en/cookies/", f"choice=reject&{form}")
            assert (status, headers["Set-Cookie"][:18]) == (200, "l7_choice=refused.")
            assert "We could not store a receipt of this right now" in text
            status, _headers, text = site.post("/en/free-trial/", _sign_up_form())
            assert (status, "We cannot take sign-ups right now" in text) == (503, True)
            assert 'value="Firma Przykładowa"' in text
            status, _headers, text = site.get(f"/en/free-trial/confirm/{'x' * 43}/")
            assert (status, "We cannot store anything right now" in text) == (503, True)
        refusals = tmp_path / "state" / "refusals"
        wait_until(lambda: not list(refusals.iterdir()), seconds=10, why=site.log)

        assert (
            manage("shell", "--verbosity=0", f"--command={COUNT_RECORDS}", env=env).stdout == "2\n"
        )
        assert site.post("/cookies/", f"choice=accept&{form}")[0] == 303


def test_a_request_that_waits_while_the_database_freezes_is_answered(
    tmp_path: Path, database: Server
) -> None:
    """I18 (no database). Red when: `_watch_forever` closes no connection: then all requests hang."""
    env = environment(tmp_path, DATABASE_URL=database.url)
    make_database(env)
    with serving(env) as site, ThreadPoolExecutor(max_workers=8) as people:
        wait_until(site.has_database, seconds=10, why=site.log)
        form = _form(site)
        for _warm_up in range(16):
            assert site.post("/cookies/", f"choice=reject&{form}")[0] == 303
        with database.frozen():
            answers = list(
                people.map(lambda _n: site.post("/cookies/", f"choice=reject&{form}"), range(8))
            )

            assert {status for status, _headers, _text in answers} == {200}
            cookies = {headers["Set-Cookie"][:18] for _status, headers, _text in answers}
            assert cookies == {"l7_choice=refused."}
            assert site.get("/")[0] == 200


def _sign_up_form() -> str:
    """A sign-up form that was opened a minute ago."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        stamp = TimestampSigner(key=SECRET_KEY, salt="trial.form").sign("shown")
    values = {"name": "Anna", "email": "anna@firma.pl", "company": "Firma Przykładowa"}
    return urlencode(values | {"stamp": stamp})


def _form(site: Site) -> str:
    return f"notice={notice_of(site.get('/')[2])}&next=/"
