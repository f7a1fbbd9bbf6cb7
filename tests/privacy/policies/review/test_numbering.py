"""CommonMark numbers lists by itself: staff see a problem where that is not what they typed."""

import pytest
from django.utils import translation

from privacy.policies.review.numbering import numbering_problems
from privacy.policies.review.reviewed_text import ReviewedText
from privacy.policies.text import sections
from tests.run_once import needs_no_database

pytestmark = needs_no_database


def sentences(items: str) -> list[str]:
    parts = sections.parts(f"## 0. Zero\n\n0.1 Text.\n\n{items}")
    with translation.override("en"):
        text = ReviewedText("privacy", "en", parts, other=[])
        return [sentence for _index, sentence in numbering_problems(text)]


@pytest.mark.parametrize(
    ("items", "typed", "shown"),
    [
        ("2. b\n7. g", "7", "3"),
        ("1. a\n1. a", "1", "2"),
        ("0. a\n2. c", "2", "1"),
        ("1) a\n3) c", "3", "2"),
        ("- x\n\n  3. c\n  5. e", "5", "4"),
        ("1. a\n   1. a\n   9. i\n2. b", "9", "2"),
        ("> 4. d\n> 6. f", "6", "5"),
    ],
    ids=["gap", "all-ones", "from-zero", "parenthesis", "in-a-list", "nested", "in-a-quotation"],
)
def test_a_list_that_would_be_renumbered_is_found(items: str, typed: str, shown: str) -> None:
    """Red when: nested lists share one counter."""
    problem = sentences(items)[-1]

    assert f"“{typed}" in problem
    assert f"would be shown as “{shown}" in problem


@pytest.mark.parametrize(
    "items",
    ["1. a\n2. b", "7. g\n8. h", "0. a\n1. b", "- a\n- b", "1. a\n   - x\n   - y\n2. b"],
    ids=["from-one", "from-seven", "from-zero", "bullets", "mixed"],
)
def test_a_list_that_counts_up_by_one_is_accepted(items: str) -> None:
    """Red when: a list that starts at 0 counts from 1."""
    assert sentences(items) == []
