"""What was acknowledged is never lost, whatever is killed; the short form of `make chaos` (I17)."""

from pathlib import Path

from tests.chaos import faults
from tests.run_once import has_own_database
from tests.with_postgresql import DURABLE, postgresql_server

pytestmark = has_own_database


def test_a_worker_that_is_killed_as_it_sends_loses_nothing(tmp_path: Path) -> None:
    """Red when: `_count_copy` comes after the content (three copies), or the lease never ends."""
    outcome = faults.kill_the_worker(tmp_path, sign_ups=4, kill_at=range(1, 7))

    # Nobody gets a third copy, so six kills need three people at least; who has one was spared.
    assert outcome.kills == 6
    assert outcome.acknowledged == outcome.copies[1] + outcome.copies[2] == 4
    assert outcome.copies[2] >= 3


def test_a_mail_server_that_is_gone_for_a_while_loses_nothing(tmp_path: Path) -> None:
    """Red when: a refused or broken attempt counts as a copy: then two of them lose a mail."""
    outcome = faults.refuse_for_a_while(tmp_path, sign_ups=3)

    assert outcome.copies == {1: 3, 2: 0}


def test_a_database_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    """Red when: a sign-up is acknowledged before it is committed, or its mail is put elsewhere
    than in its transaction."""
    with postgresql_server(DURABLE) as database:
        outcome = faults.kill_the_database(tmp_path, database, sign_ups=32, kills=1)

    assert outcome.acknowledged >= 8
    assert outcome.unavailable >= 8
    assert outcome.unanswered == 0
