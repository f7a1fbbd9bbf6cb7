"""Personal data of links to a person's data, and of the mails about a person's rights."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from delivery.models import Mail, Token
from privacy import rate_limits
from privacy.models import DataLink, RateCount
from privacy.rate_limits import mailbox_counts
from privacy.rights.cases.case import cases_of, names_in
from privacy.rights.map.declarations import (
    Basis,
    Fate,
    OnErasure,
    People,
    Person,
    PersonalData,
    Retention,
    described,
)
from privacy.rights.map.periods import days
from privacy.rights.map.register import add_finder, add_names, declare
from privacy.rights.recipients import recipients
from privacy.rights.requests.personal_data import requests
from privacy.rights.your_data import data_link

links = cases_of(DataLink)


def mails(person: Person) -> QuerySet[Mail]:
    """About a link, about a link and an erasure, about a request, about a request and a step."""
    found: tuple[QuerySet[Any], ...] = (links(person), requests(person))
    return Mail.objects.about_any(pk for rows in found for pk in rows.values_list("pk", flat=True))


def tokens(person: Person) -> QuerySet[Token]:
    ids = [str(pk) for pk in links(person).values_list("pk", flat=True)]
    return Token.objects.filter(subject__in=ids)


def mailbox_rate_counts(person: Person) -> QuerySet[RateCount]:
    return mailbox_counts(person.email, purpose=data_link.PURPOSE, window=rate_limits.DAY)


def old_links(at: datetime) -> QuerySet[DataLink]:
    return DataLink.objects.filter(opened_at__lte=at - timedelta(days=settings.DATA_LINK_DAYS))


declare(
    PersonalData(
        model=DataLink,
        name=_("links to a person’s data that were asked for"),
        people=(People.TRIAL_USERS, People.VISITORS),
        purpose=_("answering people who use their rights"),
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields={
            "id": _("number of the row"),
            "email": _("e-mail address"),
            "record_ids": _("numbers of records of choices about cookies"),
        }
        | described(DataLink, "language", opened_at=_("asked for at")),
        rows_of=links,
        retention=(Retention(days("DATA_LINK_DAYS", _("%(period)s")), old_links),),
        on_erasure=OnErasure(Fate.DELETED),
        is_locked_first=True,
        is_trace_of_asking=True,
    )
)
add_names(lambda: names_in(DataLink))
add_finder(Mail, mails)
add_finder(Token, tokens)
add_finder(RateCount, mailbox_rate_counts)
