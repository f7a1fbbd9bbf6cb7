"""Queries: a page view makes none, a choice at most six."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import ConsentRecord
from tests.factories import FORM, make_client, make_form

pytestmark = pytest.mark.django_db


def test_saving_a_choice_takes_at_most_six_statements() -> None:
    """Red when: the record superseded is read in a statement of its own, and the rate twice."""
    client = make_client()
    client.get("/")
    counts = []

    for choice_ in ("accept", "save", "reject"):  # the second and third supersede one
        form = make_form(choice_, "analytics")
        with CaptureQueriesContext(connection) as queries:
            client.post("/cookies/", form, content_type=FORM)
        statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        counts.append(len(statements))

    assert max(counts) <= 6
    assert ConsentRecord.objects.count() == 3


def test_page_views_make_no_query() -> None:
    """Red when: a page reads a row."""
    for client in (make_client(), make_client("analytics"), make_client(refused=True)):
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            for path in ("/", "/en/", "/cookies/", "/en/cookies/", "/cennik/"):
                assert client.get(path).status_code == 200
        assert [query["sql"] for query in queries] == []
