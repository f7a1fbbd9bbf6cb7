"""Numbers of rows, exact where they are few."""

import pytest
from django.db import connection
from django.utils import translation

from consent.models import ConsentRecord
from evidence.growing import counts
from evidence.growing.counts import Count, Kind
from tests.evidence.growing.rows import make_records


@pytest.mark.parametrize(
    ("count", "english", "polish"),
    [
        (Count(0), "0", "0"),
        (Count(12_345), "12,345", "12\xa0345"),
        (Count.about(9_876_543), "about 9,900,000", "około 9\xa0900\xa0000"),
        (Count.about(99_999), "about 100,000", "około 100\xa0000"),
        (Count.about(57), "about 57", "około 57"),
        (Count(10_000, Kind.AT_LEAST), "at least 10,000", "co najmniej 10\xa0000"),
    ],
)
def test_a_count_says_how_exact_it_is(count: Count, english: str, polish: str) -> None:
    """Red when: an estimate looks like a count, or has more digits than it knows."""
    with translation.override("en"):
        assert str(count) == english
    with translation.override("pl"):
        assert str(count) == polish


@pytest.mark.django_db
def test_few_rows_are_counted() -> None:
    make_records(7)

    assert counts.count(ConsentRecord.objects.all()) == Count(7)
    assert counts.count(ConsentRecord.objects.filter(language="en")) == Count(0)
    assert counts.count(ConsentRecord.objects.none()) == Count(0)


@pytest.mark.django_db
def test_many_rows_are_estimated_or_counted_up_to_a_bound(monkeypatch) -> None:
    """Red when: a table is counted however long it is."""
    monkeypatch.setattr(counts, "MOST_COUNTED", 50)
    make_records(320)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consent_consentrecord")

    number = counts.count(ConsentRecord.objects.all())

    if connection.vendor == "postgresql":
        assert number == Count(320, Kind.ABOUT)
    else:
        assert number == Count(50, Kind.AT_LEAST)


@pytest.mark.parametrize(
    ("expected", "part"), [(None, Count(3)), (1, Count(0)), (260_000, Count.about(260_000))]
)
@pytest.mark.django_db
def test_a_part_is_counted_as_exactly_as_the_whole(monkeypatch, expected, part) -> None:
    """Red when: the one row that the planner expects of anything becomes a sentence."""
    make_records(3)
    rows = ConsentRecord.objects.all()
    monkeypatch.setattr(counts, "expected", lambda _rows: expected)

    assert counts.count_part(rows, of=Count.about(1_000_000)) == part
    monkeypatch.setattr(counts, "expected", lambda _rows: None)
    assert counts.count_part(rows, of=Count(3)) == Count(3)
