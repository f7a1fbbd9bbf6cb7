"""Links by which counsel outside reads a draft: no login, a few weeks, ended at any time.

A link shows the draft as it is saved at that moment. Only its hash is kept (see `tokens.py`), so
it is shown once, as it is made.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from delivery import tokens
from delivery.models import Token
from privacy.models import PolicyStep, PolicyVersion, Stage

PURPOSE = "policy-draft"
LIFETIME = timedelta(days=14)


def make(*, version: PolicyVersion, user: User, at: datetime) -> str:
    """A new link's token."""
    with transaction.atomic():
        version.steps.create(kind=PolicyStep.Kind.LINK_MADE, user=user, taken_at=at)
        return tokens.make(purpose=PURPOSE, subject=str(version.pk), at=at, lifetime=LIFETIME)


def end(*, version: PolicyVersion, user: User, at: datetime) -> None:
    """End every link to a version."""
    with transaction.atomic():
        if live(version, at=at).update(expires_at=at):
            version.steps.create(kind=PolicyStep.Kind.LINKS_ENDED, user=user, taken_at=at)


def live(version: PolicyVersion, *, at: datetime) -> QuerySet[Token]:
    """The links to a version that work at a moment."""
    return Token.objects.filter(purpose=PURPOSE, subject=str(version.pk), expires_at__gt=at)


def read(token: str, *, at: datetime) -> PolicyVersion:
    """The version that a link leads to. Raises TokenRefused where it has ended, or never was."""
    row = tokens.read(token, purpose=PURPOSE, at=at)
    version = PolicyVersion.objects.filter(pk=row.subject).first()
    if version is None or version.stage == Stage.DISCARDED:
        raise tokens.TokenRefused(row)
    return version
