"""Whether counts of a load can all be of right answers."""

from dataclasses import replace

import pytest

from tests.bench.counts import Counts
from tests.run_once import needs_no_database

pytestmark = needs_no_database

RIGHT = Counts(requests=1000, seconds=2.0, received_bytes=1000 * 5000, bad_statuses=0, failures=0)


def test_right_answers_have_no_problem() -> None:
    assert RIGHT.problem(size=5000, rows=None) == ""
    assert RIGHT.problem(size=5000, rows=1000) == ""
    unfinished = replace(RIGHT, received_bytes=1000 * 5000 + 16 * 5000)
    assert unfinished.problem(size=5000, rows=1032) == ""


@pytest.mark.parametrize(
    ("counts", "rows", "problem"),
    [
        (replace(RIGHT, requests=0, received_bytes=0), None, "No answer came."),
        (replace(RIGHT, bad_statuses=1), None, "1 of 1000 answers have a status of 400 or more"),
        (replace(RIGHT, failures=2), None, "2 requests have no answer"),
        (
            replace(RIGHT, received_bytes=1000 * 4900),
            None,
            "4900 bytes on average, the right one 5000",
        ),
        (
            replace(RIGHT, received_bytes=1000 * 5100),
            None,
            "5100 bytes on average, the right one 5000",
        ),
        (RIGHT, 999, "999 new rows for 1000 answers"),
        (RIGHT, 1033, "1033 new rows for 1000 answers"),
    ],
)
def test_wrong_answers_are_named(counts: Counts, rows: int | None, problem: str) -> None:
    """Red when: errors, answers of another size, or answers without a row pass."""
    assert problem in counts.problem(size=5000, rows=rows)
