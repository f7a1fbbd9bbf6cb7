"""Pages by keys: every row on one page, in both directions, whatever comes and goes meanwhile."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consent.models import ConsentRecord
from evidence.growing.keyset import NEWEST, OLDEST, Page, Pages, Place, Start
from tests.evidence.growing.rows import START, make_records

SIZE = 4
KEY = ConsentRecord._meta.pk
rows_in_database = pytest.mark.django_db


def pages(**limits: Any) -> Pages:
    rows = limits.pop("rows", ConsentRecord.objects.all())
    return Pages(rows, "made_at", SIZE, **limits)


def walk(list_: Pages, start: Start, direction: str) -> list[Page]:
    """The pages from a start up to the end, each found by the text in an address."""
    walked = [list_.page(start)]
    while onward := getattr(walked[-1], direction):
        walked.append(list_.page(Start.read(str(onward), KEY)))
        assert len(walked) < 100
    return walked


def unique(rows: Iterable[Any]) -> list[Any]:
    """Each row once, in the order of the first."""
    return list(dict.fromkeys(rows))


@rows_in_database
@pytest.mark.parametrize("step", [timedelta(minutes=1), timedelta(0)], ids=["moments", "ties"])
@pytest.mark.parametrize("number", [0, 1, SIZE, SIZE + 1, 3 * SIZE, 3 * SIZE + 1])
def test_the_pages_have_every_row_once_in_both_directions(number: int, step: timedelta) -> None:
    """Red when: rows of one moment have no order, or a place is taken for the row at it."""
    made = make_records(number, step=step)

    down = walk(pages(), NEWEST, "older")
    up = walk(pages(), OLDEST, "newer")

    assert [row for page in down for row in page.rows] == made
    assert all(len(page.rows) == SIZE for page in down[:-1])
    # The last page upwards is the newest one, which is full, so that it repeats some rows.
    assert up[-1].rows == made[:SIZE]
    assert unique(row for page in reversed(up) for row in page.rows) == made
    assert sum(len(page.rows) for page in up) < number + SIZE or not number


@rows_in_database
def test_the_page_back_is_the_page_that_one_came_from() -> None:
    """Red when: the page of newer rows begins with the newest of them."""
    make_records(3 * SIZE, step=timedelta(0))
    first, second, third = walk(pages(), NEWEST, "older")

    assert pages().page(third.newer).rows == second.rows
    assert pages().page(second.newer).rows == first.rows
    assert pages().page(second.newer).newer is None


@rows_in_database
def test_a_row_that_is_gone_still_marks_its_place(deletion) -> None:
    """Red when: the place is looked up by the row."""
    made = make_records(2 * SIZE)
    first = pages().page(NEWEST)

    deletion(first.rows[-1], made[SIZE])

    assert pages().page(first.older).rows == made[SIZE + 1 :]


@rows_in_database
def test_a_row_that_comes_meanwhile_moves_no_row_to_another_page() -> None:
    """Red when: pages are numbered."""
    made = make_records(2 * SIZE)
    first = pages().page(NEWEST)

    make_records(3, start=START + timedelta(days=1))

    assert pages().page(first.older).rows == made[SIZE:]


@rows_in_database
def test_an_empty_page_leads_nowhere_and_the_newest_page_is_full(deletion) -> None:
    made = make_records(SIZE + 2)
    first = pages().page(NEWEST)
    last = pages().page(first.older)

    deletion(*last.rows)

    assert pages().page(first.older) == Page(first.older, [], None, None, None)
    assert pages().page(last.newer).rows == made[:SIZE]


@rows_in_database
@pytest.mark.parametrize(("start", "direction"), [(NEWEST, "older"), (OLDEST, "newer")])
def test_a_page_of_few_stops_reading_and_goes_on_where_it_stopped(
    start: Start, direction: str
) -> None:
    """Red when: a page reads on until it is full, or the next one leaves rows out."""
    made = make_records(30, step=timedelta(0)) + make_records(30, start=START + timedelta(hours=1))
    few = [row.pk for row in made[::12]]
    list_ = pages(
        rows=ConsentRecord.objects.filter(pk__in=few),
        among=ConsentRecord.objects.all(),
        most_read=10,
    )

    walked = walk(list_, start, direction)

    found = unique(row.pk for page in walked for row in page.rows)
    assert sorted(found) == sorted(few)
    assert len(walked) >= 4
    assert sum(page.read_until is not None for page in walked) >= 3


@pytest.mark.parametrize(
    "start",
    [
        NEWEST,
        OLDEST,
        Start(True, Place(START, uuid.UUID(int=7))),
        Start(False, Place(START, uuid.UUID(int=7))),
        Start(True, Place(datetime(2026, 3, 1, 12, 0, 0, 123456, UTC))),
    ],
)
def test_a_start_is_read_from_the_text_that_it_writes(start: Start) -> None:
    assert Start.read(str(start), KEY) == start


@pytest.mark.parametrize(
    "text",
    ["x", "1", "-1", "older", "older~", "older~x", "older~2026-03-01~", "newer~2026-13-01T00:00Z~",
     "older~0001-01-01T00:00:00+23:59~", "older~9999-12-31T23:59:59-23:59~", "sideways~x",
     "older~2026-03-01T12:00:00+00:00~zz", "older~2026-03-01T12:00:00+00:00~\x00", "~~~", "٣"],
)  # fmt: skip
def test_a_text_that_names_no_place_leads_to_the_newest_page(text: str) -> None:
    """Red when: whatever stands in the address is an error of the site."""
    assert Start.read(text, KEY) == NEWEST
