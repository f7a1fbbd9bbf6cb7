"""Years, months and days above a list, without reading the rows between the first and the last."""

from datetime import timedelta

import pytest
from django.utils import translation

from consent.models import ConsentRecord
from evidence.growing.periods import Periods, periods
from tests.evidence.growing.rows import START, make_records

pytestmark = pytest.mark.django_db


def look(*chosen: int) -> tuple[list[tuple[str, str]], str | None] | None:
    """The titles and links of the choices, and where the link back leads."""

    def link(*parts: int) -> str:
        return "-".join(map(str, parts))

    with translation.override("en"):
        found: Periods | None = periods(ConsentRecord.objects.all(), "made_at", [*chosen], link)
    if found is None:
        return None
    choices = [(choice.title, choice.link) for choice in found.choices]
    return choices, found.back.link if found.back else None


def test_an_empty_list_has_no_periods() -> None:
    assert look() is None


def test_the_periods_lead_from_years_to_a_day_and_back() -> None:
    """Red when: a period of a row is missing, or one before the first row is offered."""
    make_records(1, start=START - timedelta(days=400))  # 25 January 2025
    make_records(1)  # 1 March 2026

    assert look() == ([("2025", "2025"), ("2026", "2026")], None)
    assert look(2026) == (
        [("January 2026", "2026-1"), ("February 2026", "2026-2"), ("March 2026", "2026-3")],
        "",
    )
    assert look(2026, 3) == ([("March 1", "2026-3-1")], "2026")
    days, back = look(2025, 1) or ([], None)
    assert [link for _title, link in days] == [f"2025-1-{day}" for day in range(25, 32)]
    assert back == "2025"
    assert look(2026, 3, 1) == ([("March 1", "")], "2026-3")


def test_a_list_of_one_month_begins_with_its_days() -> None:
    make_records(2, step=timedelta(days=1))

    assert look() == ([("March 1", "2026-3-1"), ("March 2", "2026-3-2")], "2026")


@pytest.mark.parametrize("chosen", [(3,), (9999,), (9999, 12), (1, 1), (2026, 2, 28)])
def test_a_period_without_rows_is_a_page_all_the_same(chosen: tuple[int, ...]) -> None:
    """Red when: the end of the calendar is the end of the page."""
    make_records(1, start=START - timedelta(days=400))
    make_records(1)

    choices, back = look(*chosen) or ([], None)

    assert back is not None
    assert all(not link for _title, link in choices)
