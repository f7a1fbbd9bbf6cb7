"""How many visitors a new version of the privacy policy asks again, for its publisher."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.choice import reconsent
from consent.models import ConsentRecord
from consent.registry import registry
from privacy.models import PolicyCode, PolicyVersion
from privacy.policies import consequences


def visitors_asked_again(version: PolicyVersion, at: datetime) -> str | None:
    """The grants that stand now, and those of them that are asked for again anyway."""
    if version.policy != PolicyCode.PRIVACY:
        return None
    live = ConsentRecord.objects.live_grants(at=at)
    # Who sends the signal is not asked, whatever changes (I10).
    asked = live.filter(has_gpc_signal=False)
    if not (count := live.count()):
        return _("No visitor has a live consent: nobody is asked again.")
    sentences = [_standing(count)]
    if version.asks_again:
        sentences += [_ended(count), *_unasked(count - asked.count())]
    else:
        sentences.append(_("This version asks nobody again."))
    return " ".join([*sentences, *_asked_anyway(asked.filter(_is_overtaken()).count())])


def _standing(count: int) -> str:
    return ngettext(
        "%(count)s visitor has a live consent.", "%(count)s visitors have a live consent.", count
    ) % {"count": _number(count)}


def _ended(count: int) -> str:
    return ngettext(
        "Once this version takes force it counts no more, and the visitor is asked again.",
        "Once this version takes force they count no more, and the visitors are asked again.",
        count,
    )


def _unasked(count: int) -> Iterator[str]:
    if count:
        yield ngettext(
            "Not asked: %(count)s who gave it while the browser sent Global Privacy Control.",
            "Not asked: %(count)s who gave it while the browser sent Global Privacy Control.",
            count,
        ) % {"count": _number(count)}


def _asked_anyway(count: int) -> Iterator[str]:
    if count:
        yield ngettext(
            "%(count)s of them is being asked again anyway, because of an earlier change of the "
            "cookies or the policy.",
            "%(count)s of them are being asked again anyway, because of an earlier change of the "
            "cookies or the policy.",
            count,
        ) % {"count": _number(count)}


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)


def _is_overtaken() -> Q:
    """The grants that a change of the registry, or an earlier version, asks for again."""
    declared = registry.current()
    changed = [row for key, row in declared.notice_ids.items() if declared.changes_since(key)]
    waiting = Q(notice__in=changed)
    if version := reconsent.current():
        waiting |= Q(policy_version__isnull=True) | Q(policy_version__number__lt=version.number)
    return waiting


consequences.register(visitors_asked_again)
