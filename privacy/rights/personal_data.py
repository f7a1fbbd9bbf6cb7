"""Personal data of the rights of people themselves: erasures, restrictions, legal holds."""

from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from delivery import mail_files
from privacy.models import ErasureCase, LegalHold, Restriction
from privacy.rights.cases.case import cases_of, names_in, person_of
from privacy.rights.map.declarations import (
    Basis,
    ErasureEffect,
    Fate,
    KeptElsewhere,
    OnErasure,
    People,
    Person,
    PersonalData,
    Retention,
    described,
)
from privacy.rights.map.periods import days, years, years_before
from privacy.rights.map.register import add_erasure_effect, add_names, declare, declare_elsewhere
from privacy.rights.recipients import recipients

_PEOPLE = (People.TRIAL_USERS, People.VISITORS)

_RIGHTS = _("answering people who use their rights")
_PERSON = {
    "id": _("number of the row"),
    "email": _("e-mail address"),
    "record_ids": _("numbers of records of choices about cookies"),
}


def _lifted(model: type[Model]) -> Retention:
    """HISTORY_YEARS after a case of this kind was lifted."""

    def expired(at: datetime) -> QuerySet[Any]:
        before = years_before(at, settings.HISTORY_YEARS)
        return model._default_manager.filter(lifted_at__lte=before)

    return Retention(years("HISTORY_YEARS", _("%(period)s after they are lifted")), expired)


def closed_erasures(at: datetime) -> QuerySet[ErasureCase]:
    before = years_before(at, settings.HISTORY_YEARS)
    return ErasureCase.objects.filter(ErasureCase.CLOSED, opened_at__lte=before)


def _closed_erasures_of(person: Person) -> QuerySet[Any]:
    """One that is pending keeps its person until it is final itself."""
    return cases_of(ErasureCase)(person).filter(ErasureCase.CLOSED)


declare(
    PersonalData(
        model=ErasureCase,
        name=_("erasures"),
        people=_PEOPLE,
        purpose=_RIGHTS,
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields=_PERSON
        | described(
            ErasureCase,
            "opened_at undone_at erased_at counts",
            next_attempt_at=_("when it becomes final"),
        ),
        rows_of=cases_of(ErasureCase),
        person_of=person_of,
        retention=(
            Retention(
                years(
                    "HISTORY_YEARS",
                    _(
                        "%(period)s after the request; the person’s data only until it is final or "
                        "undone"
                    ),
                ),
                closed_erasures,
            ),
        ),
        on_erasure=OnErasure(
            Fate.STRIPPED,
            _("What stays is that somebody was erased, and when, without the person’s data."),
            strip={"email": "", "record_ids": []},
            rows=_closed_erasures_of,
        ),
    )
)
declare(
    PersonalData(
        model=Restriction,
        name=_("restrictions of processing"),
        people=_PEOPLE,
        purpose=_RIGHTS,
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields=_PERSON | described(Restriction, "opened_at reason lifted_at"),
        rows_of=cases_of(Restriction),
        person_of=person_of,
        retention=(_lifted(Restriction),),
        on_erasure=OnErasure(Fate.DELETED),
    )
)
declare(
    PersonalData(
        model=LegalHold,
        name=_("legal holds"),
        people=_PEOPLE,
        purpose=_("keeping what a legal claim needs (GDPR Art. 17(3)(e))"),
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.HOSTING,),
        fields=_PERSON | described(LegalHold, "opened_at reason review_on lifted_at"),
        rows_of=cases_of(LegalHold),
        person_of=person_of,
        retention=(_lifted(LegalHold),),
        on_erasure=OnErasure(
            Fate.DELETED, _("While a hold stands, nothing of the person is deleted.")
        ),
    )
)

for _model in (ErasureCase, Restriction, LegalHold):
    add_names(partial(names_in, _model))
add_erasure_effect(
    ErasureEffect(
        texts=lambda person, at: (),
        act=lambda person, at: mail_files.forget(person.email, before=person.before or at),
    )
)
declare_elsewhere(
    KeptElsewhere(
        name=_("journal of erasures"),
        people=_PEOPLE,
        what=_("hashes of the address and of the numbers of records that were erased, in a file"),
        purpose=_("erasing again what a restored backup brings back"),
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        kept=days("BACKUP_DAYS", _("%(period)s, as long as a backup may hold what was erased")),
        erased=_("It is what keeps the erased erased, so it stays until then."),
    )
)
