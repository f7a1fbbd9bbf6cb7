"""The records of a period as JSON Lines: whole, in order, logged, and with little memory."""

import hashlib
import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from consent.models import ConsentRecord
from consent.staff import period_file
from consent.staff.period_file import Period, lines
from privacy.models import Reading
from tests.consent.staff.asked import make_record
from tests.consent.staff.test_evidence_file import root_of
from tests.evidence.seal.sealed import make_record as make_bare_record
from tests.evidence.seal.sealed import seal
from tests.factories import make_client, make_cookie, post_choice
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/consent/consentrecord/period/"
AT = datetime(2026, 6, 30, 12, tzinfo=UTC)
MAY = {"first": "2026-05-01", "last": "2026-05-31"}


def today() -> dict[str, str]:
    return {"first": str(timezone.localdate()), "last": str(timezone.localdate())}


def download(client: Any, **days: str) -> list[dict[str, Any]]:
    response = client.post(ADDRESS, days)
    assert response.status_code == 200
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


def kinds(content: list[dict[str, Any]]) -> list[str]:
    return [line["kind"] for line in content]


def test_a_notice_a_version_and_a_checkpoint_come_once_before_their_first_record(
    admin_client,
) -> None:
    """Red when: `_Seen` forgets, or a record stands before what it names."""
    # Moments of one second have no order among themselves.
    for minutes in (3, 2):
        with time_machine.travel(timezone.now() - timedelta(minutes=minutes)):
            make_record()
    make_cookie("_new")
    make_record()
    seal()

    content = download(admin_client, **today())

    assert kinds(content) == [
        *("period", "notice", "policy_version", "checkpoint", "record", "record"),
        *("notice", "record", "end"),
    ]
    records = [line for line in content if line["kind"] == "record"]
    assert [line["content"]["id"] for line in records] == [
        str(pk) for pk in ConsentRecord.objects.order_by("made_at", "pk").values_list("pk", flat=1)
    ]
    assert all(line["matches"] for line in records)
    for line in content:
        if line["kind"] in ("notice", "policy_version"):
            row = f"00000000-0000-0000-0000-{line['id']:012x}"
            assert root_of(line, row) == line["seal"]["checkpoint"]["root"]
    number = content[3]["number"]
    assert {line["seal"]["checkpoint"] for line in records} == {number}


def test_the_last_line_has_the_hash_of_all_lines_before_it(admin_client) -> None:
    """Red when: a line is left out of the hash; a file that broke off looks whole."""
    make_record()

    response = admin_client.post(ADDRESS, today())

    *before, last = b"".join(response.streaming_content).splitlines(keepends=True)
    end = json.loads(last)
    assert end["sha256_of_lines_before"] == hashlib.sha256(b"".join(before)).hexdigest()
    assert end["records"] == 1


def test_the_days_are_those_of_poland_and_both_belong_to_the_period(admin_client) -> None:
    """Red when: `Period.of_days` takes days in UTC, or leaves the last day out."""
    moments = [
        datetime(2026, 4, 30, 21, 59, tzinfo=UTC),
        datetime(2026, 4, 30, 22, 0, tzinfo=UTC),
        datetime(2026, 5, 31, 21, 59, tzinfo=UTC),
        datetime(2026, 5, 31, 22, 0, tzinfo=UTC),
    ]
    for moment in moments:
        make_bare_record(made_at=moment)

    content = [line for line in download(admin_client, **MAY) if line["kind"] == "record"]

    made = [datetime.fromisoformat(line["content"]["made_at"]) for line in content]
    assert made == moments[1:3]


def test_no_record_is_lost_or_doubled_between_two_readings(monkeypatch) -> None:
    """Red when: `_batches` goes on by the moment alone, which several records share."""
    monkeypatch.setattr(period_file, "ROWS_AT_ONCE", 3)
    records = [make_bare_record(made_at=AT) for _each in range(10)]
    period = Period.of_days(AT.date(), AT.date(), at=AT + timedelta(hours=1))

    content = [json.loads(line) for line in lines(period, at=AT)]

    found = [line["content"]["id"] for line in content if line["kind"] == "record"]
    assert sorted(found) == sorted(str(record.pk) for record in records)


