"""Keeping what is asked, and recording what was chosen."""

import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO
from unittest import mock

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from consent import notice
from consent.actions import MadeChoice, keep_notice, record_choice
from consent.models import ConsentRecord, CookieDetails, Notice, Provider, RegistrySnapshot
from content.models import ContentRevision
from privacy.models import PolicyVersion
from tests.factories import make_client, make_cookie, post_choice

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def make_choice(*granted: str, **fields: object) -> MadeChoice:
    values: dict[str, object] = {
        "record_id": uuid.uuid4(),
        "made_at": AT,
        "notice_id": Notice.objects.first().pk,
        "language": "en",
        "offered": ("analytics", "marketing"),
        "granted": granted,
        "method": "cookie-page",
        "has_javascript": True,
        "has_gpc_signal": True,
        "policy_version_id": PolicyVersion.objects.first().pk,
        "supersedes_id": None,
    }
    return MadeChoice(**values | fields)


def counts() -> tuple[int, int]:
    return (RegistrySnapshot.objects.count(), Notice.objects.count())


def test_a_choice_is_stored_as_it_was_made() -> None:
    """Red when: a field is left out of `record_choice`."""
    first = make_choice("analytics")
    second = make_choice("marketing", supersedes_id=first.record_id)
    record_choice(first)
    record_choice(second)

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
    record_choice(made)
    record_choice(made)

    assert ConsentRecord.objects.count() == 1


def test_a_grant_that_names_no_notice_is_not_stored() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        record_choice(make_choice("analytics", notice_id=None))

    assert ConsentRecord.objects.count() == 0


def test_the_same_registry_keeps_no_new_notice() -> None:
    """Red when: `keep_notice` writes without comparing."""
    before = counts()

    keep_notice(at=AT)
    keep_notice(at=AT)

    assert counts() == before


def test_every_keeping_moves_the_revision() -> None:
    """Red when: the bump is left out, so that no process reloads."""
    before = ContentRevision.objects.number()

    keep_notice(at=AT)

    assert ContentRevision.objects.number() == before + 1


def test_a_changed_registry_keeps_a_new_snapshot_and_a_new_notice() -> None:
    """Red when: only the wording is compared."""
    before = counts()
    CookieDetails.objects.filter(cookie__name="_ga").update(purpose_en="Tells visitors apart.")

    keep_notice(at=AT)

    assert counts() == (before[0] + 1, before[1] + 1)
    assert Notice.objects.first().snapshot == RegistrySnapshot.objects.first()
    assert (Notice.objects.first().created_at, RegistrySnapshot.objects.first().created_at) == (
        AT,
        AT,
    )


def test_a_changed_wording_keeps_a_new_notice_over_the_same_snapshot() -> None:
    """Red when: only the registry is compared."""
    before = counts()
    words = notice.texts(notice.snapshot_of_registry())
    words["en"]["title"] = "Cookies?"

    with mock.patch("consent.actions.notice.texts", return_value=words):
        keep_notice(at=AT)

    assert counts() == (before[0], before[1] + 1)
    assert Notice.objects.first().texts["en"]["title"] == "Cookies?"
    assert Notice.objects.first().snapshot == RegistrySnapshot.objects.first()


def test_a_failed_change_keeps_nothing() -> None:
    before = (counts(), ContentRevision.objects.number())

    with (
        mock.patch("consent.actions.notice.texts", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        make_cookie("_hjid")

    assert (counts(), ContentRevision.objects.number()) == before


def test_a_release_that_words_the_notice_anew_keeps_it_with_migrate() -> None:
    """Red when: the receiver of post_migrate is not connected."""
    before = counts()
    words = notice.texts(notice.snapshot_of_registry())
    words["pl"]["title"] = "Ciasteczka?"

    with mock.patch("consent.actions.notice.texts", return_value=words):
        call_command("migrate", verbosity=0, stdout=StringIO())

    assert counts() == (before[0], before[1] + 1)
    assert Notice.objects.first().texts["pl"]["title"] == "Ciasteczka?"


def test_a_release_that_changes_no_word_keeps_nothing_with_migrate() -> None:
    before = counts()

    call_command("migrate", verbosity=0, stdout=StringIO())

    assert counts() == before


def test_deleting_a_cookie_and_a_group_leaves_the_records() -> None:
    """Red when: a record points to a row that staff delete."""
    post_choice(make_client(), "accept")
    record = ConsentRecord.objects.get()
    shown = record.notice.snapshot.content

    Cookie.objects.filter(name="_gid").delete()
    CookieGroup.objects.filter(varname__in=["analytics", "marketing"]).delete()
    keep_notice(at=AT)

    record.refresh_from_db()
    assert record.granted == ["preferences", "analytics", "marketing"]
    assert record.notice.snapshot.content == shown
    assert [group["code"] for group in shown["groups"]][2:] == ["analytics", "marketing"]


def test_what_a_record_points_to_cannot_be_deleted() -> None:
    """Red when: a foreign key of the evidence is CASCADE or SET_NULL."""
    post_choice(make_client(), "accept")
    record = ConsentRecord.objects.get()
    keep_notice(at=AT)
    record_choice(make_choice(supersedes_id=record.pk))

    for row in (record, record.notice, record.notice.snapshot, record.policy_version):
        with pytest.raises(ProtectedError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()
    with pytest.raises(ProtectedError):
        Provider.objects.get(name="Google").delete()
