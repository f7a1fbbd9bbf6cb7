"""Runs of retention: one each day among all replicas, in batches that any worker goes on with.

A batch, its count and the place of the run are committed together. The lock on the row of the run
keeps two workers from the same batch; when a worker dies, the lock ends with its connection.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.rights.retention import purge

logger = logging.getLogger(__name__)

# A day, and two hours for the run itself. After that staff and /readyz are told.
LATE = timedelta(hours=26)
# An error may pass, as a deadlock does. After so many the run leaves the rule and goes on.
MAX_ERRORS = 3


class PurgeRunQuerySet(models.QuerySet["PurgeRun"]):
    def unfinished(self) -> "PurgeRunQuerySet":
        return self.filter(finished_at__isnull=True).order_by("pk")

    def last_complete(self) -> "PurgeRun | None":
        """The newest run that worked off every rule."""
        return self.filter(is_complete=True).order_by("-started_at").first()


class PurgeRun(models.Model):
    """One run of retention, with its counts. It holds nothing about a person."""

    # Null for a run that an operator started.
    day = models.DateField(_("day"), null=True, unique=True)
    started_at = models.DateTimeField(_("started at"), db_index=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    # Whether every rule was worked off.
    is_complete = models.BooleanField(_("complete"), default=False)
    # By the key of a rule: how many rows ended, and how often it failed.
    counts = models.JSONField(_("rows"), default=dict)
    errors = models.JSONField(_("errors"), default=dict)
    # The keys of the rules that are worked off, or left after MAX_ERRORS.
    done = models.JSONField(default=list)

    objects = PurgeRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of retention")
        verbose_name_plural = _("runs of retention")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"

    @property
    def rows(self) -> int:
        """How many rows ended under all rules."""
        return sum(self.counts.values())

    def left_rules(self) -> list[str]:
        """The keys of the rules that the run gave up."""
        return [key for key, number in self.errors.items() if number >= MAX_ERRORS]

    def work_off_some(self, rule: purge.Rule) -> None:
        """Work off one batch of a rule. An error of it is counted, and ends nothing else."""
        try:
            with transaction.atomic():
                number = purge.purge_some(rule, at=self.started_at)
        except Exception:
            logger.exception("Rows past their period could not be purged: %s.", rule.key)
            self.errors[rule.key] = self.errors.get(rule.key, 0) + 1
            is_done = self.errors[rule.key] >= MAX_ERRORS
        else:
            self.counts[rule.key] = self.counts.get(rule.key, 0) + number
            is_done = number == 0
        if is_done:
            self.done.append(rule.key)

    def finish(self, *, at: datetime) -> None:
        self.finished_at, self.is_complete = at, not self.left_rules()


def purge_daily(at: datetime) -> bool:
    """Start the run of the day, or go on with one batch. A job of the worker."""
    day = timezone.localdate(at)
    if not PurgeRun.objects.filter(day=day).exists():
        # Of two workers that start the run, the unique day lets only one.
        PurgeRun.objects.bulk_create([PurgeRun(day=day, started_at=at)], ignore_conflicts=True)
    if not PurgeRun.objects.unfinished().exists():
        return False  # asked twice a second: no transaction for nothing
    return go_on(at, waits=False)


def start(*, at: datetime) -> None:
    """Start a run outside the daily one, unless one is running."""
    if not PurgeRun.objects.unfinished().exists():
        PurgeRun.objects.create(started_at=at)


def go_on(at: datetime, *, waits: bool) -> bool:
    """Work off one batch of the oldest unfinished run. Returns whether there was anything to do.

    While another process works on the run, wait for it, or leave the work to it.
    """
    with transaction.atomic():
        runs: Any = PurgeRun.objects.unfinished().select_for_update(skip_locked=not waits)
        run: PurgeRun | None = runs.first()
        if run is None:
            return False
        rule = next((rule for rule in purge.rules() if rule.key not in run.done), None)
        if rule is None:
            run.finish(at=at)
        else:
            run.work_off_some(rule)
        run.save()
        return True


def is_late(*, at: datetime) -> bool:
    """Whether the last complete run is older than it should be, or was never made."""
    last = PurgeRun.objects.last_complete()
    return last is None or at - last.started_at > LATE


def problem(*, at: datetime) -> str:
    """What an operator must mend; empty where no run is late."""
    if not is_late(at=at):
        return ""
    last = PurgeRun.objects.last_complete()
    when = f"last purged at {last} UTC" if last else "never purged"
    advice = "start manage.py worker, or run manage.py purge_expired"
    return f"rows past their period were {when}: {advice}"


def reminders(*, at: datetime) -> Iterator[str]:
    """What staff read when no run was complete for too long."""
    if is_late(at=at):
        yield gettext(
            "Data that is past its period was not deleted in the last 26 hours. Tell your "
            "operator: the worker may have stopped."
        )
