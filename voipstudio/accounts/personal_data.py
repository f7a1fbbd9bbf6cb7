"""Personal data of staff: accounts, second steps, sessions, and what they did in the admin."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from consent import personal_data as choices
from privacy.models import PolicyStep, RateCount, Reading
from privacy.rights.map.declarations import (
    Basis,
    Fate,
    OnErasure,
    People,
    Person,
    PersonalData,
    Retention,
    Text,
    described,
)
from privacy.rights.map.periods import years, years_before
from privacy.rights.map.register import add_finder, all_declared, declare, found_by_finders
from privacy.rights.recipients import recipients
from trial.rights import rows_of_person
from voipstudio.accounts import limits
from voipstudio.accounts.models import Passkey, StaffSession

_NUMBER = _("number of the row")
_ACCOUNT = _("account")
_ACCOUNTS = _("accounts of staff, and keeping strangers out of them")
_DEVICE = {
    "id": _NUMBER,
    "user": _ACCOUNT,
    "name": _("name of the device"),
    "confirmed": _("confirmed"),
    "created_at": _("created at"),
    "last_used_at": _("last used at"),
}
# Columns of django-otp for its own limits, which this site does not use.
_THROTTLING = {
    "throttling_failure_timestamp": _("last wrong code; not used"),
    "throttling_failure_count": _("number of wrong codes; not used"),
}
_ends_with_the_account = Retention(_("as long as the account"))
_with_the_account = OnErasure(
    Fate.KEPT, _("A superuser deletes the account when the colleague leaves.")
)


def users(person: Person) -> QuerySet[User]:
    """The account with the address. An empty address is nobody's."""
    return User.objects.filter(email__iexact=person.email).exclude(email="")


def _of_user(model: type[Model], field: str = "user") -> Callable[[Person], QuerySet[Any]]:
    """Finds the rows whose field points to the person's account."""

    def rows(person: Person) -> QuerySet[Any]:
        return model._default_manager.filter(**{f"{field}__in": users(person)})

    return rows


def app_code_counts(person: Person) -> QuerySet[RateCount]:
    """The counts of codes of the app. Others cover the network too, which nobody has stored."""
    ends = RateCount.objects.order_by().values_list("ends_at", flat=True).distinct()
    keys = [
        limits.app_code_key(user, at=end - limits.APP_CODE_WINDOW)
        for user in users(person)
        for end in ends
    ]
    return RateCount.objects.filter(key__in=keys)


add_finder(RateCount, app_code_counts)
add_finder(PolicyStep, _of_user(PolicyStep))
add_finder(LogEntry, _of_user(LogEntry))
add_finder(Reading, _of_user(Reading))


def of_somebody_else(entry: LogEntry, person: Person) -> tuple[str, ...]:
    """The fields that describe a row of somebody else, which a colleague changed."""
    if entry.content_type is None or entry.object_id is None:
        return ()
    model = entry.content_type.model_class()
    data = next((each for each in all_declared() if each.model is model), None)
    own = data.rows_of(person).values_list("pk", flat=True) if data else []
    is_own = data is None or entry.object_id in {str(pk) for pk in own}
    return () if is_own else ("object_id", "object_repr", "change_message")


def ended_sessions(at: datetime) -> QuerySet[StaffSession]:
    return StaffSession.objects.filter(expire_date__lte=at)


def old_log_entries(at: datetime) -> QuerySet[LogEntry]:
    before = years_before(at, settings.HISTORY_YEARS)
    return LogEntry.objects.filter(action_time__lte=before)


def _declare(
    model: type[Model],
    name: Text,
    fields: Mapping[str, Text],
    rows_of: Callable[[Person], QuerySet[Any]],
    *,
    people: tuple[People, ...] = (People.STAFF,),
    retention: Retention = _ends_with_the_account,
    on_erasure: OnErasure = _with_the_account,
    secrets: frozenset[str] = frozenset(),
    of_others: Callable[[Any, Person], tuple[str, ...]] | None = None,
    purpose: Text = _ACCOUNTS,
) -> None:
    declare(
        PersonalData(
            model=model,
            name=name,
            people=people,
            purpose=purpose,
            basis=Basis.LEGITIMATE_INTEREST,
            recipients=(recipients.HOSTING,),
            fields=fields,
            rows_of=rows_of,
            retention=(retention,),
            on_erasure=on_erasure,
            secrets=secrets,
            of_others=of_others,
        )
    )


_declare(
    User,
    _("accounts of staff"),
    described(
        User,
        "password last_login is_superuser username first_name last_name email is_staff is_active "
        "date_joined",
        id=_NUMBER,
    ),
    users,
    secrets=frozenset({"password"}),
)
_declare(
    User.groups.through,
    _("groups of an account"),
    {"id": _NUMBER, "user": _ACCOUNT, "group": _("group")},
    _of_user(User.groups.through),
)
_declare(
    User.user_permissions.through,
    _("permissions of an account"),
    {"id": _NUMBER, "user": _ACCOUNT, "permission": _("permission")},
    _of_user(User.user_permissions.through),
)
_declare(
    TOTPDevice,
    _("apps that show codes for the login"),
    _DEVICE
    | _THROTTLING
    | {
        "key": _("secret of the app"),
        "step": _("seconds for which a code is shown"),
        "t0": _("moment from which the codes are counted"),
        "digits": _("number of digits"),
        "tolerance": _("number of earlier and later codes that are accepted"),
        "drift": _("how far the clock of the app is off"),
        "last_t": _("number of the last code that was used"),
    },
    _of_user(TOTPDevice),
    secrets=frozenset({"key"}),
)
_declare(StaticDevice, _("sets of recovery codes"), _DEVICE | _THROTTLING, _of_user(StaticDevice))
_declare(
    StaticToken,
    _("recovery codes"),
    {"id": _NUMBER, "device": _("set of recovery codes"), "token": _("recovery code")},
    _of_user(StaticToken, "device__user"),
    secrets=frozenset({"token"}),
)
_declare(
    Passkey,
    _("passkeys"),
    _DEVICE
    | {
        "credential_id": _("name of the passkey, as the device knows it"),
        "public_key": _("public key"),
        "sign_count": _("how often the device says that it was used"),
        "transports": _("how a browser reaches the device"),
    },
    _of_user(Passkey),
)
_declare(
    StaffSession,
    _("sessions of staff"),
    {
        "session_key": _("key of the session"),
        "session_data": _("who is signed in, when, and since when"),
        "expire_date": _("end of the session"),
        "user": _ACCOUNT,
    },
    _of_user(StaffSession),
    retention=Retention(_("until the session ends"), ended_sessions),
    on_erasure=OnErasure(Fate.DELETED),
    secrets=frozenset({"session_key", "session_data"}),
)
_declare(
    LogEntry,
    _("history of the admin"),
    described(
        LogEntry,
        "action_time content_type object_repr action_flag change_message",
        id=_NUMBER,
        user=_("account of the colleague"),
        object_id=_("number of the row that the colleague changed"),
    ),
    found_by_finders(LogEntry),
    people=(People.STAFF, People.TRIAL_USERS),
    retention=Retention(years("HISTORY_YEARS", _("%(period)s after the action")), old_log_entries),
    on_erasure=OnErasure(
        Fate.DELETED,
        _(
            "What was done with the person’s rows goes with them. What a colleague did with other "
            "rows stays (GDPR Art. 5(2))."
        ),
        rows=lambda person: rows_of_person.log_entries(person) | choices.log_entries(person),
    ),
    of_others=of_somebody_else,
    purpose=_("showing who changed or downloaded what in the admin"),
)
