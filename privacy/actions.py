"""What staff do with policies."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from privacy import policy_tables
from privacy.models import ContentRevision, PolicyCode, PolicyVersion
from privacy.policy_text import problems, render


class NotPublishable(Exception):
    """The version cannot be published; `reasons` says why, a sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def publish_version(*, version: PolicyVersion, at: datetime) -> None:
    """Publish a draft: frozen from here on, in force from its effective date, or at once.

    Raises NotPublishable with every reason against it.
    """
    if reasons := reasons_against(version):
        raise NotPublishable(reasons)
    with transaction.atomic():
        ContentRevision.objects.bump()
        # Asked again where nobody else can answer: somebody may have been quicker.
        version.refresh_from_db(fields=["published_at"])
        if version.is_published:
            raise NotPublishable(reasons_against(version))
        version.published_at = at
        version.effective_at = max(version.effective_at or at, at)
        version.save()


def reasons_against(version: PolicyVersion) -> list[str]:
    """Why a version cannot be published, as sentences for staff; empty when it can."""
    if version.is_published:
        return [_("Version %(number)s is published already.") % {"number": version.number}]
    polish, english = render(version.text_pl), render(version.text_en)
    reasons = [*problems(version.text_pl), *problems(version.text_en)]
    if polish.anchors != english.anchors:
        differing = sorted(set(polish.anchors) ^ set(english.anchors)) or [_("their order")]
        reasons.append(
            _("Polish and English differ in their numbering: %(anchors)s.")
            % {"anchors": ", ".join(differing)}
        )
    for text in (polish, english):
        for name in sorted(set(text.tables) - policy_tables.names()):
            reasons.append(_("There is no table called “%(name)s”.") % {"name": name})
        if version.policy == PolicyCode.PRIVACY and text.tables.count("cookies") != 1:
            reasons.append(_("The line “{{ cookies }}” must stand in each language exactly once."))
    return reasons
