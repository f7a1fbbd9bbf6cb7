"""The funnel: how many opened the form, sent it, confirmed. Counts alone, of nobody."""

import threading
from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from trial.models import FunnelCount

Step = FunnelCount.Step

_ADD = """
INSERT INTO trial_funnelcount (date, step, language, campaign, count) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (date, step, language, campaign)
DO UPDATE SET count = trial_funnelcount.count + excluded.count
"""

_visits: Counter[tuple[date, str]] = Counter()
_lock = threading.Lock()


def count_visit(*, language: str, at: datetime) -> None:
    """Count a view of the form in memory: a page view never asks the database."""
    with _lock:
        _visits[timezone.localdate(at), language] += 1


def flush_visits() -> None:
    """Store what was counted since the last time. What the database does not take stays."""
    with _lock:
        counted = dict(_visits)
        _visits.clear()
    if not counted:  # asked first: this is called twice a second
        return
    try:
        with transaction.atomic():
            for (day, language), number in counted.items():
                _add(day, Step.VISITED, language, "", number)
    except BaseException:
        with _lock:
            _visits.update(counted)
        raise


def forget_visits() -> None:
    """Drop what is in memory, as a new process starts."""
    with _lock:
        _visits.clear()


def count(step: Step, *, language: str, attribution: Any, at: datetime) -> None:
    """Count one step. Call it in the transaction of the step itself."""
    _add(timezone.localdate(at), step, language, campaign_of(attribution), 1)


def campaign_of(attribution: Any) -> str:
    """What an ad calls its campaign: never the click's own identifier."""
    if not attribution:
        return ""
    given = attribution["parameters"]
    named = [given[name] for name in ("utm_source", "utm_campaign") if given.get(name)]
    if named:
        return " / ".join(named)
    return "Microsoft Ads" if "msclkid" in given else "Google Ads"


def _add(day: date, step: Step, language: str, campaign: str, number: int) -> None:
    """One statement, so that two processes that count at once both count."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [day.isoformat(), step.value, language, campaign, number])
