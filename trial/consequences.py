"""What publishing a policy means for people with a running trial: they are told of what matters."""

from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import ngettext

from privacy.models import PolicyVersion
from privacy.policies import consequences
from trial import actions


def mails_about_the_change(version: PolicyVersion, at: datetime) -> str | None:
    """How many mails leave with a material change."""
    if not version.is_material:
        return None
    count = actions.readers_of_announcement(version, at=at).count()
    return ngettext(
        "%(count)s e-mail about the change goes to people with a running trial.",
        "%(count)s e-mails about the change go to people with a running trial.",
        count,
    ) % {"count": number_format(count, force_grouping=True)}


def announce_a_material_change(version: PolicyVersion, at: datetime) -> None:
    """Put the mails that `mails_about_the_change` counts into the outbox."""
    if version.is_material:
        actions.announce_policy(version, at)


consequences.register(
    consequences.Consequence(mails_about_the_change, act=announce_a_material_change)
)
