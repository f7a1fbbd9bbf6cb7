"""No acknowledged sign-up is lost when a worker is killed, or mail is down (I17).

PostgreSQL and all other parts: tests/test_topology.py. The long forms: `make chaos`.
"""

from pathlib import Path

from tests.chaos import faults
from tests.run_once import has_own_database

pytestmark = has_own_database


def test_a_worker_that_is_killed_while_sending_loses_no_mail(tmp_path: Path) -> None:
    """Red when: `_count_copy` comes after the content (three copies), or a lease never ends."""
    outcome = faults.kill_the_worker(tmp_path, sign_ups=3, kill_at=range(1, 4))

    # A person gets two copies at most, so three kills concern at least two people. A person with one
    # copy was sent the mail without a kill.
    assert outcome.kills == 3
    assert outcome.acknowledged == outcome.copies[1] + outcome.copies[2] == 3
    assert outcome.copies[2] >= 2


def test_an_outage_of_the_mail_server_loses_no_mail(tmp_path: Path) -> None:
    """Red when: a refused or broken attempt counts as a copy: then two attempts lose a mail."""
    outcome = faults.refuse_for_a_while(tmp_path, sign_ups=3)

    assert outcome.copies == {1: 3, 2: 0}
