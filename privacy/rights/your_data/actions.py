"""Verbs of a person on the page with their data: each acts at once, without staff.

What only staff can answer becomes a request with a clock. A second call changes nothing.

Call each in a turn of the person (privacy/rights/cases/turn.py), but not `undo_erasure`: a worker
that makes the erasure final has locked it, and waits for the turn.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import override

from delivery import outbox
from privacy import rate_limits
from privacy.models import DataRequest, ErasureCase, Restriction
from privacy.rights.cases import erasure, erasure_cases, restrictions
from privacy.rights.cases.case import cases_of, fields_of
from privacy.rights.map.declarations import Person, Text
from privacy.rights.requests import actions as requests
from privacy.rights.requests.data_request import Right
from privacy.rights.your_data import data_link
from privacy.rights.your_data.data_link import DataLink
from privacy.rights.your_data.offers import Channel, Correction, restriction_tasks

ERASURE = "data-erasure"


def _for_staff() -> AbstractContextManager[None]:
    """What staff read is in their language, whatever the person's is."""
    return override(settings.LANGUAGE_CODE)


def restrictions_of(person: Person) -> QuerySet[Restriction]:
    """The restrictions that stand for a person, those by staff included."""
    return restrictions.standing().filter(pk__in=cases_of(Restriction)(person).values("pk"))


def restrict(person: Person, *, language: str, at: datetime) -> None:
    """Restrict the person's data (GDPR Art. 18). Staff tell those who have it too (Art. 19)."""
    with transaction.atomic():
        if not restrictions_of(person).exists():
            with _for_staff():
                reason = _("Asked for on the site.")
                tasks = [str(task) for task in restriction_tasks(person)]
            restrictions.restrict(person, reason=reason, at=at)
            _receive(person, tasks, kind=Right.RESTRICTION, language=language, at=at)


def lift_restriction(person: Person, *, at: datetime) -> None:
    """Let the data be used again, as the person wishes."""
    theirs = cases_of(DataRequest)(person).values("pk")
    with transaction.atomic():
        for restriction in restrictions_of(person):
            restrictions.lift(restriction, at=at)
        for request in DataRequest.objects.open().filter(kind=Right.RESTRICTION, pk__in=theirs):
            requests.take_back(request, at=at)


def _receive(
    person: Person, tasks: Sequence[Text], *, kind: str, language: str, at: datetime
) -> None:
    """Store what was done at once. It stays open where staff have tasks, until these are done."""
    if not tasks:
        requests.receive_done(person, kind=kind, language=language, at=at)
        return
    requests.receive(
        person,
        kind=kind,
        language=language,
        text="\n".join(map(str, tasks)),
        is_verified=True,
        sends_mail=False,
        at=at,
    )


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
        with _for_staff():
            text = _("Corrected on the site. Pass it on to the telephone system: %(fields)s.") % {
                "fields": ", ".join(str(form.fields[name].label) for name in form.changed_data)
            }
        return requests.receive(
            person, kind=Right.RECTIFICATION, language=language, at=at, text=text, is_verified=True
        )


def erase(link: DataLink, *, at: datetime) -> ErasureCase:
    """Ask for the erasure of everything, which is final after a day. Raises erasure_cases.Held.

    The mail about it has a link that undoes it: so the owner of the mailbox learns of it. What
    staff must do by hand stays in an open request until they have done it.
    """
    person = link.person
    with transaction.atomic():
        if pending := erasure_cases.pending_for(person):
            return pending
        with _for_staff():
            tasks = [str(task) for task in erasure.preview(person, at=at).tasks]
        case = erasure_cases.request(person, at=at)
        _receive(person, tasks, kind=Right.ERASURE, language=link.language, at=at)
        if link.email:
            outbox.put(kind=ERASURE, about=f"{link.pk} {case.pk}", at=at)
    return case


def undo_erasure(person: Person, *, at: datetime) -> bool:
    """Undo every erasure of a person whose day is not over. False where there was none.

    The requests that began them are then taken back, but not what staff have answered meanwhile.
    """
    with transaction.atomic():
        pending = erasure_cases.pending_of(person).order_by("pk")
        undone = [case for case in pending if erasure_cases.undo(case, at=at)]
        began_them = DataRequest.objects.filter(
            Q(closed_at=None) | Q(closed_at=F("opened_at")),
            pk__in=cases_of(DataRequest)(person).values("pk"),
            kind=Right.ERASURE,
            opened_at__in=[case.opened_at for case in undone],
        )
        for request in began_them:
            requests.take_back(request, at=at)
    return bool(undone)


def ask(person: Person, *, kind: str, text: str, language: str, at: datetime) -> DataRequest:
    """Hand what a person wrote to staff, with a clock. The same words twice are one request.

    While staff look at an objection, the data is restricted (GDPR Art. 18(1)(d), 21(1)).
    """
    with transaction.atomic():
        asked_before = DataRequest.objects.open().filter(**fields_of(person), kind=kind, text=text)
        if before := asked_before.first():
            return before
        if kind == Right.OBJECTION:
            with _for_staff():
                reason = _("Objected on the site.")
            restrictions.restrict_anew(person, reason=reason, at=at)
        return requests.receive(
            person, kind=kind, language=language, at=at, text=text, is_verified=True
        )


def complain(
    email: str, *, text: str, language: str, network_key: str | None, at: datetime
) -> DataRequest:
    """Store a complaint, and acknowledge it at once. Raises rate_limits.TooManyForms.

    The address is not verified. A mailbox gets three mails a day at most; no complaint is lost.
    """
    person = Person(email)
    with transaction.atomic():
        rate_limits.count_form(network_key, at=at)
        sends_mail = rate_limits.may_mail(person.email, purpose=data_link.PURPOSE, at=at)
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
