"""Lists over tables that grow: what they read, the links to their pages, and what they say."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consent.admin import ConsentRecordAdmin
from consent.personal_data import expired_long_ago, records
from evidence.growing import counts
from evidence.growing.admin import Growing
from privacy.models import DataRequest, ErasureCase, LegalHold, Restriction
from privacy.rights.map.declarations import Person
from privacy.rights.readings.pages import data_of_others
from tests.evidence.growing.rows import START, make_records
from tests.pages import Page

pytestmark = pytest.mark.django_db

LIST = "/admin/consent/consentrecord/"
GROWING = [page for page in admin.site._registry.values() if isinstance(page, Growing)]
# Of people, but opened one by one, by staff or by a form that is limited: nobody makes millions.
SMALL = {DataRequest, ErasureCase, LegalHold, Restriction}
QUERIES = [
    "",
    "?p=oldest",
    "?is_refusal__exact=1",
    "?language=en",
    "?has_gpc_signal__exact=1&method__exact=cookie-page",
    "?made_at__year=2026&made_at__month=3",
    "?made_at__year=2026&made_at__month=3&language=de",
    "?q=6f1b2f6e-0c1d-4a53-9a0e-5d2f1a7c3b90",
    "?q=6f1b",
]


def address_of(page: Any) -> str:
    return f"/admin/{page.opts.app_label}/{page.opts.model_name}/"


def statements(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


def texts(response: Any) -> str:
    return Page(response.content).text


def test_every_list_of_rows_that_visitors_make_is_one_that_may_grow() -> None:
    """Red when: a new table gets Django's own list, which counts all rows for each page."""
    of_people = {model for model in admin.site._registry if data_of_others(model)}

    assert of_people - {page.model for page in GROWING} == SMALL
    assert len(GROWING) >= 7


@pytest.mark.parametrize("page", GROWING, ids=address_of)
def test_an_index_begins_with_the_moment_that_orders_a_list(page: Growing) -> None:
    """Red when: a list has no index of its order, so that each page sorts all rows."""
    by = page.model._meta.get_field(str(page.date_hierarchy))
    first_fields = [
        index.fields[0]
        for index in page.model._meta.indexes
        if index.fields and not index.condition
    ]

    assert by.db_index or f"-{by.name}" in first_fields or by.name in first_fields


@pytest.mark.parametrize("page", GROWING, ids=address_of)
def test_no_list_counts_all_rows_or_skips_rows_or_reads_all_to_offer_a_filter(
    admin_client, page: Growing
) -> None:
    """Red when: a list asks COUNT without LIMIT, OFFSET, or the DISTINCT values of a column."""
    address = address_of(page)

    for query in (
        "",
        "?p=oldest",
        "?p=older~2026-01-01T00:00:00%2B00:00~",
        "?q=x",
        "?_facets=True",
    ):
        table = page.model._meta.db_table
        asked = [sql for sql in statements(admin_client, address + query) if f'"{table}"' in sql]
        assert asked
        bad = [sql for sql in asked if re.search(r"\bOFFSET\b|\bDISTINCT\b", sql)]
        bad += [sql for sql in asked if "COUNT(" in sql and "LIMIT" not in sql]
        assert bad == []


@pytest.mark.parametrize("page", GROWING, ids=address_of)
@pytest.mark.parametrize("p", ["x", "0", "-1", "9" * 5000, "older~x", "newer~2026-01-01~1", "%00", "٣",
                               "older~0001-01-01T00:00:00%2B23:59~1"])  # fmt: skip
def test_a_page_that_nobody_can_mean_is_the_newest(admin_client, page: Growing, p: str) -> None:
    """Red when: the place in an address is used as it comes."""
    response = admin_client.get(f"{address_of(page)}?p={p}")

    assert response.status_code == 200
    assert "newest" not in response.context["cl"].links


@pytest.mark.parametrize("query", QUERIES)
def test_more_rows_cost_no_more_statements(admin_client, query: str) -> None:
    """Red when: each row, or each page, asks for more."""
    make_records(120)
    statements(admin_client, LIST + query)  # the first page also looks up what is kept in memory
    few = len(statements(admin_client, LIST + query))
    make_records(120, start=START + timedelta(days=1))

    assert len(statements(admin_client, LIST + query)) == few
    assert few <= 20


