"""A record is stored once and complete, and the rows that it points to cannot be deleted."""

from datetime import UTC, datetime, timedelta

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from consent.models import ConsentRecord, Notice, Provider
from consent.records.made_choice import MadeChoice
from consent.records.storing import store_record
from consent.registry.actions import store_notice
from privacy.models import PolicyVersion
from tests.factories import make_client, make_made_choice, post_choice

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def make_choice(*granted: str, **fields: object) -> MadeChoice:
    values = {
        "made_at": AT,
        "notice_id": Notice.objects.first().pk,
        "language": "en",
        "offered": ("analytics", "marketing"),
        "granted": granted,
        "method": "cookie-page",
        "has_gpc_signal": True,
        "policy_version_id": PolicyVersion.objects.first().pk,
    }
    return make_made_choice(**values | fields)


def test_a_choice_is_stored_as_it_was_made() -> None:
    """Red when: a field is left out of `store_record`."""
    first = make_choice("analytics")
    second = make_choice("marketing", supersedes_id=first.record_id)
    store_record(first)
    store_record(second)

    record = ConsentRecord.objects.get(pk=second.record_id)
    assert (record.made_at, record.expires_at) == (AT, AT + timedelta(days=182))
    assert (record.notice_id, record.policy_version_id) == (
        second.notice_id,
        second.policy_version_id,
    )
    assert (record.language, record.method) == ("en", "cookie-page")
    assert (record.offered, record.granted) == (["analytics", "marketing"], ["marketing"])
    assert (record.is_refusal, record.has_javascript, record.has_gpc_signal) == (False, True, True)
    assert record.supersedes_id == first.record_id


def test_storing_the_same_choice_again_changes_nothing() -> None:
    """Red when: the second storing raises, or writes."""
    made = make_choice("analytics")
    store_record(made)
    store_record(made)

    assert ConsentRecord.objects.count() == 1


def test_a_grant_that_names_no_notice_is_not_stored() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        store_record(make_choice("analytics", notice_id=None))

    assert ConsentRecord.objects.count() == 0


def test_deleting_a_cookie_and_a_group_leaves_the_records() -> None:
    """Red when: a record points to a row that staff delete."""
    post_choice(make_client(), "accept")
    record = ConsentRecord.objects.get()
    shown = record.notice.snapshot.content

    Cookie.objects.filter(name="_gid").delete()
    CookieGroup.objects.filter(varname__in=["analytics", "marketing"]).delete()
    store_notice(at=AT)

    record.refresh_from_db()
    assert record.granted == ["preferences", "analytics", "marketing"]
    assert record.notice.snapshot.content == shown
    assert [group["code"] for group in shown["groups"]][2:] == ["analytics", "marketing"]


def test_rows_that_a_record_points_to_cannot_be_deleted() -> None:
    """Red when: a foreign key of the evidence is CASCADE or SET_NULL."""
    post_choice(make_client(), "accept")
    record = ConsentRecord.objects.get()
    store_notice(at=AT)
    store_record(make_choice(supersedes_id=record.pk))

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        record.delete()
    for row in (record.notice, record.notice.snapshot, record.policy_version):
        with pytest.raises(ProtectedError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()
    with pytest.raises(ProtectedError):
        Provider.objects.get(name="Google").delete()
