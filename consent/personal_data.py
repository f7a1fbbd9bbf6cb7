"""Personal data of choices: their records, what waits on disk, and what is in the browser."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from consent.models import (
    CodeManifest,
    ConsentRecord,
    CookieDetails,
    GroupDetails,
    Notice,
    Picture,
    Provider,
    RegistrySnapshot,
)
from consent.registry import google
from privacy.models import PersonNumber
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
from privacy.rights.map.periods import years
from privacy.rights.map.register import (
    add_erasure_effect,
    add_finder,
    add_names,
    declare,
    declare_elsewhere,
    declare_nothing_personal,
)
from privacy.rights.readings.reading import numbers_of
from privacy.rights.recipients import recipients

recipients.only_when(recipients.GOOGLE_ANALYTICS, lambda: google.is_used("analytics"))
recipients.only_when(recipients.GOOGLE_ADS, lambda: google.is_used("marketing"))

# One statement, however long the chain is. A number in it may be that of a record that is gone.
_CHAIN = """
WITH RECURSIVE chain (number) AS (
    SELECT id FROM consent_consentrecord WHERE id IN ({numbers}) OR supersedes_id IN ({numbers})
    UNION
    SELECT CASE WHEN record.id = chain.number THEN record.supersedes_id ELSE record.id END
    FROM chain JOIN consent_consentrecord AS record
    ON record.id = chain.number OR record.supersedes_id = chain.number
)
SELECT number FROM chain WHERE number IS NOT NULL
"""
_VISITORS = (People.VISITORS,)
_PROOF = _("proving a choice about cookies")


def records(person: Person) -> QuerySet[ConsentRecord]:
    """The records that the person names, and all that the same browser made before and after.

    A record supersedes the one whose number the browser had.
    """
    if not person.record_ids:
        return ConsentRecord.objects.none()
    number = ConsentRecord._meta.pk
    numbers = [number.get_db_prep_value(each, connection) for each in sorted(person.record_ids)]
    chain = RawSQL(_CHAIN.format(numbers=",".join(["%s"] * len(numbers))), numbers * 2)  # noqa: S611 - only %s is added
    rows = ConsentRecord.objects.filter(pk__in=chain)
    return rows.filter(made_at__lte=person.before) if person.before else rows


def person_of(record: ConsentRecord) -> Person | None:
    """The visitor who has the number of a record; None once the record is gone."""
    is_there = ConsentRecord.objects.filter(pk=record.pk).exists()
    return Person("", frozenset({record.pk})) if is_there else None


def numbers_in_the_log(person: Person) -> QuerySet[PersonNumber]:
    """By each record of the same browser: staff may have read any of them."""
    return numbers_of([str(pk) for pk in records(person).values_list("pk", flat=True)])


def log_entries(person: Person) -> QuerySet[LogEntry]:
    """What staff did with records of the person. An entry names a record by its number."""
    numbers = [str(pk) for pk in records(person).values_list("pk", flat=True)]
    kind = {"content_type__app_label": "consent", "content_type__model": "consentrecord"}
    return LogEntry.objects.filter(**kind, object_id__in=numbers)


add_finder(PersonNumber, numbers_in_the_log)
add_finder(LogEntry, log_entries)
add_names(
    lambda: map(str, ConsentRecord.objects.order_by().values_list("pk", flat=True).iterator())
)


def _what_is_withdrawn_and_stays(person: Person, at: datetime) -> Iterator[Any]:
    """What a person with records of choices reads before the erasure."""
    if records(person).exists():
        yield _("A consent that this browser still has is withdrawn first.")
        yield _(
            "A consent given in another browser must be withdrawn there: we cannot reach its "
            "cookie from here."
        )
        yield _(
            "The cookie that remembers the refusal stays in the browser: it is the same for "
            "everybody. In the seal a hash stays from which nobody can read anything."
        )


add_erasure_effect(ErasureEffect(texts=_what_is_withdrawn_and_stays, act=lambda person, at: None))


def expired_long_ago(at: datetime) -> QuerySet[ConsentRecord]:
    return ConsentRecord.objects.past_proof(at=at)


declare(
    PersonalData(
        model=ConsentRecord,
        name=_("records of choices about cookies"),
        people=_VISITORS,
        purpose=_PROOF,
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields=described(
            ConsentRecord,
            "made_at expires_at notice language offered granted is_refusal method has_javascript "
            "has_gpc_signal policy_version supersedes hash stored_at",
            id=_("number of the record, which the browser keeps after a consent"),
        ),
        rows_of=records,
        person_of=person_of,
        retention=(
            Retention(
                years("RECORD_YEARS", _("%(period)s after the choice has expired")),
                expired_long_ago,
            ),
        ),
        on_erasure=OnErasure(Fate.DELETED, _("We can then no longer prove your choice.")),
    )
)

_TEXTS = "Texts of ours about cookies, the same for everybody."
declare_nothing_personal(
    Provider, "id meaning name privacy_url_pl privacy_url_en is_confirmed", "A company."
)
declare_nothing_personal(
    GroupDetails,
    "id meaning group name_en description_en short_purpose_pl short_purpose_en personalizes_ads",
    _TEXTS,
)
declare_nothing_personal(
    CookieDetails,
    "id meaning cookie purpose_en provider party storage life max_age_seconds is_active "
    "is_staff_only justification_pl justification_en",
    _TEXTS,
)
declare_nothing_personal(RegistrySnapshot, "id content hash created_at", _TEXTS)
declare_nothing_personal(Notice, "id snapshot texts hash created_at", _TEXTS)
declare_nothing_personal(
    CodeManifest, "id content code_hash created_at hash", "Hashes of our own code."
)
declare_nothing_personal(
    Picture,
    "id notice manifest language place device image image_hash width height browser taken_at hash",
    "Pages as everybody without a choice sees them.",
)

declare_elsewhere(
    KeptElsewhere(
        name=_("refusals that wait for the database"),
        people=_VISITORS,
        what=_("the same as in a record of a choice, in a file of the site"),
        purpose=_PROOF,
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        kept=_("until the database answers again"),
        erased=_("The file is deleted as soon as its record is stored."),
    )
)
declare_elsewhere(
    KeptElsewhere(
        name=_("optional cookies and other storage in the browser"),
        people=_VISITORS,
        what=_("the rows of the cookie table that the visitor agreed to"),
        purpose=_("remembering the country for prices, statistics, and measuring whether ads work"),
        basis=Basis.CONSENT,
        recipients=(recipients.GOOGLE_ANALYTICS, recipients.GOOGLE_ADS),
        kept=_("as the cookie table says; 90 days at most under our own address"),
        erased=_("The site expires them when the visitor withdraws the consent."),
    )
)