@pytest.mark.parametrize("query", QUERIES)
def test_no_page_of_records_reads_more_than_its_bound(
    admin_client, monkeypatch, query: str
) -> None:
    """Red when: a page reads all rows of the table, by a scan or by a filter that few rows match."""
    monkeypatch.setattr(ConsentRecordAdmin, "most_read_by_filters", 500)
    monkeypatch.setattr(counts, "MOST_COUNTED", 500)
    make_records(5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consent_consentrecord")

    asked = [sql for sql in statements(admin_client, LIST + query) if sql.startswith("SELECT")]
    of_records = [sql for sql in asked if '"consent_consentrecord"' in sql]

    assert of_records
    assert [(sql, read) for sql in of_records if (read := rows_read(sql)) > 600] == []


def rows_read(statement: str) -> int:
    """How many rows of the table, or of an index, PostgreSQL reads for a statement.

    SQLite says only whether it reads by an index: all rows that it reads otherwise are too many.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
            [[[explained]]] = cursor.fetchall()
            return sum(_rows_of(explained["Plan"]))
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        details = [row[-1] for row in cursor.fetchall()]
    is_scan = any(text.startswith("SCAN consent") and "USING" not in text for text in details)
    return 1_000_000 if is_scan else 0


def _rows_of(plan: dict[str, Any]) -> list[int]:
    below = [number for part in plan.get("Plans", []) for number in _rows_of(part)]
    if "Relation Name" not in plan:
        return below
    removed = plan.get("Rows Removed by Filter", 0)
    return [*below, int((plan["Actual Rows"] + removed) * plan["Actual Loops"])]


def test_the_links_lead_through_all_rows_and_back(admin_client) -> None:
    made = make_records(250, step=timedelta(0))
    found, address = [], LIST
    for _ in range(3):
        cl = admin_client.get(address).context["cl"]
        found += cl.result_list
        address = LIST + cl.links.get("older", "")
    assert found == made
    assert set(cl.links) == {"newest", "newer"}

    back = admin_client.get(LIST + cl.links["newer"]).context["cl"]
    assert back.result_list == made[100:200]
    assert set(back.links) == {"newest", "newer", "older", "oldest"}
    assert admin_client.get(LIST + back.links["oldest"]).context["cl"].result_list == made[150:]
    assert admin_client.get(LIST + back.links["newest"]).context["cl"].result_list == made[:100]


def test_links_keep_the_filters_and_the_search_forgets_the_page(admin_client) -> None:
    """Red when: the next page shows rows that the filter leaves out."""
    make_records(120, language="en")
    make_records(120, language="pl", start=START + timedelta(days=1))

    response = admin_client.get(f"{LIST}?language=en")
    second = admin_client.get(LIST + response.context["cl"].links["older"])

    assert {row.language for row in second.context["cl"].result_list} == {"en"}
    assert 'name="p"' not in second.content.decode()


def test_filters_stop_reading_and_say_so(admin_client, monkeypatch) -> None:
    """Red when: a page that looked at some rows looks as if there were no others."""
    monkeypatch.setattr(ConsentRecordAdmin, "most_read_by_filters", 50)
    make_records(1, language="en")
    make_records(120, language="pl", start=START + timedelta(days=1))

    address, seen = f"{LIST}?language=en", []
    for _ in range(3):
        response = admin_client.get(address, headers={"Accept-Language": "en"})
        seen.append(
            (len(response.context["cl"].result_list), "szukała" in response.content.decode())
        )
        address = LIST + response.context["cl"].links.get("older", "")

    assert seen == [(0, True), (0, True), (1, False)]


def test_a_period_is_read_from_its_end(admin_client, monkeypatch) -> None:
    """Red when: the rows after the period use up what a filter may read."""
    monkeypatch.setattr(ConsentRecordAdmin, "most_read_by_filters", 50)
    make_records(1, language="en")
    make_records(120, language="pl", start=START + timedelta(days=40))

    response = admin_client.get(f"{LIST}?language=en&made_at__year=2026&made_at__month=3")

    assert len(response.context["cl"].result_list) == 1


def test_the_search_finds_a_record_by_its_whole_number_in_each_spelling(admin_client) -> None:
    """Red when: a part of the number is compared with every row."""
    record = make_records(3)[1]

    for text in (str(record.pk), f" {str(record.pk).upper()} ", record.pk.hex):
        response = admin_client.get(LIST, {"q": text})
        assert response.context["cl"].result_list == [record]
    assert admin_client.get(LIST, {"q": str(record.pk)[:8]}).context["cl"].result_list == []


def test_an_empty_list_says_so(admin_client) -> None:
    response = admin_client.get("/admin/trial/erasurenotice/")

    assert response.context["cl"].links == {}
    assert response.context["cl"].periods is None
    assert "Wiersze: 0" in " ".join(response.content.decode().split())


def test_the_records_of_a_browser_and_those_past_their_period_are_found_by_indexes() -> None:
    """Red when: the index of what a record supersedes is dropped, or that of the end of a period."""
    first = make_records(5000, step=timedelta(seconds=1))[0]
    make_records(1, start=START + timedelta(days=1), supersedes=first)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consent_consentrecord")
        if connection.vendor == "postgresql":
            # So few rows are read at once, where no index is missing.
            cursor.execute("SET LOCAL enable_seqscan = off")

    with CaptureQueriesContext(connection) as queries:
        chain = [*records(Person("", frozenset({first.pk}))).order_by()]
        ended = [*expired_long_ago(START).order_by()[:250]]

    assert (len(chain), ended) == (2, [])
    assert [rows_read(query["sql"]) < 100 for query in [*queries]] == [True, True]
