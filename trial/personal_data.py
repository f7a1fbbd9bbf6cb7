"""Personal data of the trial: what each field is, why it is there, and until when."""

from django.utils.translation import gettext_lazy as _

from privacy.rights.map.declarations import (
    Basis,
    Fate,
    FurtherUse,
    KeptElsewhere,
    OnErasure,
    People,
    PersonalData,
    Retention,
    described,
)
from privacy.rights.map.periods import days, months, years
from privacy.rights.map.register import declare, declare_elsewhere, declare_nothing_personal
from privacy.rights.recipients import recipients
from trial.models import (
    ConsentWording,
    ErasureNotice,
    FunnelCount,
    HandOver,
    MarketingConsent,
    MarketingMail,
    MarketingWithdrawal,
    NumberConfirmation,
    Objection,
    SignUp,
)
from trial.rights import erasure as erasure  # declares what an erasure does to a trial
from trial.rights import rows_of_person as rows
from trial.rights import your_data as your_data  # declares what its person can change

_TRIAL_USERS = (People.TRIAL_USERS,)
_NUMBER = _("number of the row")
_TRIAL = _("providing the free trial that the person asked for")
_PROOF = _("proving a consent to marketing, its confirmation and its withdrawal")

_unconfirmed = Retention(
    days(
        "UNCONFIRMED_SIGN_UP_DAYS",
        _("%(period)s after the sign-up, if nobody confirms the address"),
    ),
    rows.unconfirmed,
)
_ended = Retention(
    days(
        "ENDED_TRIAL_DAYS",
        _(
            "%(period)s after the end of the trial; longer where a consent to marketing stands, "
            "until it ends"
        ),
    ),
    rows.ended,
)
_attribution = Retention(
    days("OPTIMIZATION_DAYS", _("%(period)s after the sign-up")),
    rows.with_old_attribution,
    strip={"attribution": None},
)
_marketing = Retention(
    months(
        "MARKETING_SILENCE_MONTHS",
        _(
            "until the consent is withdrawn, and for at most %(period)s after it was confirmed: "
            "then it lapses"
        ),
    )
)
_proof_is_kept = OnErasure(
    Fate.KEPT,
    _("It belongs to the proof of a consent, which names nobody any more."),
)
_ends_with_the_consent = Retention(_("as long as the proof of the consent that they belong to"))

