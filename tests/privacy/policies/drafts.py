"""Drafts of policies for tests."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from privacy.models import PolicyCode, PolicyVersion
from privacy.policies.actions import publish_version, submit
from privacy.policies.review import article_13

TEXT_PL = "## 0. Wstęp\n\n0.1 Słowo {word}.\n\n{{{{ cookies }}}}"
# A sentence that gets a warning: it names a repealed law.
DOUBTFUL_SENTENCE = "Por. dyrektywa 95/46/WE."
TEXT_EN = "## 0. Introduction\n\n0.1 The word {word}.\n\n{{{{ cookies }}}}"


def make_draft(word: str = "draft", **fields: Any) -> PolicyVersion:
    """A draft of the privacy policy that could be published as it is."""
    defaults: dict[str, Any] = {
        "policy": PolicyCode.PRIVACY,
        "title_pl": "Polityka prywatności",
        "title_en": "Privacy policy",
        "text_pl": TEXT_PL.format(word=word),
        "text_en": TEXT_EN.format(word=word),
        "change_summary_pl": "Zmieniliśmy jedno słowo.",
        "change_summary_en": "We changed one word.",
        "article_13": {item.code: ["0.1"] for item in article_13.ITEMS},
    }
    return PolicyVersion.objects.create(**defaults | fields)


def make_published(
    word: str = "published", *, at: datetime | None = None, **fields: Any
) -> PolicyVersion:
    """A published version, in force from its effective date, or from `at`."""
    version = make_draft(word, **fields)
    publish(version, at=at or timezone.now())
    return version


def publish(version: PolicyVersion, *, at: datetime) -> None:
    """Submit and publish a draft as the site itself: the rule of four eyes is for people."""
    submit(version=version, user=None, at=at)
    publish_version(version=version, user=None, at=at)
