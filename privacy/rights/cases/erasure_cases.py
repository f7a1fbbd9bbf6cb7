"""Erasures of people: asked for, undone within a day, or final.

In the day before it is final the person is restricted: see restrictions.py. The worker makes it
final.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.rights.cases import erasure, erasure_journal, legal_holds
from privacy.rights.cases.case import Case, cases_of, fields_of
from privacy.rights.map.declarations import Fate, Person
from privacy.rights.map.register import all_declared

logger = logging.getLogger(__name__)

TIME_TO_UNDO = timedelta(days=1)
# After an error, such as a full disk.
RETRY_AFTER = timedelta(minutes=10)
# The day, and two hours for the worker. After that staff and /readyz are told.
LATE = TIME_TO_UNDO + timedelta(hours=2)


class Held(Exception):
    """A legal hold is on the person, so nothing of theirs may be deleted."""


class ErasureCase(Case):
    """One erasure. Once it is undone or final, the row names nobody any more."""

    CLOSED = Q(undone_at__isnull=False) | Q(erased_at__isnull=False)

    next_attempt_at = models.DateTimeField(editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)
    # By table: how many rows were deleted or stripped.
    counts = models.JSONField(_("rows"), default=dict, editable=False)

    class Meta(Case.Meta):
        verbose_name = _("erasure of a person")
        verbose_name_plural = _("erasures of people")

    @property
    def final_at(self) -> datetime:
        """The moment from which on it cannot be undone."""
        return self.opened_at + TIME_TO_UNDO


def pending() -> QuerySet[ErasureCase]:
    return ErasureCase.objects.exclude(ErasureCase.CLOSED)


def pending_of(person: Person) -> QuerySet[ErasureCase]:
    """The pending erasures that name the address or a number of a person."""
    return pending().filter(pk__in=cases_of(ErasureCase)(person).values("pk"))


def pending_for(person: Person) -> ErasureCase | None:
    """The pending erasure that covers all of a person: not one of a record of theirs alone."""
    return pending().filter(**fields_of(person)).order_by("-opened_at").first()


def request(person: Person, *, at: datetime) -> ErasureCase:
    """Ask for the erasure of a person, who is restricted at once. Raises Held.

    A second request before the first one is final changes nothing, unless the person left new data
    meanwhile, which the first one does not cover.
    """
    if legal_holds.stands_for(person):
        raise Held
    found = pending_for(person)
    if found and not _is_known_since(found):
        return found
    return ErasureCase.objects.create(
        **fields_of(person), opened_at=at, next_attempt_at=at + TIME_TO_UNDO
    )


def undo(case: ErasureCase, *, at: datetime) -> bool:
    """Undo an erasure. Returns False where it is final, or was undone before."""
    # The condition in the UPDATE decides between this and a worker that makes it final.
    in_time = pending().filter(pk=case.pk, opened_at__gt=at - TIME_TO_UNDO)
    return bool(in_time.update(undone_at=at, email="", record_ids=[]))


def pause() -> None:
    """Keep every pending erasure from becoming final until this transaction ends.

    For what may stop one: otherwise a worker that has just looked for it would go on.
    """
    list(pending().order_by("pk").select_for_update().values_list("pk", flat=True))


def finish_next(at: datetime) -> bool:
    """Make one erasure final whose day is over. A job of the worker.

    An erasure on which a legal hold was put meanwhile waits until the hold is lifted.
    """
    due = pending().filter(next_attempt_at__lte=at)
    if not due.exists():
        return False  # asked twice a second: no transaction for nothing
    with transaction.atomic():
        case = due.select_for_update(skip_locked=True).order_by("next_attempt_at").first()
        if case is None:
            return False  # another worker has it
        if legal_holds.stands_for(case.person):
            erasure_journal.withdraw(case.pk)  # of an earlier attempt that failed after it
            _try_later(case, at=at)
            return True
        try:
            with transaction.atomic():
                _finish(case, at=at)
        except Exception:
            logger.exception("An erasure could not be made final; it is tried again.")
            _try_later(case, at=at)
        return True


def late(*, at: datetime) -> QuerySet[ErasureCase]:
    """The erasures that should be final by now, and are not. Some wait for a legal hold."""
    return pending().filter(opened_at__lt=at - LATE)


def problem(*, at: datetime) -> str:
    """What an operator must mend; empty where no erasure is late."""
    stuck = [case for case in late(at=at) if not legal_holds.stands_for(case.person)]
    if not stuck:
        return ""
    return f"erasures of people that are late: {len(stuck)}. Read the log of the worker"


def reminders(*, at: datetime) -> Iterator[str]:
    """What staff read when an erasure is late."""
    if problem(at=at):
        yield gettext(
            "An erasure that should be final is not. Tell your operator: the log says why."
        )


def _is_known_since(case: ErasureCase) -> bool:
    """Whether the person has rows that the case does not cover."""
    return any(
        data.rows_of(case.person)
        .exclude(pk__in=data.rows_of(case.person_then).values("pk"))
        .exists()
        for data in all_declared()
        if data.on_erasure.fate is not Fate.KEPT
    )


def _finish(case: ErasureCase, *, at: datetime) -> None:
    # First the journal: if the database fails afterwards, the erasure is tried again.
    erasure_journal.write(case.pk, case.person, covers_until=case.opened_at, at=at)
    counts = erasure.erase(case.person_then, at=at)
    pending().filter(pk=case.pk).update(erased_at=at, counts=counts, email="", record_ids=[])


def _try_later(case: ErasureCase, *, at: datetime) -> None:
    pending().filter(pk=case.pk).update(next_attempt_at=at + RETRY_AFTER)
