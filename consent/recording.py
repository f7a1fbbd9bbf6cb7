"""How a choice reaches its record: at once, later from disk, or not at all."""

import enum
import logging
import uuid
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.utils.translation import get_language

from consent import spool
from consent.actions import MadeChoice, record_choice
from consent.middleware import ConsentRequest
from consent.submission import Submission
from content import store as content
from privacy.models import PolicyCode, RateCount
from privacy.policies.reading import published
from privacy.rate_limits import network_key

logger = logging.getLogger(__name__)

MAX_CHOICES_PER_MINUTE = 60
_MINUTE = timedelta(minutes=1)


class Outcome(enum.Enum):
    """What became of the record of a choice."""

    RECORDED = enum.auto()
    # A refusal on disk, to be recorded when the database answers; in force if the disk fails too.
    SPOOLED = enum.auto()
    TOO_MANY = enum.auto()  # over the limit of the network: no record
    UNAVAILABLE = enum.auto()  # a grant that cannot be recorded


def made_choice(request: ConsentRequest, form: Submission, *, at: datetime) -> MadeChoice:
    """What is to be recorded of a form."""
    before = request.consent.grant
    try:
        version = published.current().in_force(PolicyCode.PRIVACY)
    except content.ContentUnavailable:
        version = None
    return MadeChoice(
        record_id=uuid.uuid4(),
        made_at=at,
        notice_id=request.registry.notice_id_of(form.notice_key),
        language=get_language() or "",
        offered=request.registry.offered_by(form.notice_key),
        granted=form.granted,
        method=form.method,
        has_javascript=form.has_javascript,
        has_gpc_signal=request.has_gpc_signal,
        policy_version_id=version.id if version else None,
        supersedes_id=before.record_id if before else None,
    )


def store(request: ConsentRequest, made: MadeChoice) -> Outcome:
    """Record a choice, and say what became of it. Never raises for a database that is gone."""
    try:
        if not content.database_answers():
            return _without_database(made)
        at = made.made_at
        key = network_key(request, purpose="choice", window=_MINUTE, at=at)
        if RateCount.objects.hit(key, window=_MINUTE, at=at) > MAX_CHOICES_PER_MINUTE:
            return Outcome.TOO_MANY
        record_choice(made)
    except DatabaseError:
        logger.exception("A choice could not be recorded.")
        return _without_database(made)
    return Outcome.RECORDED


def _without_database(made: MadeChoice) -> Outcome:
    if made.granted:
        return Outcome.UNAVAILABLE
    try:
        spool.keep(made)
    except OSError:
        logger.exception("A refusal could neither be recorded nor kept on disk.")
    return Outcome.SPOOLED