declare(
    PersonalData(
        model=SignUp,
        name=_("sign-ups and trials"),
        people=_TRIAL_USERS,
        purpose=_TRIAL,
        basis=Basis.CONTRACT,
        recipients=(recipients.HOSTING, recipients.MAIL, recipients.PHONE_SYSTEM),
        fields=described(
            SignUp,
            "created_at language name email company phone extension policy_version terms_version "
            "email_wording phone_wording attribution confirmed_at ends_at ended_at",
            id=_NUMBER,
            email_folded=_("work e-mail, for comparison"),
        ),
        rows_of=rows.sign_ups,
        person_of=lambda sign_up: rows.person_of_sign_up(sign_up.pk),
        is_locked_first=True,
        retention=(_unconfirmed, _ended, _attribution),
        on_erasure=OnErasure(Fate.DELETED, _("A running trial ends with it.")),
        further_uses=(
            FurtherUse(
                name=_("contact data of people who agreed to marketing"),
                fields=("name", "email", "company", "phone", "extension", "language"),
                purpose=_("marketing by e-mail or telephone, to which the person agreed"),
                basis=Basis.CONSENT,
                recipients=(recipients.HOSTING, recipients.MAIL),
                retention=_marketing,
            ),
            FurtherUse(
                name=_("the paid ad that a sign-up came from"),
                fields=("attribution",),
                purpose=_("finding out which paid ads lead to trials"),
                basis=Basis.CONSENT,
                recipients=(recipients.HOSTING,),
                retention=_attribution,
            ),
        ),
    )
)
declare(
    PersonalData(
        model=MarketingConsent,
        name=_("consents to marketing"),
        people=_TRIAL_USERS,
        purpose=_PROOF,
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields=described(
            MarketingConsent,
            "sign_up channel wording language given_at confirmed_at",
            id=_("number of the consent, which its unsubscribe link holds"),
            address_hash=_("hash of the e-mail address"),
            number_hash=_("hash of the telephone number"),
        ),
        rows_of=rows.consents,
        person_of=lambda consent: rows.person_of_sign_up(consent.sign_up_id),
        retention=(
            Retention(
                years("PROOF_YEARS", _("%(period)s after the consent has ended")),
                rows.consents_ended_long_ago,
            ),
        ),
        on_erasure=OnErasure(
            Fate.STRIPPED,
            _("The proof stays without the person’s data (GDPR Art. 7(1) and 17(3)(e))."),
            strip={"sign_up": None},
            rows=rows.consents_with_sign_up,
        ),
    )
)
declare(
    PersonalData(
        model=MarketingWithdrawal,
        name=_("withdrawals of consents to marketing"),
        people=_TRIAL_USERS,
        purpose=_PROOF,
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields=described(MarketingWithdrawal, "consent withdrawn_at method", id=_NUMBER),
        rows_of=rows.withdrawals,
        retention=(_ends_with_the_consent,),
        on_erasure=_proof_is_kept,
    )
)
declare(
    PersonalData(
        model=NumberConfirmation,
        name=_("confirmations of telephone numbers"),
        people=_TRIAL_USERS,
        purpose=_PROOF,
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields=described(NumberConfirmation, "consent noted_at", id=_NUMBER),
        rows_of=rows.number_confirmations,
        retention=(_ends_with_the_consent,),
        on_erasure=_proof_is_kept,
    )
)
declare(
    PersonalData(
        model=Objection,
        name=_("objections to marketing, as hashes of an address or a telephone number"),
        people=_TRIAL_USERS,
        purpose=_("sending no marketing to a person who objected to it (GDPR Art. 21(3))"),
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING,),
        fields=described(
            Objection,
            "channel objected_at",
            id=_NUMBER,
            key=_("hash of the e-mail address or of the telephone number"),
        ),
        rows_of=rows.objections,
        person_of=lambda objection: None,
        retention=(Retention(_("until the person agrees to marketing again, and confirms it")),),
        on_erasure=OnErasure(
            Fate.KEPT,
            _(
                "Without it, the person could get marketing again after a new sign-up or from a "
                "list. It is a hash alone."
            ),
        ),
    )
)
declare(
    PersonalData(
        model=HandOver,
        name=_("hand-overs to the telephone system"),
        people=_TRIAL_USERS,
        purpose=_TRIAL,
        basis=Basis.CONTRACT,
        recipients=(recipients.HOSTING, recipients.PHONE_SYSTEM),
        fields=described(
            HandOver,
            "sign_up state created_at next_attempt_at attempts finished_at last_error",
            id=_("number of the hand-over"),
            claimed_until=_("until when a program works on it"),
        ),
        rows_of=rows.hand_overs,
        person_of=lambda hand_over: rows.person_of_sign_up(hand_over.sign_up_id),
        retention=(Retention(_("as long as the sign-up that they belong to")),),
        on_erasure=OnErasure(Fate.DELETED),
    )
)
declare(
    PersonalData(
        model=ErasureNotice,
        name=_("notices that tell the telephone system of an erasure"),
        people=_TRIAL_USERS,
        purpose=_("having the account deleted that was set up for an erased trial"),
        basis=Basis.LEGAL_OBLIGATION,
        recipients=(recipients.HOSTING, recipients.PHONE_SYSTEM),
        fields=described(
            ErasureNotice,
            "trial_id erased_at state created_at next_attempt_at attempts finished_at last_error",
            id=_("number of the notice"),
            claimed_until=_("until when a program works on it"),
        ),
        rows_of=rows.erasure_notices,
        person_of=lambda notice: rows.person_of_sign_up(notice.trial_id),
        retention=(
            Retention(
                days("MAIL_DAYS", _("%(period)s after the notice was delivered or given up")),
                rows.old_erasure_notices,
            ),
        ),
        on_erasure=OnErasure(
            Fate.KEPT,
            _("It holds the number of the trial alone. Without it, the account would stay."),
        ),
    )
)

declare_nothing_personal(
    ConsentWording, "id channel texts hash created_at", "Our own words, the same for everybody."
)
declare_nothing_personal(
    MarketingMail,
    "id subject_pl subject_en text_pl text_en created_at sent_at",
    "Words of ours to everybody who agreed; who gets them is not written here.",
)
declare_nothing_personal(
    FunnelCount,
    "id date step language campaign count",
    "Counts of a day, without anything that links a count to a person.",
    retention=(
        Retention(
            days("OPTIMIZATION_DAYS", _("%(period)s after the day that they count")),
            rows.old_funnel_counts,
        ),
    ),
)

declare_elsewhere(
    KeptElsewhere(
        name=_("lists that staff download"),
        people=_TRIAL_USERS,
        what=_("sign-ups, or the people who agreed to calls, as a file"),
        purpose=_("marketing by e-mail or telephone, to which the person agreed"),
        basis=Basis.CONSENT,
        recipients=(),
        kept=_("until the work for which the list was downloaded is done"),
        erased=_("Staff delete the file. The history of the admin names every download."),
    )
)
