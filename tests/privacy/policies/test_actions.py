"""The steps of a version from draft to readers: their users, their stages, their log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation

from privacy.models import PolicyCode, PolicyStep, PolicyVersion, Stage
from privacy.policies import actions
from privacy.policies.actions import NotPublishable, Stale, publish_version
from tests.privacy.policies.drafts import TEXT_EN, make_draft, make_published

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna")


@pytest.fixture
def jan() -> User:
    return User.objects.create_user("jan")


def in_review(author: User, **fields) -> PolicyVersion:
    """A version that `author` wrote and submitted."""
    version = make_draft(**fields)
    actions.save_draft(version=version, values={"title_pl": "Tytuł"}, user=author, at=NOW)
    actions.submit(version=version, user=author, at=NOW)
    return version


def refused(version: PolicyVersion, user: User | None) -> list[str]:
    """The reasons for which a version is not published."""
    with pytest.raises(NotPublishable) as refusal:
        publish_version(version=version, user=user, at=NOW)
    assert not PolicyVersion.objects.get(pk=version.pk).is_published
    return [reason.text for reason in refusal.value.reasons]


def test_a_draft_starts_from_the_text_that_was_published_last(anna) -> None:
    """Red when: `start_draft` copies a draft, the last summary of changes, or the text in force though
    another one is announced."""
    make_published("in force")
    first = make_published("announced", effective_at=timezone.now() + DAY)
    make_draft("of somebody else")

    version = actions.start_draft(policy=PolicyCode.PRIVACY, user=anna, at=timezone.now())

    assert version.text_pl == first.text_pl
    assert (version.change_summary_pl, version.number) == ("", None)
    assert version.stage == Stage.DRAFT


def test_a_draft_of_a_document_without_text_starts_empty(anna) -> None:
    version = actions.start_draft(policy=PolicyCode.TERMS, user=anna, at=NOW)

    assert (version.title_pl, version.text_en) == ("", "")


def test_every_step_is_logged_with_its_user_and_moment(anna, jan) -> None:
    """Red when: an action does not call `_log`."""
    now = timezone.now()
    version = actions.start_draft(policy=PolicyCode.PRIVACY, user=anna, at=now)
    values = {"title_pl": "Tytuł", "change_summary_pl": "Nowe.", "change_summary_en": "New."}
    actions.save_draft(version=version, values=values, user=anna, at=now + DAY)
    actions.submit(version=version, user=anna, at=now + 2 * DAY)
    actions.return_to_draft(version=version, user=jan, at=now + 3 * DAY, note="Popraw 6.3.")
    actions.submit(version=version, user=anna, at=now + 4 * DAY)
    publish_version(version=version, user=jan, at=now + 5 * DAY)

    kind = PolicyStep.Kind
    assert [(step.kind, step.user, step.taken_at) for step in version.steps.all()] == [
        (kind.STARTED, anna, now),
        (kind.EDITED, anna, now + DAY),
        (kind.SUBMITTED, anna, now + 2 * DAY),
        (kind.RETURNED, jan, now + 3 * DAY),
        (kind.SUBMITTED, anna, now + 4 * DAY),
        (kind.PUBLISHED, jan, now + 5 * DAY),
    ]
    assert version.steps.get(kind=kind.RETURNED).note == "Popraw 6.3."


def test_line_ends_are_saved_as_one_kind(anna) -> None:
    """Red when: the CRLF of a browser's form reaches the file, and its hash."""
    version = make_draft()

    text = "## 0. A\r\n\r\n0.1 B"
    actions.save_draft(version=version, values={"text_pl": text}, user=anna, at=NOW)

    assert version.text_pl == "## 0. A\n\n0.1 B"


def test_only_the_writable_fields_of_a_draft_are_saved(anna) -> None:
    """Red when: `save_draft` writes any field."""
    version = make_draft()

    values = {"stage": "published", "hash": "x", "title_en": "T"}
    actions.save_draft(version=version, values=values, user=anna, at=NOW)

    assert (version.stage, version.hash, version.title_en) == (Stage.DRAFT, "", "T")


def test_a_change_by_somebody_else_is_not_overwritten(anna, jan) -> None:
    """Red when: `save_draft` does not compare the revision."""
    version = make_draft()
    seen_by_jan = PolicyVersion.objects.get(pk=version.pk)
    actions.save_draft(version=version, values={"title_pl": "Anny"}, user=anna, at=NOW)

    with pytest.raises(Stale):
        actions.save_draft(version=seen_by_jan, values={"title_pl": "Jana"}, user=jan, at=NOW)

    assert PolicyVersion.objects.get(pk=version.pk).title_pl == "Anny"


