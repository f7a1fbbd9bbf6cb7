"""Links by which outside counsel reads a draft without a login, and the page that they lead to.

A link works for 14 days, or until staff end it, and shows the draft as it is saved at that moment.
Only its hash is stored (`delivery/tokens.py`), so staff see the link once, when it is made.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from content import store
from content.private_pages import private_page
from delivery import tokens
from delivery.models import Token
from privacy.models import PolicyStep, PolicyVersion, Stage
from privacy.policies.editor import preview
from privacy.policies.reading.addresses import address

PURPOSE = "policy-draft"
LIFETIME = timedelta(days=14)


def make(*, version: PolicyVersion, user: User, at: datetime) -> str:
    """Make a link, and return its token."""
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
    """The version that a link leads to. Raises TokenRefused for one that ended or never existed."""
    row = tokens.read(token, purpose=PURPOSE, at=at)
    version = PolicyVersion.objects.filter(pk=row.subject).first()
    if version is None or version.stage == Stage.DISCARDED:
        raise tokens.TokenRefused(row)
    return version


@private_page
@require_safe
def draft_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the draft; once it is published, redirect to the address of the version."""
    store.require_database()
    try:
        version = read(token, at=timezone.now())
    except tokens.TokenRefused as refusal:
        # Gone (RFC 9110, 15.5.11) tells a reader that the link was right once.
        status = 410 if refusal.token else 404
        return render(request, "privacy/ended_link.html", status=status)
    if version.is_published:
        return redirect(address(version.policy, "version", number=version.number))
    return preview.page(request, version)
