"""The funnel: how many visitors opened the form, sent it, confirmed. Counts without people."""

import threading
from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FunnelCount(models.Model):
    """How many visitors took one step on one day. A count identifies nobody and links no steps."""

    class Step(models.TextChoices):
        VISITED = "visited", _("opened the form")
        SUBMITTED = "submitted", _("sent the form")
        CONFIRMED = "confirmed", _("confirmed")

    date = models.DateField()
    step = models.CharField(max_length=9, choices=Step)
    language = models.CharField(max_length=2)
    campaign = models.CharField(max_length=240, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of sign-ups")
        verbose_name_plural = _("funnel")
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "step", "language", "campaign"], name="trial_one_count_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.step} {self.count}"


Step = FunnelCount.Step

_ADD = """
INSERT INTO trial_funnelcount (date, step, language, campaign, count) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (date, step, language, campaign)
DO UPDATE SET count = trial_funnelcount.count + excluded.count
"""

# Every thread of a web process counts here, so each access holds the lock.
_visits: Counter[tuple[date, str]] = Counter()
_lock = threading.Lock()


def count_visit(*, language: str, at: datetime) -> None:
    """Count a view of the form, in memory: a page view never asks the database (I18)."""
    with _lock:
        _visits[timezone.localdate(at), language] += 1


def flush_visits() -> None:
    """Store the visits in memory. Where the database refuses them, they stay in memory."""
    with _lock:
        visits = dict(_visits)
        _visits.clear()
    if not visits:  # no transaction for nothing: this is called twice a second
        return
    try:
        with transaction.atomic():
            for (day, language), number in visits.items():
                _add(day, Step.VISITED, language, "", number)
    except BaseException:
        with _lock:
            _visits.update(visits)  # a Counter adds: visits counted meanwhile stay
        raise


def forget_visits() -> None:
    """Drop the visits in memory, so that a test starts like a new process."""
    with _lock:
        _visits.clear()


def count(step: Step, *, language: str, attribution: Any, at: datetime) -> None:
    """Count one step. Call it in the transaction of the step itself."""
    _add(timezone.localdate(at), step, language, campaign_of(attribution), 1)


def campaign_of(attribution: Any) -> str:
    """The name of an ad campaign. A click's own identifier is left out: it points to a person."""
    if not attribution:
        return ""
    parameters = attribution["parameters"]
    names = [parameters[name] for name in ("utm_source", "utm_campaign") if parameters.get(name)]
    if names:
        return " / ".join(names)
    return "Microsoft Ads" if "msclkid" in parameters else "Google Ads"


def _add(day: date, step: Step, language: str, campaign: str, number: int) -> None:
    """One upsert statement: two processes that count at the same time do not lose a count."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [day.isoformat(), step.value, language, campaign, number])
