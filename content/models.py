"""The content revision: a counter that tells every process that content has changed."""

from django.db import models
from django.db.models import F, Q


class ContentRevisionQuerySet(models.QuerySet["ContentRevision"]):
    def number(self) -> int:
        """The revision of everything that readers see; 0 before the first save."""
        return self.values_list("number", flat=True).first() or 0

    def bump(self) -> None:
        """Make every process reload.

        Call it first in the transaction: the lock on its row serializes writers.
        """
        if not self.filter(pk=1).update(number=F("number") + 1):
            self.create(pk=1, number=1)


class ContentRevision(models.Model):
    """The one counter row. Every save that readers can see bumps it in its own transaction."""

    number = models.PositiveBigIntegerField(default=0)
    seeded_at = models.DateTimeField(null=True)

    objects = ContentRevisionQuerySet.as_manager()

    class Meta:
        db_table = "privacy_contentrevision"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="privacy_one_revision_row")]

    def __str__(self) -> str:
        return str(self.number)
