"""The log of readings: who of the staff read or took data of people, when, and about whom.

A row holds nothing of the person: no address, no name, no number of one of the person's rows.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from evidence.keyed_hashes import KeyedHashField, all_keyed_hashes, keyed_hash
from privacy.rights.map.declarations import Person

_PURPOSE = "readings:person"

# Finding and making in one statement: two readings of a new person at once get one number. The row
# stays locked until the reading is written, so retention cannot delete it in between.
_FIND_OR_MAKE = """
INSERT INTO privacy_personnumber (number, key, last_read_at) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET last_read_at = excluded.last_read_at RETURNING number
"""


class PersonNumber(models.Model):
    """The number by which the log names one person, as long as this row is there.

    The number is random and not a hash of the address with a salt: both keep the promise that
    nothing leads from the log to a person whose row was deleted. A random number was chosen because
    nobody can compute it from the address. An erasure deletes the row. If staff read about the same
    person afterwards, the person gets a new number.
    """

    number = models.CharField(max_length=16, unique=True)
    # Of the address, or of the number of a consent record where the person has no address.
    key = KeyedHashField(unique=True)
    last_read_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.number


class Reading(models.Model):
    """One page or file with data of people that a member of staff got. Append-only."""

    class What(models.TextChoices):
        READ = "read", _("read")
        EXPORTED = "exported", _("exported")

    read_at = models.DateTimeField(_("when"), db_index=True)
    # Only an id: the account of a colleague who left can be deleted, and the log stays.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("who"),
    )
    what = models.CharField(_("what was done"), max_length=8, choices=What)
    # The table of the rows; empty for everything that is held about the person.
    kind = models.CharField(_("which data"), max_length=64, blank=True)
    # The number of a PersonNumber; empty where the rows are of many people, or of nobody known.
    about = models.CharField(_("about whom"), max_length=16, blank=True, db_index=True)
    rows = models.PositiveIntegerField(_("rows"), null=True)

    class Meta:
        verbose_name = _("reading of data")
        verbose_name_plural = _("log of readings")
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.read_at:%Y-%m-%d %H:%M} {self.get_what_display()}"

    @property
    def who(self) -> str:
        """The name of the account; its number once it is deleted."""
        try:
            return self.user.get_username()
        except ObjectDoesNotExist:
            return f"({self.user_id})"


def log(
    user: AbstractBaseUser | AnonymousUser,
    *,
    person: Person | None,
    what: Reading.What,
    at: datetime,
    kind: type[Model] | None = None,
    rows: int | None = None,
) -> None:
    """Write down that a member of staff got data. Call it before the data goes out.

    `person` is None where the rows are of many people. Without `kind` it is everything that is held
    about the person. Nothing is written where staff read about themselves.
    """
    if person is not None and _is_about_themselves(user, person):
        return
    with transaction.atomic(savepoint=False):
        Reading.objects.create(
            read_at=at,
            user_id=str(user.pk),
            what=what,
            kind=kind._meta.db_table if kind else "",
            about=_number_of(person, at=at) if person else "",
            rows=rows,
        )


def numbers_of(names: list[str]) -> QuerySet[PersonNumber]:
    """The rows of these addresses, in the form of Person, and numbers of consent records.

    A name has several where EVIDENCE_KEYS got a new key meanwhile.
    """
    hashes = [each for name in names for each in all_keyed_hashes(_PURPOSE, name)]
    return PersonNumber.objects.filter(key__in=hashes)


def _is_about_themselves(user: AbstractBaseUser | AnonymousUser, person: Person) -> bool:
    own = getattr(user, "email", "")
    return bool(own) and Person(own).email == person.email


def _number_of(person: Person, *, at: datetime) -> str:
    """The number of a person. A person who has none gets one.

    Empty for a person without an address and without a record.
    """
    name = person.email or min(map(str, person.record_ids), default="")
    if not name:
        return ""
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(_FIND_OR_MAKE, [secrets.token_hex(8), keyed_hash(_PURPOSE, name), moment])
        [number] = cursor.fetchone()
    return str(number)
