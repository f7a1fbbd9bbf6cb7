"""The first version of a fresh database: a person approves what the site itself has published."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from content.models import ContentRevision
from privacy.models import PolicyCode, PolicyStep, PolicyVersion
from privacy.policies import actions
from privacy.policies.actions import NotPublishable, Stale
from tests.privacy.policies.drafts import make_draft, make_published, publish

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def first() -> PolicyVersion:
    """The version that the seed has published."""
    return PolicyVersion.objects.get()


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna")


def approvals(version: PolicyVersion) -> list[PolicyStep]:
    return list(version.steps.filter(kind=PolicyStep.Kind.APPROVED))


def test_nobody_has_approved_the_first_version_of_a_fresh_database(first, at) -> None:
    """Red when: the seed publishes in the name of a person, or the site counts as one."""
    assert list(PolicyVersion.objects.unapproved()) == [first]
    assert actions.awaiting_approval(at=at) == [first]
    assert not approvals(first)


def test_approving_logs_one_step_and_leaves_the_version_as_it_is(first, anna, at) -> None:
    """I14. Red when: the step lacks user or moment, or the file or any column changes."""
    row, file = PolicyVersion.objects.values().get(), first.file()
    revision = ContentRevision.objects.values().get()

    actions.approve(version=first, user=anna, at=at)

    [step] = approvals(first)
    assert (step.user, step.taken_at, step.note) == (anna, at, "")
    assert step == first.steps.last()
    assert PolicyVersion.objects.values().get() == row
    assert PolicyVersion.objects.get().file() == file
    assert ContentRevision.objects.values().get() == revision
    assert not PolicyVersion.objects.unapproved().exists()


def test_a_version_is_approved_once(first, anna, at) -> None:
    """Red when: `approve` does not look for an earlier approval."""
    actions.approve(version=first, user=anna, at=at)

    with pytest.raises(Stale):
        actions.approve(version=first, user=User.objects.create_user("jan"), at=at)

    assert [step.user for step in approvals(first)] == [anna]


def test_the_database_refuses_a_second_approval(first, anna, at) -> None:
    """Red when: the unique index is dropped."""
    actions.approve(version=first, user=anna, at=at)

    with pytest.raises(IntegrityError), transaction.atomic():
        first.steps.create(kind=PolicyStep.Kind.APPROVED, user=anna, taken_at=at)


def test_a_first_version_that_a_person_published_is_approved_by_that_person(anna, at) -> None:
    """Red when: every published version waits for an approval."""
    version = make_draft(policy=PolicyCode.TERMS)
    actions.submit(version=version, user=anna, at=at)
    actions.publish_version(version=version, user=anna, at=at)
    assert version.number == 1

    assert version not in PolicyVersion.objects.unapproved()
    with pytest.raises(Stale):
        actions.approve(version=version, user=anna, at=at)
    assert not approvals(version)


def test_only_a_version_in_force_can_be_approved(first, anna, at) -> None:
    """Red when: a superseded text is approved."""
    later = make_published("later", effective_at=at + DAY)

    assert actions.awaiting_approval(at=at) == [first]
    assert actions.awaiting_approval(at=at + DAY) == []
    for version in (first, later):
        with pytest.raises(Stale):
            actions.approve(version=version, user=anna, at=at + DAY)
        assert not approvals(version)


def test_the_writer_of_the_last_change_cannot_approve_it(anna, settings, at) -> None:
    """Red when: a script that publishes gives the writer of the text a way past four eyes."""
    version = make_draft(policy=PolicyCode.TERMS)
    actions.save_draft(version=version, values={"title_pl": "Tytuł"}, user=anna, at=at)
    publish(version, at=at)

    with pytest.raises(NotPublishable, match="POLICY_FOUR_EYES"):
        actions.approve(version=version, user=anna, at=at)
    assert not approvals(version)

    settings.POLICY_FOUR_EYES = False
    actions.approve(version=version, user=anna, at=at)
    assert [step.user for step in approvals(version)] == [anna]