def _save(version: PolicyVersion, user: User) -> None:
    actions.save_draft(version=version, values={"title_pl": "X"}, user=user, at=NOW)


_VERBS: dict[str, tuple[set[Stage], Callable[[PolicyVersion, User], None]]] = {
    "save": ({Stage.DRAFT}, _save),
    "submit": (
        {Stage.DRAFT},
        lambda version, user: actions.submit(version=version, user=user, at=NOW),
    ),
    "return": (
        {Stage.REVIEW},
        lambda version, user: actions.return_to_draft(version=version, user=user, at=NOW),
    ),
    "discard": (
        {Stage.DRAFT, Stage.REVIEW},
        lambda version, user: actions.discard(version=version, user=user, at=NOW),
    ),
    "publish": (
        {Stage.REVIEW},
        lambda version, user: publish_version(version=version, user=user, at=NOW),
    ),
}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("verb", _VERBS)
def test_each_step_is_possible_in_its_stages_only(verb: str, stage: Stage, anna) -> None:
    """Red when: a stage is missing in a condition of actions.py, or is one too many."""
    if stage == Stage.PUBLISHED:
        version = make_published()
    else:
        version = make_draft()
        PolicyVersion.objects.filter(pk=version.pk).update(stage=stage)
        version.refresh_from_db()
    starts, act = _VERBS[verb]
    before = PolicyVersion.objects.values().get(pk=version.pk)

    if stage in starts:
        act(version, anna)
        assert PolicyVersion.objects.values().get(pk=version.pk) != before
        return
    with pytest.raises((Stale, NotPublishable)):
        act(version, anna)
    assert PolicyVersion.objects.values().get(pk=version.pk) == before
    assert not version.steps.filter(user=anna).exists()


def test_the_author_of_the_last_change_cannot_publish_it(anna, jan) -> None:
    """Red when: `_reasons_of_writer` looks at the user who started or submitted the draft."""
    version = make_draft()
    actions.save_draft(version=version, values={"title_pl": "Jana"}, user=jan, at=NOW)
    actions.save_draft(version=version, values={"title_pl": "Anny"}, user=anna, at=NOW)
    actions.submit(version=version, user=jan, at=NOW)

    (reason,) = refused(version, anna)
    assert reason.startswith("You wrote the last change: ask a colleague to publish.")

    publish_version(version=version, user=jan, at=NOW)
    assert version.is_published


def test_a_setting_lets_a_team_of_one_person_publish(anna, settings) -> None:
    """Red when: POLICY_FOUR_EYES is ignored."""
    settings.POLICY_FOUR_EYES = False
    version = in_review(anna)

    publish_version(version=version, user=anna, at=NOW)

    assert version.is_published


def test_a_published_version_is_not_published_again(anna) -> None:
    version = PolicyVersion.objects.get(number=1)

    with pytest.raises(NotPublishable) as refusal:
        publish_version(version=version, user=anna, at=NOW)

    assert str(refusal.value) == "Version 1 is published already."


def test_a_second_publisher_gets_an_error(anna) -> None:
    """Red when: `publish_version` does not compare revisions inside its transaction."""
    version = in_review(anna)
    stale = PolicyVersion.objects.get(pk=version.pk)
    publish_version(version=version, user=None, at=NOW)

    with pytest.raises(Stale):
        publish_version(version=stale, user=None, at=NOW)


def test_a_version_that_was_returned_meanwhile_is_not_published(anna, jan) -> None:
    """Red when: only the stage is compared, not the revision that the publisher has read."""
    version = in_review(anna)
    read = PolicyVersion.objects.get(pk=version.pk)
    actions.return_to_draft(version=version, user=jan, at=NOW)
    actions.submit(version=version, user=anna, at=NOW)

    with pytest.raises(Stale):
        publish_version(version=read, user=jan, at=NOW)


def test_a_version_with_problems_is_not_published() -> None:
    """Red when: `reasons_against` does not call `version_problems`."""
    version = make_draft(text_en=TEXT_EN.format(word="a").replace("0.1", "0.3"))
    actions.submit(version=version, user=None, at=NOW)

    reasons = refused(version, None)

    assert len(reasons) > 1
    assert any("0.3" in reason for reason in reasons)


def test_saving_without_a_change_makes_nobody_the_author(anna, jan) -> None:
    """Red when: a colleague who only pressed the button can no longer publish."""
    version = make_draft()
    actions.save_draft(version=version, values={"title_pl": "Anny"}, user=anna, at=NOW)
    before = version.revision

    actions.save_draft(version=version, values={"title_pl": "Anny"}, user=jan, at=NOW)

    assert (version.last_writer, version.revision) == (anna, before)
