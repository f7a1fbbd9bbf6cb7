"""Long runs of the faults, by `make chaos`. The name of the file keeps it out of the suite."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos import faults
from tests.chaos.faults import Outcome
from tests.with_postgresql import DURABLE, postgresql_server


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[Outcome], None]:
    def print_it(outcome: Outcome) -> None:
        with capsys.disabled():
            print(f"\n{outcome}")

    return print_it


@pytest.mark.parametrize("kill_every", [1, 2, 5])
def test_a_worker_killed_again_and_again_on_sqlite(tmp_path: Path, say, kill_every: int) -> None:
    """With a kill at every mail, each has two copies and is then given up as possibly sent twice."""
    kill_at = range(0, 10_000, kill_every)
    say(faults.kill_the_worker(tmp_path, sign_ups=20, kill_at=kill_at))


def test_a_worker_killed_again_and_again_on_postgresql(tmp_path: Path, say) -> None:
    with postgresql_server(DURABLE) as database:
        say(
            faults.kill_the_worker(
                tmp_path, sign_ups=100, kill_at=range(0, 10_000, 4), database_url=database.url
            )
        )


def test_a_mail_server_gone_for_a_while(tmp_path: Path, say) -> None:
    say(faults.refuse_for_a_while(tmp_path, sign_ups=40))


def test_a_database_killed_again_and_again(tmp_path: Path, say) -> None:
    with postgresql_server(DURABLE) as database:
        say(faults.kill_the_database(tmp_path, database, sign_ups=400, kills=5))
