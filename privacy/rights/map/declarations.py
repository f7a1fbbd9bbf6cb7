"""The words of the map of personal data: what the site holds about people, why, until when (I20).

An app declares its models in its `personal_data.py`, each field of each model once. Retention,
erasure, the export for a person, the table of the policy and the record of processing activities
read the same declarations, from `register.py`. `checks.py` refuses a field that nobody declared.
"""

import enum
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delivery import addresses

# A text that is translated when it is shown.
Text = str | Promise


class Basis(enum.Enum):
    """The lawful basis of processing. The value is the place in GDPR Art. 6(1)."""

    CONTRACT = "b"
    CONSENT = "a"
    LEGAL_OBLIGATION = "c"
    LEGITIMATE_INTEREST = "f"

    @property
    def article(self) -> Text:
        return _ARTICLES[self]

    @property
    def label(self) -> Text:
        return _LABELS[self]


_ARTICLES = {
    Basis.CONTRACT: _("GDPR Art. 6(1)(b)"),
    Basis.CONSENT: _("GDPR Art. 6(1)(a)"),
    Basis.LEGAL_OBLIGATION: _("GDPR Art. 6(1)(c)"),
    Basis.LEGITIMATE_INTEREST: _("GDPR Art. 6(1)(f)"),
}
_LABELS = {
    Basis.CONTRACT: _("contract"),
    Basis.CONSENT: _("consent"),
    Basis.LEGAL_OBLIGATION: _("legal obligation"),
    Basis.LEGITIMATE_INTEREST: _("legitimate interest"),
}


class People(enum.Enum):
    """Whose data it is."""

    TRIAL_USERS = "trial-users"
    VISITORS = "visitors"
    STAFF = "staff"

    @property
    def label(self) -> Text:
        return _PEOPLE[self]


_PEOPLE = {
    People.TRIAL_USERS: _("people who sign up for the trial"),
    People.VISITORS: _("visitors of the site"),
    People.STAFF: _("members of staff"),
}


@dataclass(frozen=True)
class Person:
    """Whose rows are looked for: an address, in any spelling, and the numbers of consent records.

    The address may be empty: a visitor has only the number of a record. Then no row is found by
    its address. With `before`, the sign-ups and records of a later moment are not theirs: whoever
    was erased may come back.
    """

    email: str
    record_ids: frozenset[uuid.UUID] = frozenset()
    before: datetime | None = None

    def __post_init__(self) -> None:
        # The form of SignUp.email_folded.
        object.__setattr__(self, "email", addresses.normalized(self.email))


@dataclass(frozen=True)
class Retention:
    """How long rows are kept, and which rows are over at a moment.

    `expired` is None where the rows end with other rows, as the text says. Expired rows are
    deleted, or the values of `strip` are written over theirs: then `expired` leaves out the rows
    that have these values already, so that a second run finds nothing to do.
    """

    text: Text
    expired: Callable[[datetime], QuerySet[Any]] | None = None
    strip: Mapping[str, Any] | None = None


class Fate(enum.Enum):
    """What becomes of a person's rows when the person asks for erasure (GDPR Art. 17)."""

    DELETED = "deleted"
    STRIPPED = "stripped"
    KEPT = "kept"


@dataclass(frozen=True)
class OnErasure:
    """The fate of rows on erasure, with the reason that the person reads.

    `strip` has the values that are written over those of a stripped row. Where `rows` is given, the
    fate is that of these rows alone, and the person's other rows are kept.
    """

    fate: Fate
    reason: Text = ""
    strip: Mapping[str, Any] = field(default_factory=dict)
    rows: Callable[[Person], QuerySet[Any]] | None = None


@dataclass(frozen=True)
class ErasureEffect:
    """What an erasure does beside deleting rows.

    `texts` says it to the person beforehand; `act` does it, in the transaction of the erasure,
    while the rows are still there. `tasks` are what staff have to do by hand, if anything.
    """

    texts: Callable[[Person, datetime], Iterable[Text]]
    act: Callable[[Person, datetime], None]
    tasks: Callable[[Person, datetime], Iterable[Text]] = lambda person, at: ()


@dataclass(frozen=True)
class FurtherUse:
    """Some fields of a model that also serve another purpose than its rows as a whole.

    `retention` says until when. Where it expires rows, the model lists the same object.
    """

    name: Text
    fields: tuple[str, ...]
    purpose: Text
    basis: Basis
    recipients: tuple[str, ...]
    retention: Retention


@dataclass(frozen=True)
class PersonalData:
    """One model whose rows hold something about people, or point to them.

    `fields` says of every concrete field of the model what it is. `recipients` are
    keys of rows of `Recipient`. `rows_of` finds the rows of one person, and nobody else's.
    `secrets` are the fields that protect an account, and `of_others` names the fields of a row that
    concern somebody else than its person: an export leaves out the values of both. With
    `is_locked_first`, whoever writes what belongs to a row locks the row before: so does an
    erasure, which then meets nothing that is half written. `is_trace_of_asking` marks what the form
    for the page with a person's data leaves itself, so that its mail can say that nothing is held.

    `person_of` is the way back, for the log of readings: whose row it is, or None where only a hash
    is left. It is called in a transaction and reads anew, as the person may be erased meanwhile.
    Every model with a page in the admin and people outside staff has it.
    """

    model: type[Model]
    name: Text
    people: tuple[People, ...]
    purpose: Text
    basis: Basis
    recipients: tuple[str, ...]
    fields: Mapping[str, Text]
    rows_of: Callable[[Person], QuerySet[Any]]
    retention: tuple[Retention, ...]
    on_erasure: OnErasure
    further_uses: tuple[FurtherUse, ...] = ()
    secrets: frozenset[str] = frozenset()
    of_others: Callable[[Any, Person], Collection[str]] | None = None
    is_locked_first: bool = False
    is_trace_of_asking: bool = False
    person_of: Callable[[Any], Person | None] | None = None

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True)
class KeptElsewhere:
    """What the site holds about people outside the tables: in files, logs, backups, browsers."""

    name: Text
    people: tuple[People, ...]
    what: Text
    purpose: Text
    basis: Basis
    recipients: tuple[str, ...]
    kept: Text
    erased: Text


@dataclass(frozen=True)
class NothingPersonal:
    """One model that holds nothing about people, with all its fields and the reason.

    `although` names the fields that look personal, with the reason why they are not. Rows may have
    a retention all the same, as counts have.
    """

    model: type[Model]
    fields: tuple[str, ...]
    why: str
    although: Mapping[str, str] = field(default_factory=dict)
    retention: tuple[Retention, ...] = ()


def described(model: type[Model], named: str, **others: Text) -> dict[str, Text]:
    """What the fields of a model are: those in `named` by their own names, the others as said."""
    names = {field.name: field.verbose_name for field in model._meta.concrete_fields}
    texts = {name: names.get(name, name) for name in named.split()} | others
    # In the order of the model; a field that is gone is last, for the check to name.
    return {name: texts[name] for name in names if name in texts} | texts
