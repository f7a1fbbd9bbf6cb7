"""No acknowledged sign-up is lost when a process is killed (I17). `make chaos` is the long form."""

from pathlib import Path

from tests.chaos import faults
from tests.run_once import has_own_database
from tests.with_postgresql import DURABLE, postgresql_server

pytestmark = has_own_database


def test_a_worker_that_is_killed_while_sending_loses_no_mail(tmp_path: Path) -> None:
    """Red when: `_count_copy` comes after the content (three copies), or a lease never ends."""
    outcome = faults.kill_the_worker(tmp_path, sign_ups=4, kill_at=range(1, 7))

    # A person gets two copies at most, so six kills concern at least three people. A person with one
    # copy was sent the mail without a kill.
    assert outcome.kills == 6
    assert outcome.acknowledged == outcome.copies[1] + outcome.copies[2] == 4
    assert outcome.copies[2] >= 3


def test_an_outage_of_the_mail_server_loses_no_mail(tmp_path: Path) -> None:
    """Red when: a refused or broken attempt counts as a copy: then two attempts lose a mail."""
    outcome = faults.refuse_for_a_while(tmp_path, sign_ups=3)

    assert outcome.copies == {1: 3, 2: 0}


def test_a_killed_database_loses_no_acknowledged_sign_up(tmp_path: Path) -> None:
    """Red when: a sign-up is acknowledged before it is committed, or its mail is queued outside its
    transaction."""
    with postgresql_server(DURABLE) as database:
        outcome = faults.kill_the_database(tmp_path, database, sign_ups=32, kills=1)

    assert outcome.acknowledged >= 8
    assert outcome.unavailable >= 8
    assert outcome.unanswered == 0
