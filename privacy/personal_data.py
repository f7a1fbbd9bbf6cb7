"""Personal data of policies and limits, and of the apps below: mails, tokens, content."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from content.models import ContentRevision
from delivery import outbox
from delivery.models import Heartbeat, Mail, SuppressedAddress, Token
from evidence.models import Checkpoint, EvidenceWindow, Leaf, Node
from privacy.models import (
    PolicyStep,
    PolicyVersion,
    PurgeRun,
    RateCount,
    Recipient,
    RecipientsSnapshot,
    RetentionSnapshot,
)
from privacy.rights import personal_data as personal_data  # declares erasures and the like
from privacy.rights.breaches import personal_data as breaches  # noqa: F401 - declares breaches
from privacy.rights.map.declarations import (
    Basis,
    Fate,
    KeptElsewhere,
    OnErasure,
    People,
    Person,
    PersonalData,
    Retention,
    described,
)
from privacy.rights.map.periods import days, days_before
from privacy.rights.map.register import (
    declare,
    declare_elsewhere,
    declare_nothing_personal,
    found_by_finders,
)
from privacy.rights.readings import personal_data as readings  # noqa: F401 - declares readings
from privacy.rights.recipients import recipients
from privacy.rights.requests.personal_data import mails_of_open
from privacy.rights.your_data import personal_data as links  # noqa: F401 - declares links, requests

all_mails = found_by_finders(Mail)
_NUMBER = _("number of the row")
_MAILS = _("sending the e-mails that people asked for or have to get")
_ABUSE = _("fending off abuse")


def reader_of(mail: Mail) -> Person | None:
    """The person whom a mail is for; None once the person is gone."""
    address = outbox.address_of(mail)
    return Person(address) if address else None


def ended_mails(person: Person) -> QuerySet[Mail]:
    """Those that an erasure deletes."""
    return all_mails(person).exclude(pk__in=mails_of_open(person).values("pk"))


def old_mails(at: datetime) -> QuerySet[Mail]:
    return Mail.objects.filter(finished_at__lte=days_before(at, settings.MAIL_DAYS))


def old_tokens(at: datetime) -> QuerySet[Token]:
    return Token.objects.filter(expires_at__lte=days_before(at, settings.TOKEN_DAYS))


def lifted_addresses(at: datetime) -> QuerySet[SuppressedAddress]:
    return SuppressedAddress.objects.filter(expires_at__lte=at)


def ended_counts(at: datetime) -> QuerySet[RateCount]:
    return RateCount.objects.filter(ends_at__lte=at)


declare(
    PersonalData(
        model=Mail,
        name=_("e-mails and their delivery"),
        people=(People.TRIAL_USERS,),
        purpose=_MAILS,
        basis=Basis.CONTRACT,
        recipients=(recipients.HOSTING, recipients.MAIL),
        fields=described(
            Mail,
            "kind about is_bulk state created_at next_attempt_at attempts possible_copies "
            "finished_at last_error",
            id=_("number of the e-mail"),
            claimed_until=_("until when a program works on it"),
        ),
        rows_of=all_mails,
        person_of=reader_of,
        retention=(
            Retention(
                days("MAIL_DAYS", _("%(period)s after the e-mail was delivered or given up")),
                old_mails,
            ),
        ),
        on_erasure=OnErasure(
            Fate.DELETED,
            _("E-mails that still wait are not sent, but for those about an open request."),
            rows=ended_mails,
        ),
        is_trace_of_asking=True,
    )
)
declare(
    PersonalData(
        model=Token,
        name=_("links in e-mails that work once"),
        people=(People.TRIAL_USERS,),
        purpose=_("letting only the reader of the mailbox act"),
        basis=Basis.CONTRACT,
        recipients=(recipients.HOSTING,),
        fields={
            "id": _NUMBER,
            "digest": _("hash of the link"),
            "purpose": _("what the link allows"),
            "subject": _("number of the row that the link is about"),
            "created_at": _("created at"),
            "expires_at": _("valid until"),
            "used_at": _("used at"),
        },
        rows_of=found_by_finders(Token),
        retention=(
            Retention(days("TOKEN_DAYS", _("%(period)s after the link has expired")), old_tokens),
        ),
        on_erasure=OnErasure(Fate.DELETED, _("The links will stop working.")),
        is_trace_of_asking=True,
    )
)
declare(
    PersonalData(
        model=SuppressedAddress,
        name=_("addresses that do not exist, as hashes"),
        people=(People.TRIAL_USERS,),
        purpose=_("sending nothing to addresses that mail cannot reach"),
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.HOSTING,),
        fields={
            "id": _NUMBER,
            "key": _("hash of the e-mail address"),
            "expires_at": _("valid until"),
        },
        rows_of=lambda person: outbox.suppressed(person.email),
        retention=(
            Retention(
                days("SUPPRESSION_DAYS", _("%(period)s after the last e-mail that came back")),
                lifted_addresses,
            ),
        ),
        on_erasure=OnErasure(Fate.DELETED),
    )
)
declare(
    PersonalData(
        model=RateCount,
        name=_("counts of requests from a network or for a mailbox, as hashes"),
        people=(People.VISITORS, People.TRIAL_USERS, People.STAFF),
        purpose=_ABUSE,
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.HOSTING,),
        fields={
            "id": _NUMBER,
            "key": _("hash of the network, the mailbox or the account in one window of time"),
            "ends_at": _("end of the window"),
            "count": _("number of requests"),
        },
        rows_of=found_by_finders(RateCount),
        retention=(Retention(_("until the window ends, after a day at most"), ended_counts),),
        on_erasure=OnErasure(
            Fate.KEPT, _("It ends by itself within a day. Otherwise erasure would lift a limit.")
        ),
        is_trace_of_asking=True,
    )
)
declare(
    PersonalData(
        model=PolicyStep,
        name=_("steps of a policy, with the colleague who took them"),
        people=(People.STAFF,),
        purpose=_("showing who wrote, checked, published and approved a policy"),
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.HOSTING,),
        fields=described(PolicyStep, "version kind user taken_at note", id=_NUMBER),
        rows_of=found_by_finders(PolicyStep),
        retention=(Retention(_("as long as the version, which stays readable")),),
        on_erasure=OnErasure(
            Fate.KEPT, _("It proves how the text in force came about (GDPR Art. 5(2)).")
        ),
    )
)


declare_nothing_personal(
    PolicyVersion,
    "id policy number stage title_pl title_en text_pl text_en change_summary_pl "
    "change_summary_en article_13 is_material asks_again created_at effective_at published_at "
    "hash revision",
    "A text for everybody. The officer whom it names is a published contact.",
)
declare_nothing_personal(RetentionSnapshot, "id content hash created_at", "A text for everybody.")
declare_nothing_personal(RecipientsSnapshot, "id content hash created_at", "A text for everybody.")
declare_nothing_personal(
    Recipient,
    "id key name purpose_pl purpose_en data_pl data_en role country safeguard_pl safeguard_en "
    "safeguard_url_pl safeguard_url_en review_on is_confirmed",
    "Companies.",
)
declare_nothing_personal(ContentRevision, "id number seeded_at", "A counter.")
declare_nothing_personal(
    PurgeRun,
    "id day started_at finished_at is_complete counts errors done",
    "Counts of rows, without anything of the people that they were about.",
)
declare_nothing_personal(EvidenceWindow, "id reason", "A row for the time of one transaction.")
declare_nothing_personal(
    Leaf,
    "position series row hash",
    "A hash from which nobody can read or guess a row. The number of the row goes with the row.",
)
declare_nothing_personal(Node, "id level place hash", "Hashes of hashes.")
declare_nothing_personal(
    Checkpoint, "number size root note covers_until made_at", "A hash of hashes, for each day."
)
declare_nothing_personal(Heartbeat, "id at", "The last sign of life of a program.")

declare_elsewhere(
    KeptElsewhere(
        name=_("network address of a visitor"),
        people=(People.VISITORS,),
        what=_("the IP address that asks for a page"),
        purpose=_ABUSE,
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.HOSTING,),
        kept=_("in memory alone, while requests are answered and counted; it is not stored"),
        erased=_("Nothing of it is left to erase."),
    )
)
