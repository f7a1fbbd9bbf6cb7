"""A link to the page with a person's data: asked for by address, open for an hour once opened.

The link in the mail works once, within 48 hours (I15). Opening it makes a second token, for the
addresses of the page: no cookie is needed, so nothing stays on the device.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery import addresses, outbox, tokens
from delivery.models import Token
from privacy import rate_limits
from privacy.rights.cases.case import Case
from privacy.rights.map.declarations import Person
from privacy.rights.your_data.held import is_anything_held

# Kinds of mail, and purposes of tokens.
LINK = "data-link"
PAGE = "data-page"

PAGE_LIFETIME = timedelta(hours=1)
# The purpose of the limits of the forms, which is in their keyed hashes.
PURPOSE = "data"


class DataLink(Case):
    """One request for a link. A visitor without an address opens one by the number of a record."""

    # No link stands: an erasure deletes also those that came after it was asked for.
    CLOSED = Q(pk__isnull=False)

    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)

    class Meta(Case.Meta):
        verbose_name = _("link to a person’s data")
        verbose_name_plural = _("links to a person’s data")


def ask(email: str, *, language: str, network_key: str | None, at: datetime) -> None:
    """Queue a mail with a link. Raises rate_limits.TooManyForms.

    It does not look the address up, so known and unknown addresses cost the same work (I16). From
    the fourth mail a day for one mailbox nothing is stored.
    """
    with transaction.atomic():
        rate_limits.count_form(network_key, at=at)
        if rate_limits.may_mail(email, purpose=PURPOSE, at=at):
            link = DataLink.objects.create(
                email=addresses.normalized(email), language=language, opened_at=at
            )
            outbox.put(kind=LINK, about=link.pk, at=at)


def open_by_mail(token: str, *, at: datetime) -> str:
    """Use the token of a mail. Returns the token of the page. Raises tokens.TokenRefused."""
    with transaction.atomic():
        subject = tokens.read(token, purpose=LINK, at=at).subject
        # Row lock, before the token: an erasure takes the two in this order.
        link = DataLink.objects.select_for_update().filter(pk=subject).first()
        if link is None:  # erased meanwhile
            raise tokens.TokenRefused
        tokens.use(token, purpose=LINK, at=at)
        return _open(link, at=at)


def open_by_record(person: Person, *, language: str, at: datetime) -> str:
    """Open the page of a visitor who has the number of a consent record. Returns its token."""
    with transaction.atomic():
        numbers = sorted(map(str, person.record_ids))
        link = DataLink.objects.create(record_ids=numbers, language=language, opened_at=at)
        return _open(link, at=at)


def read(page_token: str, *, at: datetime) -> tuple[DataLink, Token]:
    """The link of an open page, and its token. Raises tokens.TokenRefused."""
    token = tokens.read(page_token, purpose=PAGE, at=at)
    link = DataLink.objects.filter(pk=token.subject).first()
    if link is None:
        raise tokens.TokenRefused(token)
    return link, token


def join(link: DataLink, visitor: Person) -> bool:
    """Add the records of a visitor to the person of a link. False where we hold no such record.

    Raises tokens.TokenRefused where an erasure was faster.
    """
    if not is_anything_held(visitor):
        return False
    with transaction.atomic():
        # Row lock: two forms at once each add their number.
        row = DataLink.objects.select_for_update().filter(pk=link.pk).first()
        if row is None:
            raise tokens.TokenRefused
        row.record_ids = sorted({*row.record_ids, *map(str, visitor.record_ids)})
        row.save()
    return True


def close(page_token: str, *, at: datetime) -> None:
    """End an open page before its hour is over. Raises tokens.TokenRefused."""
    tokens.use(page_token, purpose=PAGE, at=at)


def _open(link: DataLink, *, at: datetime) -> str:
    return tokens.make(purpose=PAGE, subject=str(link.pk), at=at, lifetime=PAGE_LIFETIME)
