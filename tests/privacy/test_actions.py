"""Publishing a policy, and the reasons against it."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from privacy.actions import NotPublishable, publish_version, reasons_against
from privacy.models import ContentRevision, PolicyCode, PolicyVersion
from tests.privacy.drafts import TEXT_EN, TEXT_PL, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_a_good_draft_is_published_and_takes_effect_at_once() -> None:
    """Red when: `publish_version` does not bump the content revision."""
    version, at = make_draft(), timezone.now()
    before = ContentRevision.objects.number()

    publish_version(version=version, at=at)

    version.refresh_from_db()
    assert (version.published_at, version.effective_at) == (at, at)
    assert ContentRevision.objects.number() == before + 1


def test_a_later_effective_date_is_kept() -> None:
    at = timezone.now()
    version = make_draft(effective_at=at + timedelta(days=14))

    publish_version(version=version, at=at)

    assert version.effective_at == at + timedelta(days=14)


def test_an_effective_date_in_the_past_becomes_the_moment_of_publishing() -> None:
    """Nothing takes effect before people can read it. Red when: `max` becomes `or`."""
    at = timezone.now()
    version = make_draft(effective_at=at - timedelta(days=14))

    publish_version(version=version, at=at)

    assert version.effective_at == at


_OTHER_PL = "## 0. Wstęp\n\n0.1 Raz.\n\n0.2 Dwa.\n\n{{ cookies }}"
_REFUSED = {
    "numbering": (
        {"text_pl": _OTHER_PL},
        ["Polish and English differ in their numbering: s0-2."],
    ),
    "gap": (
        {"text_pl": TEXT_PL.format(word="a").replace("0.1", "0.3")},
        [
            "Paragraph 0.3 stands where 0.1 is expected.",
            "Polish and English differ in their numbering: s0-1, s0-3.",
        ],
    ),
    "dead-reference": (
        {"text_en": TEXT_EN.format(word="[x](#s9)")},
        ["The link to “#s9” leads nowhere."],
    ),
    "list": (
        {"text_en": TEXT_EN.format(word="a") + "\n\n1. a\n3. c"},
        ["The list item “3.” would be shown as “2.”."],
    ),
    "missing-placeholder": (
        {"text_pl": TEXT_PL.format(word="a").replace("{{ cookies }}", "")},
        ["The line “{{ cookies }}” must stand in each language exactly once."],
    ),
    "doubled-placeholder": (
        {"text_en": TEXT_EN.format(word="a") + "\n\n{{ cookies }}"},
        ["The line “{{ cookies }}” must stand in each language exactly once."],
    ),
    "placeholder-in-neither": (
        {"text_pl": "## 0. Wstęp", "text_en": "## 0. Introduction"},
        ["The line “{{ cookies }}” must stand in each language exactly once."] * 2,
    ),
    "unknown-table": (
        {"text_en": TEXT_EN.format(word="a") + "\n\n{{ biscuits }}"},
        ["There is no table called “biscuits”."],
    ),
}


@pytest.mark.parametrize(("fields", "reasons"), _REFUSED.values(), ids=_REFUSED)
def test_a_bad_draft_is_refused_with_every_reason(
    fields: dict[str, str], reasons: list[str]
) -> None:
    """Red when: any of the checks is dropped from `reasons_against`."""
    version = make_draft(**fields)

    with pytest.raises(NotPublishable) as refusal:
        publish_version(version=version, at=timezone.now())

    assert refusal.value.reasons == reasons
    assert not PolicyVersion.objects.get(pk=version.pk).is_published


def test_an_order_that_differs_between_the_languages_is_a_reason() -> None:
    """Red when: the anchors are compared as sets."""
    version = make_draft(
        text_pl="## 1. B\n\n## 0. A\n\n{{ cookies }}", text_en="## 0. A\n\n## 1. B\n\n{{ cookies }}"
    )

    assert "Polish and English differ in their numbering: their order." in reasons_against(version)


def test_a_published_version_is_not_published_again() -> None:
    version = PolicyVersion.objects.get(number=1)

    with pytest.raises(NotPublishable) as refusal:
        publish_version(version=version, at=timezone.now())

    assert refusal.value.reasons == ["Version 1 is published already."]


def test_other_policies_need_no_table_of_cookies() -> None:
    """Red when: the rule of the placeholder is not limited to the privacy policy."""
    version = make_draft(policy=PolicyCode.TERMS, text_pl="## 0. Wstęp", text_en="## 0. Start")

    assert reasons_against(version) == []


def test_who_publishes_second_is_told_so() -> None:
    """Red when: `publish_version` does not ask again inside its transaction."""
    version, at = make_draft(), timezone.now()
    stale = PolicyVersion.objects.get(pk=version.pk)
    publish_version(version=version, at=at)

    with pytest.raises(NotPublishable, match="is published already"):
        publish_version(version=stale, at=at)
