"""Publishing a version: its effective date, the versions that it replaces, its consequences."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation

from content.models import ContentRevision
from privacy.models import PolicyCode, PolicyVersion, Stage, State
from privacy.policies import actions, consequences
from privacy.policies.actions import Kind, NotPublishable, publish_version
from privacy.policies.consequences import Consequence
from privacy.policies.review.problems import version_warnings
from privacy.policies.version_file import digest
from tests.privacy.policies.colleagues import stored
from tests.privacy.policies.drafts import DOUBTFUL_SENTENCE, make_draft, make_published, publish

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def refused(version: PolicyVersion, user: User | None) -> list[str]:
    """The reasons for which a version is not published."""
    with pytest.raises(NotPublishable) as refusal:
        publish_version(version=version, user=user, at=NOW)
    assert not PolicyVersion.objects.get(pk=version.pk).is_published
    return [reason.text for reason in refusal.value.reasons]


def test_a_good_draft_is_published_and_takes_effect_at_once() -> None:
    """Red when: `publish_version` does not bump the content revision."""
    version, at = make_draft(), timezone.now()
    before = ContentRevision.objects.number()

    publish(version, at=at)

    version.refresh_from_db()
    assert (version.published_at, version.effective_at) == (at, at)
    assert ContentRevision.objects.number() == before + 1


def test_a_version_takes_force_on_its_later_effective_date() -> None:
    at = timezone.now()
    version = make_draft(effective_at=at + timedelta(days=14))

    publish(version, at=at)

    assert version.effective_at == at + timedelta(days=14)


def test_an_effective_date_in_the_past_becomes_the_moment_of_publishing() -> None:
    """Nothing takes effect before people can read it. Red when: `max` becomes `or`."""
    at = timezone.now()
    version = make_draft(effective_at=at - timedelta(days=14))

    publish(version, at=at)

    assert version.effective_at == at


def test_a_published_version_carries_the_hash_of_its_file() -> None:
    """Red when: the hash is taken before the number or the date is known."""
    version = PolicyVersion.objects.get(pk=make_published().pk)

    assert version.hash == digest(version.file())
    assert b"Wersja / Version: 2" in version.file()


def test_a_material_change_takes_force_after_its_notice_period(settings) -> None:
    """Red when: `earliest_date` ignores the notice period, or its setting."""
    settings.POLICY_NOTICE_DAYS = 10
    version = make_draft(is_material=True)

    publish(version, at=NOW)

    assert version.effective_at == NOW + 10 * DAY
    assert version.state(at=NOW) == State.SCHEDULED
    assert version.state(at=NOW + 10 * DAY) == State.IN_FORCE


def test_a_material_change_cannot_take_force_before_that(settings) -> None:
    """Red when: `_reasons_of_date` compares with the moment of publishing."""
    settings.POLICY_NOTICE_DAYS = 10
    soon = make_draft(is_material=True, effective_at=NOW + 10 * DAY - timedelta(seconds=1))
    late = make_draft(is_material=True, effective_at=NOW + 10 * DAY)
    actions.submit(version=soon, user=None, at=NOW)

    (reason,) = refused(soon, None)
    assert reason.startswith(
        "A material change takes effect no sooner than 10 days after it is published"
    )

    publish(late, at=NOW)
    assert late.effective_at == NOW + 10 * DAY


def test_a_first_version_changes_nothing_and_needs_no_notice() -> None:
    """Red when: `earliest_date` does not call `is_first`."""
    version = make_draft(policy=PolicyCode.TERMS, is_material=True)

    publish(version, at=NOW)

    assert version.effective_at == NOW


def act_on_publication(monkeypatch, act: Callable[[PolicyVersion, datetime], object]) -> None:
    """Make `act` the only consequence of a publication."""
    consequence = Consequence(lambda version, at: None, act=act)
    monkeypatch.setattr(consequences, "_consequences", [consequence])


def test_publishing_carries_out_the_consequences(monkeypatch) -> None:
    """Red when: `publish_version` carries out nothing, before the version is frozen, or twice."""
    calls: list[tuple[str, datetime, Stage]] = []
    act_on_publication(
        monkeypatch, lambda version, at: calls.append((version.title_en, at, stored(version).stage))
    )

    make_published(title_en="First", at=NOW)
    make_published(title_en="Second", at=NOW + DAY, is_material=True)

    assert calls == [
        ("First", NOW, Stage.PUBLISHED),
        ("Second", NOW + DAY, Stage.PUBLISHED),
    ]


def test_a_version_is_not_published_where_a_consequence_fails(monkeypatch) -> None:
    """Red when: the consequences are carried out outside the transaction."""

    def fail(version, at) -> None:
        raise OSError("gone")

    act_on_publication(monkeypatch, fail)
    version = make_draft(is_material=True)

    with pytest.raises(OSError, match="gone"):
        publish(version, at=NOW)

    assert PolicyVersion.objects.get(pk=version.pk).stage == Stage.REVIEW


def version_with_warnings(**fields) -> tuple[PolicyVersion, list[str]]:
    """A version in review with two warnings, and their words."""
    version = make_draft(DOUBTFUL_SENTENCE, **fields)
    actions.submit(version=version, user=None, at=NOW)
    return version, [warning.text for warning in version_warnings(version)]


def test_each_ticked_warning_is_logged() -> None:
    """Red when: a warning is not logged, or without its user, moment and words."""
    version, words = version_with_warnings()
    jan = User.objects.create_user("jan")

    publish_version(version=version, user=jan, at=NOW, checked=["of my own", *words])

    steps = [(step.kind, step.user, step.taken_at, step.note) for step in version.steps.all()]
    assert len(words) == 2
    assert steps[1:] == [
        *((Kind.CHECKED, jan, NOW, text) for text in words),
        (Kind.PUBLISHED, jan, NOW, ""),
    ]


@pytest.mark.parametrize("ticked", [0, 1])
def test_with_a_warning_that_is_not_ticked_off_nothing_is_published(ticked: int) -> None:
    """Red when: one tick is enough, or a tick is logged without a publication."""
    version, words = version_with_warnings()

    with pytest.raises(NotPublishable) as refusal:
        publish_version(version=version, user=None, at=NOW, checked=words[:ticked])

    assert [reason.text for reason in refusal.value.reasons] == words[ticked:]
    assert PolicyVersion.objects.get(pk=version.pk).stage == Stage.REVIEW
    assert not version.steps.filter(kind=Kind.CHECKED).exists()


def test_a_tick_is_not_logged_if_the_publication_fails(monkeypatch) -> None:
    """Red when: ticks are logged outside the transaction of the publication."""
    act_on_publication(monkeypatch, lambda version, at: 1 / 0)
    version, words = version_with_warnings(is_material=True)

    with pytest.raises(ZeroDivisionError):
        publish_version(version=version, user=None, at=NOW, checked=words)

    assert not version.steps.filter(kind=Kind.CHECKED).exists()


def test_a_scheduled_version_takes_force_by_itself() -> None:
    """Red when: the state of a published version is stored."""
    first, at = PolicyVersion.objects.get(number=1), timezone.now()
    version = make_published(at=at, effective_at=at + DAY)

    states = [(row.state(at=at), row.state(at=at + DAY)) for row in (first, version)]

    assert states == [
        (State.IN_FORCE, State.SUPERSEDED),
        (State.SCHEDULED, State.IN_FORCE),
    ]


def test_the_last_published_version_counts_from_its_effective_date_on() -> None:
    """A later number replaces an announced version whose day comes after its own.

    Red when: `replaced_by` or `taking_force` compares dates alone.
    """
    at = timezone.now()
    announced = make_published(at=at, effective_at=at + 5 * DAY)
    urgent = make_draft(effective_at=at + DAY)
    assert actions.replaced_by(urgent, at=at) == [announced]

    publish(urgent, at=at)

    assert announced.state(at=at) == announced.state(at=at + 9 * DAY) == State.SUPERSEDED
    assert urgent.state(at=at) == State.SCHEDULED
    assert urgent.state(at=at + 9 * DAY) == State.IN_FORCE
