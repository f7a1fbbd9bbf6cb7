"""Tells the publisher of a privacy policy how many visitors the new version asks again."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.choice import reconsent
from consent.models import ConsentRecord
from consent.registry import registry
from evidence.growing import counts
from evidence.growing.counts import Count
from privacy.models import PolicyCode, PolicyVersion
from privacy.policies import consequences


def visitors_asked_again(version: PolicyVersion, at: datetime) -> str | None:
    """About the number of live grants, and of those that are asked for again anyway.

    None for other policies: they have nothing to do with consent.
    """
    if version.policy != PolicyCode.PRIVACY:
        return None
    live = ConsentRecord.objects.live_grants(at=at)
    if not (count := counts.count(live)):
        return _("No visitor has a live consent: nobody is asked again.")
    sentences = [_live_sentence(count)]
    if version.asks_again:
        with_signal = counts.count_part(live.filter(has_gpc_signal=True), of=count)
        sentences += [_end_sentence(count), *_signal_sentence(with_signal)]
    else:
        sentences.append(_("This version asks nobody again."))
    # A visitor whose browser sends the signal is asked nothing, whatever changes (I10).
    outdated = live.filter(_is_outdated(), has_gpc_signal=False)
    asked_anyway = counts.count_part(outdated, of=count)
    return " ".join(map(capfirst, [*sentences, *_outdated_sentence(asked_anyway)]))


def _live_sentence(count: Count) -> str:
    return ngettext(
        "%(count)s visitor has a live consent.",
        "%(count)s visitors have a live consent.",
        count.number,
    ) % {"count": count}


def _end_sentence(count: Count) -> str:
    return ngettext(
        "Once this version takes effect, it no longer counts, and the visitor is asked again.",
        "Once this version takes effect, they no longer count, and the visitors are asked again.",
        count.number,
    )


def _signal_sentence(count: Count) -> Iterator[str]:
    if count:
        yield ngettext(
            "Not asked: %(count)s who gave it while the browser sent Global Privacy Control.",
            "Not asked: %(count)s who gave it while the browser sent Global Privacy Control.",
            count.number,
        ) % {"count": count}


def _outdated_sentence(count: Count) -> Iterator[str]:
    if count:
        yield ngettext(
            "%(count)s of them is being asked again anyway, because of an earlier change of the "
            "cookies or the policy.",
            "%(count)s of them are being asked again anyway, because of an earlier change of the "
            "cookies or the policy.",
            count.number,
        ) % {"count": count}


def _is_outdated() -> Q:
    """Matches grants that a change of the registry, or an earlier version, asks for again."""
    declared = registry.current()
    outdated_notices = [
        notice_id for key, notice_id in declared.notice_ids.items() if declared.changes_since(key)
    ]
    is_outdated = Q(notice__in=outdated_notices)
    if version := reconsent.current():
        is_outdated |= Q(policy_version__isnull=True) | Q(policy_version__number__lt=version.number)
    return is_outdated


consequences.register(consequences.Consequence(visitors_asked_again))
