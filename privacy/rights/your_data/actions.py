"""Verbs of a person on the page with their data: each acts at once, without staff.

What only staff can answer becomes a request with a clock. A second call changes nothing.

Call each in a turn of the person (privacy/rights/cases/turn.py), but not `undo_erasure`: a worker
that makes the erasure final has locked it, and waits for the turn.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.utils.translation import gettext as _

from delivery import outbox
from privacy.models import DataRequest, ErasureCase, Restriction
from privacy.rights.cases import erasure_cases, restrictions
from privacy.rights.cases.case import cases_of, fields_of
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions as requests
from privacy.rights.requests.data_request import Right
from privacy.rights.your_data import data_link
from privacy.rights.your_data.data_link import DataLink
from privacy.rights.your_data.offers import Channel, Correction

ERASURE = "data-erasure"


def restrictions_of(person: Person) -> QuerySet[Restriction]:
    """The restrictions that stand for a person, those by staff included."""
    return restrictions.standing().filter(pk__in=cases_of(Restriction)(person).values("pk"))


def restrict(person: Person, *, language: str, at: datetime) -> None:
    """Restrict the person's data (GDPR Art. 18)."""
    with transaction.atomic():
        if not restrictions_of(person).exists():
            restrictions.restrict(person, reason=_("Asked for on the site."), at=at)
            requests.receive_done(person, kind=Right.RESTRICTION, language=language, at=at)


def lift_restriction(person: Person, *, at: datetime) -> None:
    """Let the data be used again, as the person wishes."""
    with transaction.atomic():
        for restriction in restrictions_of(person):
            restrictions.lift(restriction, at=at)


def stop_marketing(channel: Channel, person: Person, *, language: str, at: datetime) -> None:
    """Object to marketing by a channel (GDPR Art. 21(2))."""
    with transaction.atomic():
        if channel.stop(person, at):
            requests.receive_done(person, kind=Right.OBJECTION, language=language, at=at)


def correct(
    correction: Correction, form: Form, person: Person, *, language: str, at: datetime
) -> DataRequest | None:
    """Store what the person corrected (GDPR Art. 16). None where the form changes nothing.

    Where somebody else has the data too, the request stays open: staff tell them (Art. 19).
    """
    if not form.has_changed():
        return None
    with transaction.atomic():
        if not correction.save(form, at):
            return requests.receive_done(person, kind=Right.RECTIFICATION, language=language, at=at)
        text = _("Corrected on the site. Pass it on to the telephone system: %(fields)s.") % {
            "fields": ", ".join(str(form[name].label) for name in form.changed_data)
        }
        return requests.receive(
            person, kind=Right.RECTIFICATION, language=language, at=at, text=text, is_verified=True
        )


def erase(link: DataLink, *, at: datetime) -> ErasureCase:
    """Ask for the erasure of everything, which is final after a day. Raises erasure_cases.Held.

    The mail about it has a link that undoes it: whoever is in the mailbox learns of it.
    """
    with transaction.atomic():
        pending = erasure_cases.pending_of(link.person).first()
        if pending:
            return pending
        case = erasure_cases.request(link.person, at=at)
        requests.receive_done(link.person, kind=Right.ERASURE, language=link.language, at=at)
        if link.email:
            outbox.put(kind=ERASURE, about=f"{link.pk} {case.pk}", at=at)
    return case


def undo_erasure(person: Person, *, at: datetime) -> bool:
    """Undo every erasure of a person whose day is not over. False where there was none.

    The requests that began them are then taken back.
    """
    with transaction.atomic():
        pending = erasure_cases.pending_of(person).order_by("pk")
        undone = [case for case in pending if erasure_cases.undo(case, at=at)]
        began_them = DataRequest.objects.filter(
            pk__in=cases_of(DataRequest)(person).values("pk"),
            kind=Right.ERASURE,
            opened_at__in=[case.opened_at for case in undone],
        )
        began_them.update(outcome=DataRequest.Outcome.TAKEN_BACK, closed_at=at)
    return bool(undone)


def ask(person: Person, *, kind: str, text: str, language: str, at: datetime) -> DataRequest:
    """Hand what a person wrote to staff, with a clock. The same words twice are one request.

    While staff look at an objection, the data is restricted (GDPR Art. 18(1)(d), 21(1)).
    """
    with transaction.atomic():
        asked_before = DataRequest.objects.open().filter(**fields_of(person), kind=kind, text=text)
        if before := asked_before.first():
            return before
        if kind == Right.OBJECTION and not restrictions_of(person).exists():
            restrictions.restrict(person, reason=_("Objected on the site."), at=at)
        return requests.receive(
            person, kind=kind, language=language, at=at, text=text, is_verified=True
        )


def complain(
    email: str, *, text: str, language: str, network_key: str | None, at: datetime
) -> DataRequest:
    """Store a complaint, and acknowledge it at once. Raises data_link.TooMany.

    The address is not verified. A mailbox gets three mails a day at most; no complaint is lost.
    """
    person = Person(email)
    with transaction.atomic():
        data_link.count_network(network_key, at=at)
        sends_mail = data_link.may_mail(person.email, at=at)
        made_before = DataRequest.objects.open().filter(
            **fields_of(person), kind=Right.COMPLAINT, text=text
        )
        return made_before.first() or requests.receive(
            person,
            kind=Right.COMPLAINT,
            language=language,
            at=at,
            text=text,
            sends_mail=sends_mail,
        )
