"""Recording a choice while the database is gone, and after it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.utils import timezone

from consent.choice import choice
from consent.models import ConsentRecord
from content import store
from tests.factories import expired_cookies, kept_cookies, make_client, post_choice

pytestmark = pytest.mark.django_db

COOKIE = settings.CHOICE_COOKIE_NAME
REFUSED = {COOKIE: choice.write_refusal()}
NO_CONSENT = (
    "We cannot store your consent right now. Nothing was switched on; please try again later."
)
NO_RECEIPT = "We could not store a receipt of this right now; the refusal counts all the same."

FAILURES = {
    "gone while counting": ("INTO privacy_ratecount", OperationalError("gone")),
    "gone while recording": ("INTO consent_consentrecord", OperationalError("gone")),
    "closed while recording": ("INTO consent_consentrecord", InterfaceError("already closed")),
    "refuses the record": ("INTO consent_consentrecord", IntegrityError("no such notice")),
}


@contextmanager
def failing(part: str, error: Exception) -> Iterator[None]:
    """A database that fails at each statement with this part."""

    def execute(run: Any, sql: str, *rest: Any) -> Any:
        if part in sql:
            raise error
        return run(sql, *rest)

    with connection.execute_wrapper(execute):
        yield


@pytest.fixture(params=["silent for a second", *FAILURES])
def gone(request) -> Iterator[None]:
    """A database that fails in one of five ways."""
    if request.param in FAILURES:
        with failing(*FAILURES[request.param]):
            yield
    else:
        with mock.patch("consent.records.record.database_answers", return_value=False):
            yield


def on_disk() -> int:
    return len(list((settings.STATE_DIR / "refusals").glob("*")))


@pytest.mark.parametrize("choice_", ["accept", "save"])
def test_a_grant_that_cannot_be_recorded_switches_nothing_on(gone, choice_: str) -> None:
    """Red when: the cookie of a grant is set for every outcome."""
    response = post_choice(make_client(), choice_, "analytics", path="/en/cookies/")

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert NO_CONSENT in response.text
    assert dict(response.cookies) == {}
    assert "data-ask" in response.text
    assert (ConsentRecord.objects.count(), on_disk()) == (0, 0)


def test_a_grant_that_cannot_be_recorded_leaves_the_earlier_choice_as_it_was(gone) -> None:
    client = make_client("analytics")

    response = post_choice(client, "accept")

    assert response.status_code == 503
    assert dict(response.cookies) == {}
    assert client.get("/").wsgi_request.consent.granted == {"analytics"}


def test_a_refusal_counts_at_once_and_says_that_there_is_no_receipt(gone) -> None:
    """Red when: a refusal is answered with 503, or as if it were recorded."""
    response = post_choice(make_client(), "reject", path="/en/cookies/")

    assert response.status_code == 200
    assert NO_RECEIPT in response.text
    assert kept_cookies(response) == REFUSED
    assert (ConsentRecord.objects.count(), on_disk()) == (0, 1)


def test_an_unrecorded_refusal_in_the_background_is_answered_202(gone) -> None:
    """Red when: the answer is 204 for every outcome."""
    response = post_choice(make_client(), "reject", javascript="1", background="1")

    assert (response.status_code, response.content) == (202, b"")
    assert kept_cookies(response) == REFUSED


def test_an_unrecorded_withdrawal_counts_at_once_and_shows_no_record_id(gone) -> None:
    client = make_client("analytics")
    client.cookies["_ga"] = "1"

    response = post_choice(client, "reject", path="/en/cookies/")

    assert kept_cookies(response) == REFUSED
    assert ("_ga", "", "/") in expired_cookies(response)
    assert NO_RECEIPT in response.text
    assert "<code>" not in response.text.partition("Your choice now")[0]


def test_a_kept_refusal_is_recorded_once_when_the_database_answers() -> None:
    """Red when: `store_kept_refusals` is not called on contact, or leaves a recorded file on disk."""
    with mock.patch("consent.records.record.database_answers", return_value=False):
        post_choice(make_client(), "reject", path="/en/cookies/", place="cookie-page")
    assert ConsentRecord.objects.count() == 0

    for _poll in range(3):
        store.poll(timezone.now())

    record = ConsentRecord.objects.get()
    assert (record.is_refusal, record.language, record.method) == (True, "en", "cookie-page")
    assert record.notice is not None
    assert on_disk() == 0


def test_a_kept_withdrawal_still_supersedes_its_grant() -> None:
    """Red when: `supersedes_id` does not survive the disk."""
    client = make_client()
    post_choice(client, "accept")
    granted = ConsentRecord.objects.get()
    with mock.patch("consent.records.record.database_answers", return_value=False):
        post_choice(client, "reject")

    store.poll(timezone.now())

    assert ConsentRecord.objects.get(is_refusal=True).supersedes == granted


def test_a_refusal_counts_even_if_the_disk_is_full(gone) -> None:
    """Red when: OSError is not caught."""
    with mock.patch("consent.records.record._keep_on_disk", side_effect=OSError("full")):
        response = post_choice(make_client(), "reject", path="/en/cookies/")

    assert response.status_code == 200
    assert kept_cookies(response) == REFUSED
    assert NO_RECEIPT in response.text


def test_without_any_content_a_refusal_counts_and_a_grant_does_not() -> None:
    """Red when: a grant is answered as an unknown group, or the guard drops the refusal."""
    forms = {}
    client = make_client()
    with mock.patch("content.store.current", side_effect=store.ContentUnavailable):
        for form in ("reject", "save", "accept", "save&group=analytics"):
            forms[form] = client.post(
                "/cookies/",
                f"choice={form}&next=/&notice=x",
                content_type="application/x-www-form-urlencoded",
            )

    for refusal in ("reject", "save"):
        assert forms[refusal].status_code == 303
        assert kept_cookies(forms[refusal]) == REFUSED
    for grant in ("accept", "save&group=analytics"):
        assert forms[grant].status_code == 503
        assert kept_cookies(forms[grant]) == {}


def test_without_any_content_the_cookie_page_is_answered_503() -> None:
    """Red when: an empty table is shown, which would say that the site stores nothing."""
    with mock.patch("content.store.current", side_effect=store.ContentUnavailable):
        response = make_client().get("/en/cookies/")

    assert (response.status_code, response["Retry-After"]) == (503, "10")


def test_a_grant_is_recorded_before_its_cookie_is_written() -> None:
    """Red when: the record is written by a job or after the answer."""
    records_then = []

    def write(grant: choice.Grant) -> str:
        records_then.append(list(ConsentRecord.objects.values_list("pk", flat=True)))
        assert records_then == [[grant.record_id]]
        return "value"

    with mock.patch("consent.choice.cookie.choice.write_grant", side_effect=write):
        post_choice(make_client(), "accept")

    assert len(records_then) == 1
