"""Personal data of the log of readings: of the staff who read, and of whom they read about."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from privacy.models import PersonNumber, Reading
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
from privacy.rights.map.periods import years, years_before
from privacy.rights.map.register import add_finder, declare, found_by_finders
from privacy.rights.readings.reading import numbers_of
from privacy.rights.recipients import recipients

_PURPOSE = _("showing which member of staff saw whose data")
_OUTSIDE = (People.TRIAL_USERS, People.VISITORS)
_NUMBER = _("number of the row")

all_numbers_of = found_by_finders(PersonNumber)


def numbers(person: Person) -> QuerySet[PersonNumber]:
    """By the address, and by the numbers of consent records.

    Also those of readings after `Person.before`: what staff read on the day on which an erasure can
    be undone is about rows that it deletes.
    """
    return numbers_of([*filter(None, [person.email]), *map(str, person.record_ids)])


def readings_about(person: Person) -> QuerySet[Reading]:
    return Reading.objects.filter(about__in=all_numbers_of(person).values("number"))


def number_of_somebody_else(reading: Reading, person: Person) -> Collection[str]:
    """A colleague who sees their own readings does not see whom they were about."""
    if not reading.about or all_numbers_of(person).filter(number=reading.about).exists():
        return ()
    return ("about",)


def old_readings(at: datetime) -> QuerySet[Reading]:
    before = years_before(at, settings.HISTORY_YEARS)
    return Reading.objects.filter(read_at__lte=before)


def unused_numbers(at: datetime) -> QuerySet[PersonNumber]:
    """Those that no row of the log has any more."""
    before = years_before(at, settings.HISTORY_YEARS)
    return PersonNumber.objects.filter(last_read_at__lte=before)


add_finder(PersonNumber, numbers)
add_finder(Reading, readings_about)

declare(
    PersonalData(
        model=PersonNumber,
        name=_("numbers of people in the log of readings"),
        people=_OUTSIDE,
        purpose=_PURPOSE,
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.HOSTING,),
        fields={
            "id": _NUMBER,
            "number": _("random number of the person in the log of readings"),
            "key": _("hash of the e-mail address or of the number of a record"),
            "last_read_at": _("when a colleague last read data of the person"),
        },
        rows_of=all_numbers_of,
        retention=(
            Retention(
                years("HISTORY_YEARS", _("%(period)s after the last reading")), unused_numbers
            ),
        ),
        on_erasure=OnErasure(
            Fate.DELETED, _("Nothing leads from the log of readings to the person any more.")
        ),
    )
)
declare(
    PersonalData(
        model=Reading,
        name=_("log of readings of personal data"),
        people=(*_OUTSIDE, People.STAFF),
        purpose=_PURPOSE,
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.HOSTING,),
        fields=described(Reading, "read_at what kind about rows", id=_NUMBER, user=_("account")),
        rows_of=found_by_finders(Reading),
        # Of the log itself staff see numbers alone.
        person_of=lambda reading: None,
        retention=(
            Retention(years("HISTORY_YEARS", _("%(period)s after the reading")), old_readings),
        ),
        on_erasure=OnErasure(
            Fate.KEPT,
            _(
                "It shows what colleagues read (GDPR Art. 5(2)). The number of the person in it "
                "leads to nobody any more."
            ),
        ),
        of_others=number_of_somebody_else,
    )
)
