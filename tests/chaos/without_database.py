"""Page views and refusals while PostgreSQL is dead or frozen: every page comes, as fast (I17, I18).

By `make chaos`; OUTAGE_SECONDS=60 lengthens it. The short form in the suite is
tests/test_frozen_database.py.
"""

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.chaos.crew import column
from tests.chaos.visitors import Answer, p50_and_p99, statuses, visitors
from tests.pages import PAGES
from tests.running_site import wait_until
from tests.topology import Topology, topology
from tests.with_postgresql import Server

SECONDS = float(os.environ.get("OUTAGE_SECONDS") or 15)
REFUSAL = urlencode({"choice": "reject", "next": "/en/"})
REFUSAL_EVERY = 25
MOST_SECONDS_OF_A_PAGE = 0.3


@pytest.mark.parametrize("outage", [Server.dead, Server.frozen], ids=["dead", "frozen"])
def test_pages_and_refusals_without_the_database(
    tmp_path: Path, outage: Callable[[Server], AbstractContextManager[None]], capsys
) -> None:
    with topology(tmp_path) as site:
        wait_until(site.is_ready, seconds=30)
        visit(site, capsys, "with a database", seconds=SECONDS / 4)
        stored = len(column(site.env, "id", "consent_consentrecord"))
        with outage(site.database):
            answers = visit(site, capsys, f"database {outage.__name__}", seconds=SECONDS)
        wait_until(lambda: not any(each.kept_refusals for each in site.replicas), seconds=60)
        recorded = len(column(site.env, "id", "consent_consentrecord")) - stored

    pages = [answer for answer in answers if not is_refusal(answer)]
    assert {*statuses(pages)} == {"200"}
    assert p50_and_p99(pages)[1] <= MOST_SECONDS_OF_A_PAGE
    assert {*statuses([*filter(is_refusal, answers)])} <= {"200", "303"}
    assert recorded == len(answers) - len(pages)


def is_refusal(answer: Answer) -> bool:
    return answer.number % REFUSAL_EVERY == 0


def visit(site: Topology, capsys, name: str, *, seconds: float) -> list[Answer]:
    """Every page, asked with a cookie, so that nginx has none in its memory. Prints the times."""

    def ask(number: int) -> int:
        source = f"127.0.{number % 200}.9"
        if number % REFUSAL_EVERY == 0:
            return site.ask("/en/cookies/", form=REFUSAL, source=source).status
        path = PAGES[number % len(PAGES)]
        return site.ask(path, headers={"Cookie": "a=1"}, source=source).status

    with visitors(ask) as answers:
        time.sleep(seconds)  # the length of the load, not a wait for something
    for what, some in (
        ("pages", [answer for answer in answers if not is_refusal(answer)]),
        ("refusals", [*filter(is_refusal, answers)]),
    ):
        p50, p99 = p50_and_p99(some)
        longest = max(answer.seconds for answer in some)
        with capsys.disabled():
            print(
                f"\n{name:<18}{what:<9}{len(some):>5} {dict(statuses(some))}  "
                f"p50 {p50 * 1000:.1f} ms  p99 {p99 * 1000:.1f} ms  longest {longest * 1000:.0f} ms",
                end="",
            )
    return answers
