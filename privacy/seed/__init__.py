"""The first version of the privacy policy: the texts beside this file."""

from datetime import datetime
from pathlib import Path

from privacy.actions import publish_version, submit
from privacy.models import PolicyCode, PolicyVersion

_HERE = Path(__file__).parent


def seed_policy(*, at: datetime) -> None:
    """Publish the policy as version 1."""
    version = PolicyVersion.objects.create(
        policy=PolicyCode.PRIVACY,
        title_pl="Polityka prywatności",
        title_en="Privacy policy",
        text_pl=(_HERE / "privacy_policy.pl.md").read_text(encoding="utf-8"),
        text_en=(_HERE / "privacy_policy.en.md").read_text(encoding="utf-8"),
    )
    submit(version=version, user=None, at=at)
    publish_version(version=version, user=None, at=at)
