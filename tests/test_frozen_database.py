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

from tests.chaos.crew import column
from tests.pages import PAGES
from tests.run_once import has_own_database
from tests.running_site import (
    SECRET_KEY,
    Site,
    environment,
    make_database,
    notice_of,
    serving,
    wait_until,
)
from tests.with_postgresql import Server, postgresql_server

pytestmark = has_own_database


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory, database: Server) -> dict[str, str]:
    env = environment(tmp_path_factory.mktemp("site"), DATABASE_URL=database.url)
    make_database(env)
    return env


@pytest.fixture
def site(env: dict[str, str]) -> Iterator[Site]:
    with serving(env) as running:
        wait_until(running.has_database, seconds=10, why=running.log)
        yield running


def test_a_frozen_database_costs_no_page_and_no_refusal(
    site: Site, database: Server, env: dict[str, str]
) -> None:
    """I18 (no database). Red when: `record` does not call `database_answers`."""
    form = _form(site)
    before = column(env, "id", "consent_consentrecord")
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
    refusals = Path(env["DATA_DIR"], "state", "refusals")
    wait_until(lambda: not list(refusals.iterdir()), seconds=10, why=site.log)

    assert len(column(env, "id", "consent_consentrecord")) == len(before) + 2
    assert site.post("/cookies/", f"choice=accept&{form}")[0] == 303


def test_a_request_that_waits_while_the_database_freezes_is_answered(
    site: Site, database: Server
) -> None:
    """I18 (no database). Red when: `_watch_forever` closes no connection: then all requests hang."""
    form = _form(site)
    for _warm_up in range(16):
        assert site.post("/cookies/", f"choice=reject&{form}")[0] == 303
    with ThreadPoolExecutor(max_workers=8) as people, database.frozen():
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
