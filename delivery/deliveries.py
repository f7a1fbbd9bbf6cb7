"""What must reach somebody else at least once: a row that is queue, state and memory in one.

A mail and a hand-over to another system are deliveries. The row is written in the transaction of
what causes it, so nothing acknowledged is lost (I17); a worker claims what is due, and whatever
kills it leaves the row to be claimed again. A worker that was only slow finds that another has its
row, and writes nothing any more.
"""

import logging
import traceback
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    DeliveryType = TypeVar("DeliveryType", bound="Delivery")
else:
    DeliveryType = TypeVar("DeliveryType")

logger = logging.getLogger(__name__)

# Longer than any attempt takes: after it, the worker that claimed a row counts as dead.
LEASE = timedelta(minutes=2)
# How long to wait after each failed attempt; after the last one somebody has to look: two days.
BACKOFF = tuple(
    timedelta(seconds=seconds)
    for seconds in (10, 30, 60, 5 * 60, 15 * 60, 3600, 3 * 3600, 8 * 3600, 12 * 3600, 24 * 3600)
)


class DeliveryQuerySet(models.QuerySet[DeliveryType]):
    def due(self, *, at: datetime) -> Self:
        """What should be on its way by now and no living worker holds, oldest first."""
        return self.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=at),
            state=Delivery.State.WAITING,
            next_attempt_at__lte=at,
        ).order_by("next_attempt_at")

    def claim_next(self, *, at: datetime) -> DeliveryType | None:
        """Take one due row for this worker alone, or None where nothing is due."""
        while (row := self.due(at=at).first()) is not None:
            claim = self.due(at=at).filter(pk=row.pk).order_by()
            # Whoever updates it first has it: the other finds it claimed.
            if claim.update(claimed_until=at + LEASE, attempts=F("attempts") + 1):
                row.refresh_from_db()
                return row
        return None


class Delivery(models.Model):
    """One thing to deliver. `last_error` names kinds of errors and codes, never a person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")
        CANCELED = "canceled", _("no longer needed")

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.WAITING, editable=False
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    def write(self, **values: Any) -> bool:
        """Write to the row, unless somebody else has claimed or finished it since it was read."""
        unchanged = {name: getattr(self, name) for name in ("state", "claimed_until", "attempts")}
        if not type(self)._default_manager.filter(pk=self.pk, **unchanged).update(**values):
            logger.warning("%s was taken over meanwhile; this attempt counts no more.", self)
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def finish(self, state: State, *, at: datetime, error: str = "") -> None:
        """No attempt follows, unless somebody asks for one."""
        is_written = self.write(
            state=state, finished_at=at, claimed_until=None, last_error=error[:200]
        )
        if is_written and state == self.State.FAILED:
            logger.error("%s was given up: %s", self, error)

    def retry_later(self, *, at: datetime, error: str) -> None:
        """Wait as long as the number of attempts says; give up after the last one."""
        if self.attempts > len(BACKOFF):
            self.finish(self.State.FAILED, at=at, error=error)
            return
        next_attempt_at = at + BACKOFF[max(self.attempts, 1) - 1]
        self.write(next_attempt_at=next_attempt_at, claimed_until=None, last_error=error[:200])

    def try_again(self, *, at: datetime) -> None:
        """Start over, as somebody asked for: with every attempt to come.

        Not while a worker has it: that attempt is the one asked for.
        """
        if self.claimed_until is None or self.claimed_until <= at:
            self.write(
                state=self.State.WAITING,
                finished_at=None,
                claimed_until=None,
                next_attempt_at=at,
                attempts=0,
            )


def due_index(table: str) -> models.Index:
    """The index by which `due` finds the rows that wait."""
    return models.Index(
        fields=["next_attempt_at"], condition=Q(state="waiting"), name=f"{table}_due"
    )


def finished_constraint(table: str) -> models.CheckConstraint:
    """The database refuses a row that waits and is finished, or is neither."""
    return models.CheckConstraint(
        name=f"{table}_finished",
        condition=Q(state="waiting", finished_at__isnull=True)
        | (~Q(state="waiting") & Q(finished_at__isnull=False)),
    )


def describe(error: BaseException, *codes: Any) -> str:
    """The kind of an error and its code: its text may quote an address."""
    return " ".join([type(error).__name__, *(str(code) for code in codes if code)])


def where(error: BaseException) -> str:
    """The lines of code that an error passed through, without the values that its text quotes."""
    return "".join(traceback.format_tb(error.__traceback__))
