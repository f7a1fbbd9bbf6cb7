"""Personal data of requests and their steps."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from delivery.models import Mail
from privacy.models import DataRequest, RequestStep
from privacy.rights.cases.case import cases_of, names_in, person_of
from privacy.rights.map.declarations import (
    Basis,
    ErasureEffect,
    Fate,
    OnErasure,
    People,
    Person,
    PersonalData,
    Retention,
    described,
)
from privacy.rights.map.periods import years, years_before
from privacy.rights.map.register import add_erasure_effect, add_finder, add_names, declare
from privacy.rights.recipients import recipients

_PEOPLE = (People.TRIAL_USERS, People.VISITORS)
_RIGHTS = _("answering people who use their rights")
_PERIOD = years(
    "HISTORY_YEARS", _("%(period)s after the answer; an open request until it is answered")
)

_AFTER_ERASURE = _("a week after the answer, where the person was erased while it was open")
_WITHOUT_PERSON = {"email": "", "record_ids": [], "text": ""}
_WITHOUT_WORDS = {"text": ""}
# Longer than a mail is tried: the answer needs the address.
_TIME_TO_DELIVER = timedelta(days=7)

requests = cases_of(DataRequest)


def answered(person: Person) -> QuerySet[DataRequest]:
    """One that is open keeps its person: somebody waits for the answer."""
    return requests(person).filter(DataRequest.CLOSED)


def mails_of_open(person: Person) -> QuerySet[Mail]:
    """They go out also after an erasure: its person waits for them."""
    waiting = requests(person).exclude(DataRequest.CLOSED)
    return Mail.objects.about_any(waiting.values_list("pk", flat=True))


def steps(person: Person) -> QuerySet[RequestStep]:
    return RequestStep.objects.filter(request__in=requests(person).values("pk"))


def steps_of_answered(person: Person) -> QuerySet[RequestStep]:
    return RequestStep.objects.filter(request__in=answered(person).values("pk"))


def answered_long_ago(at: datetime) -> QuerySet[DataRequest]:
    before = years_before(at, settings.HISTORY_YEARS)
    return DataRequest.objects.filter(closed_at__lte=before)


def mark_open(person: Person, at: datetime) -> None:
    """Mark the requests that outlive an erasure of their person: they end after their answer."""
    requests(person).exclude(DataRequest.CLOSED).update(is_person_erased=True)


def answered_to_erased(at: datetime) -> QuerySet[DataRequest]:
    """Requests whose person was erased while they were open, and the answer was delivered."""
    rows = DataRequest.objects.filter(is_person_erased=True, closed_at__lte=at - _TIME_TO_DELIVER)
    return rows.exclude(email="", record_ids=[], text="")


def steps_answered_to_erased(at: datetime) -> QuerySet[RequestStep]:
    before = at - _TIME_TO_DELIVER
    rows = RequestStep.objects.filter(request__is_person_erased=True)
    return rows.filter(request__closed_at__lte=before).exclude(text="")


def log_entries(person: Person) -> QuerySet[LogEntry]:
    """What staff did with requests of the person."""
    ids = [str(pk) for pk in requests(person).values_list("pk", flat=True)]
    about = Q(content_type__app_label="privacy", content_type__model="datarequest")
    return LogEntry.objects.filter(about, object_id__in=ids)


declare(
    PersonalData(
        model=DataRequest,
        name=_("requests and complaints"),
        people=_PEOPLE,
        purpose=_RIGHTS,
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields={
            "id": _("number of the row"),
            "email": _("e-mail address"),
            "record_ids": _("numbers of records of choices about cookies"),
        }
        | described(
            DataRequest,
            "reference opened_at kind source language text is_verified due_on acknowledged_at "
            "extended_at paused_on paused_days closed_at outcome is_person_erased",
        ),
        rows_of=requests,
        person_of=person_of,
        retention=(
            Retention(_PERIOD, answered_long_ago),
            Retention(_AFTER_ERASURE, answered_to_erased, strip=_WITHOUT_PERSON),
        ),
        on_erasure=OnErasure(
            Fate.STRIPPED,
            _(
                "What stays is that somebody asked, for what, when and with which outcome, without "
                "the person’s data. An open request keeps the data until a week after the answer."
            ),
            strip=_WITHOUT_PERSON,
            rows=answered,
        ),
        is_locked_first=True,
    )
)
declare(
    PersonalData(
        model=RequestStep,
        name=_("steps of requests, with our answers"),
        people=(*_PEOPLE, People.STAFF),
        purpose=_RIGHTS,
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields=described(RequestStep, "request kind taken_at user text", id=_("number of the row")),
        rows_of=steps,
        retention=(
            Retention(_PERIOD),
            Retention(_AFTER_ERASURE, steps_answered_to_erased, strip=_WITHOUT_WORDS),
        ),
        on_erasure=OnErasure(
            Fate.STRIPPED,
            _("What stays is what was done and when, without its words."),
            strip=_WITHOUT_WORDS,
            rows=steps_of_answered,
        ),
        of_others=lambda step, person: ("user",),
    )
)
add_erasure_effect(ErasureEffect(texts=lambda person, at: (), act=mark_open))
add_names(lambda: names_in(DataRequest))
add_finder(LogEntry, log_entries)
