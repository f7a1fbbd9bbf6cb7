"""The first version of the privacy policy: the texts beside this file."""

from datetime import datetime
from pathlib import Path

from privacy.models import PolicyCode, PolicyVersion
from privacy.policies.actions import publish_version, submit

_HERE = Path(__file__).parent

# Which paragraphs answer each item of the checklist in privacy/policies/review/article_13.py.
ARTICLE_13 = {
    "controller": ["2.1", "14.1"],
    "officer": ["2.3"],
    "purposes": ["6.2", "6.3"],
    "recipients": ["8.1", "8.2", "8.3", "9.1", "13.11"],
    "transfers": ["7.2", "8.3", "8.6", "13.11"],
    "retention": ["6.6", "6.7", "6.8", "7.4", "13.7"],
    "rights": ["4.1", "4.2", "4.3"],
    "withdrawal": ["6.5", "10.1", "13.14"],
    "complaint": ["4.8"],
    "mandatory": ["11.1", "11.2"],
    "automated": ["4.1", "4.6"],
}


def seed_policy(*, at: datetime) -> None:
    """Publish the policy as version 1."""
    version = PolicyVersion.objects.create(
        policy=PolicyCode.PRIVACY,
        title_pl="Polityka prywatności",
        title_en="Privacy policy",
        text_pl=(_HERE / "privacy_policy.pl.md").read_text(encoding="utf-8"),
        text_en=(_HERE / "privacy_policy.en.md").read_text(encoding="utf-8"),
        article_13=ARTICLE_13,
    )
    submit(version=version, user=None, at=at)
    publish_version(version=version, user=None, at=at)
