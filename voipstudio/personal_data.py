"""Models of this project and of libraries without anything personal, and what is in no table.

Accounts of staff are in voipstudio/accounts/personal_data.py.
"""

from cookie_consent.models import Cookie, CookieGroup, LogItem
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from privacy.rights.map.declarations import Basis, KeptElsewhere, People
from privacy.rights.map.periods import days
from privacy.rights.map.register import declare_elsewhere, declare_nothing_personal
from privacy.rights.recipients import recipients
from voipstudio.models import Page, PageSection, Question, Redirect, SectionItem

recipients.only_when(recipients.ERROR_REPORTS, lambda: bool(settings.SENTRY_DSN))

_PAGES = "Texts of pages, the same for everybody."
_STAFF_ROLES = "Names of what staff may do, without a person."
_REGISTRY = "Texts of ours about cookies, the same for everybody."
_EVERYBODY = (People.VISITORS, People.TRIAL_USERS, People.STAFF)
_OPERATION = _("running the site and finding its faults")

declare_nothing_personal(
    Page,
    "id code title_pl title_en lead_pl lead_en description_pl description_en body_pl body_en",
    _PAGES,
)
declare_nothing_personal(PageSection, "id page code heading_pl heading_en text_pl text_en", _PAGES)
declare_nothing_personal(
    SectionItem, "id section order icon name_pl name_en text_pl text_en", _PAGES
)
declare_nothing_personal(
    Question, "id page order question_pl question_en answer_pl answer_en", _PAGES
)
declare_nothing_personal(Redirect, "id old_path new_path", "Addresses of pages.")
declare_nothing_personal(
    CookieGroup,
    "id varname name description is_required is_deletable ordering created",
    _REGISTRY,
)
declare_nothing_personal(Cookie, "id cookiegroup name description path domain created", _REGISTRY)
declare_nothing_personal(
    LogItem,
    "id action cookiegroup version created",
    "The log of the library stays empty: COOKIE_CONSENT_LOG_ENABLED is False.",
)
declare_nothing_personal(Group, "id name", _STAFF_ROLES)
declare_nothing_personal(Permission, "id name content_type codename", _STAFF_ROLES)
declare_nothing_personal(Group.permissions.through, "id group permission", _STAFF_ROLES)
declare_nothing_personal(ContentType, "id app_label model", "Names of models.")
_UNUSED = "This table stays empty: sessions are rows of accounts.StaffSession."
declare_nothing_personal(
    Session,
    "session_key session_data expire_date",
    _UNUSED,
    although={"session_key": _UNUSED, "session_data": _UNUSED},
)

declare_elsewhere(
    KeptElsewhere(
        name=_("log lines and error reports"),
        people=_EVERYBODY,
        what=_("kind of page, status and time of a request; no address, name, query or token"),
        purpose=_OPERATION,
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.HOSTING, recipients.ERROR_REPORTS),
        kept=_("as long as they are needed to find faults; they name nobody"),
        erased=_("They hold nothing that belongs to a person."),
    )
)
declare_elsewhere(
    KeptElsewhere(
        name=_("backups of the database"),
        people=_EVERYBODY,
        what=_("everything that is in the tables"),
        purpose=_("restoring the data after a fault (GDPR Art. 32(1)(c))"),
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.HOSTING,),
        kept=days("BACKUP_DAYS", _("%(period)s after the backup was made")),
        erased=_(
            "The backup as a whole is deleted when its time is over. After a restore, the journal "
            "of erasures erases the person again."
        ),
    )
)
declare_elsewhere(
    KeptElsewhere(
        name=_("e-mails in files"),
        people=(People.STAFF,),
        what=_("the e-mails themselves, where the site has no mail server, as on a test machine"),
        purpose=_("trying the site out"),
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(),
        kept=_("until the operator deletes the folder"),
        erased=_("Erasure deletes the files of the person. A site in production has none."),
    )
)
declare_elsewhere(
    KeptElsewhere(
        name=_("correspondence"),
        people=_EVERYBODY,
        what=_("e-mails and letters that people send us, and our answers"),
        purpose=_("answering people who write to us"),
        basis=Basis.LEGITIMATE_INTEREST,
        recipients=(recipients.MAIL,),
        kept=_("as long as we deal with the matter"),
        erased=_("Staff delete it from the mailbox."),
    )
)
