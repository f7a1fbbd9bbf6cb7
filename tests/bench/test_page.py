"""The figures of docs/benchmarks.md, made from results."""

from pathlib import Path

import pytest

from tests.bench import page, results, rounds
from tests.bench.everything import Everything
from tests.bench.load import Load
from tests.bench.targets import Comparison
from tests.run_once import needs_no_database

pytestmark = needs_no_database

LOADS = {
    "page": [Load(10, rate=100.0, cpu_milliseconds=1.0), Load(10, 300.0, 3.0), Load(10, 80.0, 2.0)],
    "hello": [
        Load(10, rate=200.0, cpu_milliseconds=2.0),
        Load(10, 300.0, 3.0),
        Load(10, 100.0, 1.0),
    ],
}


def http_result(goal: float) -> dict:
    compared = Everything(comparisons=[Comparison("page", "hello", goal)])
    return {
        "client": "wrk",
        "rounds": 3,
        "seconds": 2.0,
        "page_bytes": 61_000,
        "rows": rounds.rows_of(compared, LOADS),
        "memory": [{"server": "site", "worker_mb": [80.0, 90.0]}],
    }


def test_a_ratio_is_the_median_of_the_ratios_of_each_round() -> None:
    """Red when: a slow round changes a ratio although it slowed both."""
    [row] = http_result(0.9)["rows"]
    assert (row["rate"], row["reference_rate"]) == (100.0, 200.0)
    assert row["ratio"] == 0.8  # of 0.5, 1.0 and 0.8
    assert row["cpu_ratio"] == 1.0  # of 2.0, 1.0 and 0.5


@pytest.mark.parametrize(("goal", "word"), [(0.8, "met"), (0.81, "not met")])
def test_a_row_says_whether_its_goal_is_met(goal: float, word: str) -> None:
    table = rounds.as_table(http_result(goal))
    assert table.endswith(f"| 0.80 | 1.00 | >= {goal:g} | {word} |")


def test_the_figures_come_from_the_last_results(tmp_path: Path) -> None:
    """Red when: the page keeps old figures, or hides that a part was not measured."""
    results.save("http", http_result(0.9), folder=tmp_path)
    figures = page.figures(tmp_path)
    assert "| page | 100 | 2.00 | hello | 200 | 2.00 | 0.80 | 1.00 | >= 0.9 | not met |" in figures
    assert "| site | 85 |" in figures
    assert figures.count(page.NOT_MEASURED) == len(page.SECTIONS) - 1

    old = f"# Title\n\n{page.BEGIN}\nold figures\n{page.END}\n\nThe end.\n"
    new = page.with_figures(old, figures)
    assert new == f"# Title\n\n{page.BEGIN}\n\n{figures}\n\n{page.END}\n\nThe end.\n"


def test_the_docs_have_a_place_for_the_figures() -> None:
    """Red when: somebody deletes the marks in docs/benchmarks.md."""
    assert "new figures" in page.with_figures(page.PAGE.read_text(), "new figures")
