"""Deliveries: mails and hand-overs to other systems, which must arrive at least once.

One table is the queue, the state and the history. The row is written in the transaction of its
cause, so that it exists if the cause does (I17: nothing acknowledged is lost). A worker claims a
due row for the time of a lease. If the worker dies, the lease ends and another worker claims the
row. If it was only slow, its claim no longer matches the row, and it writes nothing.
"""

import logging
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

# Longer than any attempt takes. After it the worker that claimed a row counts as dead.
LEASE = timedelta(minutes=2)
# The wait after each failed attempt, two days in all. Then the delivery is given up.
BACKOFF = tuple(
    timedelta(seconds=seconds)
    for seconds in (10, 30, 60, 5 * 60, 15 * 60, 3600, 3 * 3600, 8 * 3600, 12 * 3600, 24 * 3600)
)


class DeliveryQuerySet(models.QuerySet[DeliveryType]):
    def due(self, *, at: datetime) -> Self:
        """The rows whose next attempt is due and that no worker has claimed, oldest first."""
        return self.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=at),
            state=Delivery.State.WAITING,
            next_attempt_at__lte=at,
        ).order_by("next_attempt_at")

    def claim_next(self, *, at: datetime) -> DeliveryType | None:
        """Claim one due row for this worker; None if no row is due."""
        while (row := self.due(at=at).first()) is not None:
            claim = self.due(at=at).filter(pk=row.pk).order_by()
            # Two workers may read the same row. The UPDATE repeats the conditions of `due`, so it
            # changes the row for the first worker only; the other tries the next row.
            if claim.update(claimed_until=at + LEASE, attempts=F("attempts") + 1):
                try:
                    row.refresh_from_db()
                except self.model.DoesNotExist:
                    continue  # deleted right after the claim
                return row
        return None


class Delivery(models.Model):
    """One delivery. `last_error` holds the kind of an error and its code, no personal data."""

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
        """Update the row. Returns False if another worker has it by now, or it is deleted."""
        unchanged = {name: getattr(self, name) for name in ("state", "claimed_until", "attempts")}
        if not type(self)._default_manager.filter(pk=self.pk, **unchanged).update(**values):
            logger.warning("%s is another worker's now, or deleted: this attempt is lost.", self)
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def finish(self, state: State, *, at: datetime, error: str = "") -> None:
        """End the delivery in this state. Only `try_again` starts it again."""
        is_written = self.write(
            state=state, finished_at=at, claimed_until=None, last_error=error[:200]
        )
        if is_written and state == self.State.FAILED:
            logger.error("%s was given up: %s", self, error)

    def retry_later(self, *, at: datetime, error: str) -> None:
        """Plan the next attempt by BACKOFF; after the last attempt give up."""
        if self.attempts > len(BACKOFF):
            self.finish(self.State.FAILED, at=at, error=error)
            return
        next_attempt_at = at + BACKOFF[max(self.attempts, 1) - 1]
        self.write(next_attempt_at=next_attempt_at, claimed_until=None, last_error=error[:200])

    def postpone(self, *, until: datetime) -> None:
        """Wait until a moment. What was claimed for nothing is no attempt."""
        self.write(next_attempt_at=until, claimed_until=None, attempts=self.attempts - 1)

    def try_again(self, *, at: datetime) -> None:
        """Start over at once, with all attempts. Staff ask for it.

        While a worker has claimed the row nothing changes: an attempt is running already.
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
    """An index over waiting rows alone, for `due`: most rows are finished."""
    return models.Index(
        fields=["next_attempt_at"], condition=Q(state="waiting"), name=f"{table}_due"
    )


def created_index(table: str) -> models.Index:
    """An index for the list of staff, newest first."""
    return models.Index(fields=["created_at"], name=f"{table}_created")


def finished_constraint(table: str) -> models.CheckConstraint:
    """A constraint: `finished_at` is set if and only if the row no longer waits."""
    return models.CheckConstraint(
        name=f"{table}_finished",
        condition=Q(state="waiting", finished_at__isnull=True)
        | (~Q(state="waiting") & Q(finished_at__isnull=False)),
    )


def kind_and_code(error: BaseException, *codes: Any) -> str:
    """The class of an error and its codes, without its text, which may quote an address."""
    return " ".join([type(error).__name__, *(str(code) for code in codes if code)])
