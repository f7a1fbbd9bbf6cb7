"""The choices of one browser are one line, also where two tabs choose at the same time."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from consent.models import ConsentRecord
from consent.records import storing
from consent.records.record_hash import content_of, hash_of
from tests.factories import make_client, make_made_choice, post_choice

pytestmark = pytest.mark.django_db(transaction=True)


def chain() -> list[ConsentRecord]:
    """All records, each after the one that it supersedes. Fails where they are no line."""
    by_earlier = {record.supersedes_id: record for record in ConsentRecord.objects.all()}
    line, earlier = [], None
    while earlier in by_earlier:
        line.append(by_earlier.pop(earlier))
        earlier = line[-1].pk
    assert by_earlier == {}
    return line


def tabs(number: int) -> list[Client]:
    """So many tabs of one browser, each opened after the same consent."""
    browser = make_client()
    post_choice(browser, "accept")
    opened = [make_client() for _ in range(number)]
    for tab in opened:
        tab.cookies.update(browser.cookies)
    return opened


def test_of_two_tabs_the_later_one_supersedes_the_other() -> None:
    """Red when: both supersede the consent that they were opened after."""
    first, second = tabs(2)

    assert post_choice(first, "save", "analytics").status_code == 303
    assert post_choice(second, "reject").status_code == 200

    granted, saved, withdrawn = chain()
    assert granted.granted == ["preferences", "analytics", "marketing"]
    assert saved.granted == ["analytics"]
    assert withdrawn.is_refusal


def test_each_of_many_tabs_follows_the_one_before() -> None:
    for tab in tabs(6):
        post_choice(tab, "save", "preferences")

    assert len(chain()) == 7


def test_each_record_has_the_hash_of_what_it_says_also_where_another_tab_was_first() -> None:
    """Red when: the hash is made before the superseded record is known."""
    for tab in tabs(3):
        post_choice(tab, "reject")
    gone = make_made_choice(supersedes_id=uuid.uuid4())
    storing.store_record(gone)

    records = [*ConsentRecord.objects.all()]
    assert len(records) == 5
    assert all(record.hash == hash_of(record) for record in records)
    assert ConsentRecord.objects.get(pk=gone.record_id).supersedes_id is None


def test_a_choice_that_is_stored_twice_supersedes_nothing_new() -> None:
    """As a refusal on disk that two processes record. Red when: the second attempt follows the first."""
    grant, other = make_made_choice(granted=("analytics",), notice_id=1), make_made_choice()
    storing.store_record(grant)
    waited = make_made_choice(supersedes_id=grant.record_id)

    storing.store_record(waited)
    storing.store_record(waited)
    storing.store_record(other)

    assert ConsentRecord.objects.get(pk=waited.record_id).supersedes_id == grant.record_id
    assert ConsentRecord.objects.count() == 3


def test_the_database_lets_no_record_be_superseded_twice() -> None:
    """Red when: the unique constraint is left out of the migration."""
    first = make_made_choice(granted=("analytics",), notice_id=1)
    storing.store_record(first)
    storing.store_record(make_made_choice(supersedes_id=first.record_id))

    values = storing._columns(make_made_choice(supersedes_id=first.record_id))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(storing._STORE_UNLESS_STORED, values)


def test_an_error_that_is_not_about_the_chain_is_raised() -> None:
    """Red when: every IntegrityError is taken for another tab."""
    first = make_made_choice(granted=("analytics",), notice_id=1)
    storing.store_record(first)

    with pytest.raises(IntegrityError), transaction.atomic():
        storing.store_record(make_made_choice(notice_id=999_999, supersedes_id=first.record_id))


def test_the_end_of_a_chain_is_found_however_long_it_is() -> None:
    first = make_made_choice(granted=("analytics",), notice_id=1)
    storing.store_record(first)
    for _ in range(5):
        storing.store_record(make_made_choice(supersedes_id=first.record_id))

    assert storing._head_of(first.record_id) == chain()[-1].pk
    assert storing._head_of(None) is None
    unknown = uuid.uuid4()
    assert storing._head_of(unknown) == unknown


def test_what_a_record_says_is_the_same_in_every_time_zone() -> None:
    """Red when: a moment is written in the zone of the process."""
    storing.store_record(make_made_choice(made_at=timezone.now().replace(microsecond=0)))
    record = ConsentRecord.objects.get()
    before = content_of(record)

    record.made_at = timezone.localtime(record.made_at, timezone.get_fixed_timezone(330))

    assert content_of(record) == before
    record.made_at += timedelta(seconds=1)
    assert content_of(record) != before
