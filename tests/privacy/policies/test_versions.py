"""Published versions of policies never change."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from privacy.models import PolicyCode, PolicyVersion, Stage, State
from tests.privacy.policies.drafts import make_draft, make_published

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def _raw(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


_CHANGES = {
    "text": "UPDATE privacy_policyversion SET text_pl = 'other' WHERE number = 1",
    "same-text": "UPDATE privacy_policyversion SET text_pl = text_pl WHERE number = 1",
    "unpublish": "UPDATE privacy_policyversion SET published_at = NULL WHERE number = 1",
    "date": "UPDATE privacy_policyversion SET effective_at = published_at WHERE number = 1",
    "delete": "DELETE FROM privacy_policyversion WHERE number = 1",
    "delete-all": "DELETE FROM privacy_policyversion",
}


@pytest.mark.parametrize("statement", _CHANGES.values(), ids=_CHANGES)
def test_the_database_itself_refuses_to_change_a_published_version(statement: str) -> None:
    """Red when: the migration freeze_published_versions has no operations."""
    before = PolicyVersion.objects.values().get(number=1)

    with pytest.raises(DatabaseError, match="privacy_policyversion is append-only"):
        _raw(statement)

    assert PolicyVersion.objects.values().get(number=1) == before


def test_the_database_refuses_to_truncate_versions() -> None:
    """Red when: the trigger for TRUNCATE is left out."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")

    with pytest.raises(DatabaseError, match="privacy_policyversion is append-only"):
        _raw("TRUNCATE privacy_policyversion CASCADE")


def test_changes_by_the_model_are_refused_too() -> None:
    version = PolicyVersion.objects.get(number=1)
    version.title_pl = "Inny"

    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.update(title_pl="Inny")
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()


def test_a_draft_is_changed_and_deleted_freely() -> None:
    """Red when: the triggers have no WHEN."""
    version = make_draft()
    version.title_pl = "Inny"

    version.save()
    version.delete()

    assert [row.number for row in PolicyVersion.objects.all()] == [1]


def test_versions_are_numbered_per_policy_as_they_are_published() -> None:
    """Red when: a discarded draft leaves a gap."""
    assert make_draft().number is None
    assert make_published().number == 2
    assert make_published().number == 3
    assert make_published(policy=PolicyCode.TERMS).number == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"title_en": ""},
        {"text_pl": ""},
        {"effective_at": None},
        {"number": None},
        {"hash": ""},
        {"stage": Stage.DRAFT},
        {"published_at": None},
    ],
    ids=["title", "text", "effective date", "number", "hash", "stage", "published"],
)
def test_the_database_refuses_an_incomplete_published_version(
    fields: dict[str, str | None],
) -> None:
    """Red when: the constraint privacy_published_is_complete is removed."""
    now = timezone.now()
    complete = {"published_at": now, "effective_at": now, "number": 2, "hash": "0" * 64}
    complete["stage"] = Stage.PUBLISHED

    with pytest.raises(IntegrityError), transaction.atomic():
        make_draft(**complete | fields)


def test_a_version_cannot_take_effect_before_it_was_published() -> None:
    now = timezone.now()
    published = {"published_at": now, "number": 2, "hash": "0" * 64, "stage": Stage.PUBLISHED}

    with pytest.raises(IntegrityError), transaction.atomic():
        make_draft(**published, effective_at=now - timedelta(seconds=1))


def test_the_version_in_force_is_the_published_one_that_took_effect_last() -> None:
    now = timezone.now()
    later = make_published(at=now, effective_at=now + timedelta(days=7))
    make_draft(effective_at=now)
    in_force = PolicyVersion.objects.in_force

    first = PolicyVersion.objects.get(number=1)
    assert in_force(PolicyCode.PRIVACY, at=now + timedelta(days=6)) == first
    assert in_force(PolicyCode.PRIVACY, at=now + timedelta(days=7)) == later
    assert in_force(PolicyCode.PRIVACY, at=now - timedelta(days=1)) is None
    assert in_force(PolicyCode.TERMS, at=now) is None


def test_a_version_that_was_replaced_before_its_date_is_never_in_force() -> None:
    """Red when: `in_force` uses `published` instead of `taking_force`, or that compares dates
    alone."""
    at = timezone.now()
    day = timedelta(days=1)
    far = make_published("far", at=at, effective_at=at + 9 * day)
    near = make_published("near", at=at, effective_at=at + 5 * day)
    same = make_published("same", at=at, effective_at=at + 5 * day)
    other = make_published("other", policy=PolicyCode.TERMS, at=at, effective_at=at + day)

    taking_force = PolicyVersion.objects.taking_force().order_by("policy", "number")
    assert [row.number for row in taking_force.filter(policy=PolicyCode.PRIVACY)] == [1, 4]
    assert [*taking_force.filter(policy=PolicyCode.TERMS)] == [other]
    assert PolicyVersion.objects.in_force(PolicyCode.PRIVACY, at=at + 9 * day) == same
    assert [row.state(at=at + 9 * day) for row in (far, near, same)] == [
        State.SUPERSEDED,
        State.SUPERSEDED,
        State.IN_FORCE,
    ]