def test_many_records_take_few_statements_and_little_memory(django_assert_max_num_queries) -> None:
    """Red when: each record asks the database, or all records are held at once."""
    rows = [_row(number) for number in range(4000)]
    ConsentRecord.objects.bulk_create(rows)
    period = Period.of_days(AT.date() - timedelta(days=1), AT.date(), at=AT + timedelta(hours=1))
    del rows

    tracemalloc.start()
    # Two for each reading of 500, and one that finds nothing more; the checkpoints once.
    with django_assert_max_num_queries(2 * 8 + 2):
        size = sum(len(line) for line in lines(period, at=AT))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size > 2_000_000
    assert most < 6_000_000


def _row(number: int) -> ConsentRecord:
    made_at = AT - timedelta(seconds=number)
    return ConsentRecord(
        made_at=made_at,
        expires_at=made_at,
        language="pl",
        offered=["analytics"] * 20,
        granted=[],
        is_refusal=True,
        method="banner",
        has_javascript=True,
        has_gpc_signal=False,
        hash="x" * 64,
    )


def test_a_download_is_logged_before_its_first_line(admin_client) -> None:
    """Red when: the log is written as the file is sent, so that a broken connection leaves none."""
    make_record()
    make_record()

    admin_client.post(ADDRESS, today())

    row = Reading.objects.get()
    assert (row.what, row.kind, row.rows, row.about) == (
        "exported",
        "consent_consentrecord",
        2,
        "",
    )
    assert LogEntry.objects.get().change_message == "Pobrano jako JSON Lines. Wierszy: 2."


def test_the_form_alone_shows_nothing_and_logs_nothing() -> None:
    colleague = make_staff("view_consentrecord")

    assert colleague.get(ADDRESS).status_code == 200
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-06-02", "2026-06-01"),
        ("0001-01-01", "2026-06-01"),
        ("2026-06-01", "9999-12-31"),
        ("x", ""),
    ],
)
def test_days_that_make_no_period_are_refused_with_a_sentence(
    admin_client, first: str, last: str
) -> None:
    """Red when: PeriodForm lets a day pass at which the clock of Poland overflows."""
    response = admin_client.post(ADDRESS, {"first": first, "last": last})

    assert response.status_code == 422
    assert "Nic nie pobrano." in response.text
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (1, 2, "Ten okres jeszcze się nie zaczął."),
        (-1, -2, "Ostatni dzień jest wcześniejszy niż pierwszy."),
    ],
)
def test_the_error_is_at_the_day_that_is_wrong(admin_client, first, last, sentence) -> None:
    """Red when: a period of the future gives a file that begins after its end."""
    make_record()
    days = [str(timezone.localdate() + timedelta(days=each)) for each in (first, last)]

    response = admin_client.post(ADDRESS, {"first": days[0], "last": days[1]})

    assert response.status_code == 422
    assert sentence in response.text


def test_an_empty_period_is_said_to_be_empty(admin_client) -> None:
    """Red when: a file without records looks as if somebody had lost them."""
    response = admin_client.post(ADDRESS, {"first": "2021-01-01", "last": "2021-01-02"})

    assert response.status_code == 422
    assert "W\N{NO-BREAK SPACE}tych dniach nie zapisano żadnego wyboru." in response.text
    assert not LogEntry.objects.exists()


def test_a_withdrawal_names_what_it_supersedes(admin_client) -> None:
    client = make_client()
    post_choice(client, "accept")
    post_choice(client, "reject")
    first = ConsentRecord.objects.get(is_refusal=False)

    content = download(admin_client, **today())

    supersedes = [line["content"]["supersedes"] for line in content if line["kind"] == "record"]
    assert {None, str(first.pk)} == {*supersedes}
