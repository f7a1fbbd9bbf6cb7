"""A spreadsheet opens the downloads of staff as text, whatever visitors typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.csv_file import safe
from tests.run_once import needs_no_database

pytestmark = needs_no_database

FORMULA = "=HYPERLINK(A1)"


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1",
        "+48221234567",
        "-1",
        "@SUM(A1)",
        "\tAnna",
        "\rAnna",
        "\nAnna",
        "  =1+1",
        "\u00a0=1+1",
        "\ufeff=1+1",
        " \t+1",
        '"=1+1',
        "＝1+1",
    ],
)
def test_a_cell_that_would_begin_a_formula_gets_an_apostrophe(typed: str) -> None:
    """Red when: a sign, or a character before it, is removed from `_BEGINS_A_CELL`."""
    assert safe(typed)[:2] == f"'{typed[0]}"


@pytest.mark.parametrize("typed", ["Anna Nowak", "a=b", "Kowalska-Nowak", "a@example.com", "", "1"])
def test_any_other_cell_is_not_changed(typed: str) -> None:
    assert safe(typed) == typed


@pytest.mark.parametrize("separator", [",", ";", "\t", "\n"])
@pytest.mark.parametrize("between", ["", " ", '"', '" "'])
def test_a_cell_begins_no_formula_where_a_spreadsheet_splits_it(separator, between) -> None:
    """Red when: `_MAY_BEGIN_A_CELL` is not replaced."""
    split = safe(f"Anna{separator}{between}{FORMULA}").split(separator)[1]

    assert split == f"{between}'{FORMULA}"


@given(st.text())
def test_no_text_begins_a_formula(typed: str) -> None:
    """Red when: `safe` returns the text unchanged."""
    assert safe(typed).lstrip()[:1] not in {"=", "+", "-", "@"}
    assert safe(typed)[:1] not in {"\t", "\r", "\n"}
