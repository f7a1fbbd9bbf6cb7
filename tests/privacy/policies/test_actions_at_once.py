"""People who act at the same moment, each in a thread and with a connection to the database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from privacy.models import PolicyStep, PolicyVersion, Stage
from privacy.policies import actions
from tests.privacy.policies.drafts import make_draft

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 4


def at_once(act: Callable[[int], None]) -> list[str]:
    """The result of each person: all begin together, each with its own connection."""
    start = threading.Barrier(PEOPLE)

    def press(person: int) -> str:
        start.wait()
        try:
            act(person)
        except actions.Stale:
            return "stale"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as people:
        return sorted(people.map(press, range(PEOPLE)))


def test_of_several_people_who_save_one_draft_at_once_one_succeeds() -> None:
    """Red when: `save_draft` compares the revision in one statement and writes in another."""
    version = make_draft()
    users = [User.objects.create_user(f"user{n}") for n in range(PEOPLE)]

    def save(person: int) -> None:
        seen = PolicyVersion(pk=version.pk, revision=version.revision)
        values = {"title_pl": f"Tytuł {person}"}
        actions.save_draft(version=seen, values=values, user=users[person], at=timezone.now())

    assert at_once(save) == ["done", *["stale"] * (PEOPLE - 1)]

    after = PolicyVersion.objects.get(pk=version.pk)
    (step,) = after.steps.filter(kind=PolicyStep.Kind.EDITED)
    assert after.title_pl == f"Tytuł {users.index(step.user)}"


def test_of_several_people_who_publish_one_version_at_once_one_succeeds() -> None:
    """Red when: `publish_version` reads the row without a lock."""
    version = make_draft()
    actions.submit(version=version, user=None, at=timezone.now())
    seen = [PolicyVersion.objects.get(pk=version.pk) for _ in range(PEOPLE)]

    def publish(person: int) -> None:
        actions.publish_version(version=seen[person], user=None, at=timezone.now())

    assert at_once(publish) == ["done", *["stale"] * (PEOPLE - 1)]

    assert version.steps.filter(kind=PolicyStep.Kind.PUBLISHED).count() == 1


def test_versions_that_are_published_at_once_get_different_numbers() -> None:
    """Red when: `publish_version` does not lock the content revision first."""
    drafts = [make_draft(f"word {n}") for n in range(PEOPLE)]
    for draft in drafts:
        actions.submit(version=draft, user=None, at=timezone.now())

    def publish(person: int) -> None:
        actions.publish_version(version=drafts[person], user=None, at=timezone.now())

    assert at_once(publish) == ["done"] * PEOPLE

    numbers = PolicyVersion.objects.published().values_list("number", flat=True)
    assert {*numbers} == {*range(1, PEOPLE + 2)}


def test_a_version_is_published_or_returned_and_never_both() -> None:
    """Red when: `publish_version` overwrites a step that was taken after it had read."""
    version = make_draft()
    jan = User.objects.create_user("jan")
    actions.submit(version=version, user=None, at=timezone.now())
    seen = [PolicyVersion.objects.get(pk=version.pk) for _ in range(PEOPLE)]

    def act(person: int) -> None:
        if person % 2:
            actions.publish_version(version=seen[person], user=None, at=timezone.now())
        else:
            actions.return_to_draft(version=seen[person], user=jan, at=timezone.now())

    assert at_once(act) == ["done", *["stale"] * (PEOPLE - 1)]

    after = PolicyVersion.objects.get(pk=version.pk)
    last = version.steps.last().kind
    assert (after.stage, last) in {
        (Stage.PUBLISHED, PolicyStep.Kind.PUBLISHED),
        (Stage.DRAFT, PolicyStep.Kind.RETURNED),
    }


def test_of_several_people_who_approve_the_first_version_at_once_one_succeeds() -> None:
    """Red when: `approve` looks for an earlier approval without a lock."""
    version = PolicyVersion.objects.get()
    users = [User.objects.create_user(f"user{n}") for n in range(PEOPLE)]

    def approve(person: int) -> None:
        actions.approve(version=version, user=users[person], at=timezone.now())

    assert at_once(approve) == ["done", *["stale"] * (PEOPLE - 1)]

    assert version.steps.filter(kind=PolicyStep.Kind.APPROVED).count() == 1
