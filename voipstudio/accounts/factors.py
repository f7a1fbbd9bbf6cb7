"""The second step of a login: an authenticator app, passkeys, recovery codes; read and changed.

Every change ends the other sessions of the person. Those made in the browser are in the history of
the admin.
"""

import base64
import hashlib
import secrets
from binascii import unhexlify
from collections.abc import Iterable

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_otp import login as mark_as_verified
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from voipstudio.accounts import sessions
from voipstudio.accounts.models import Passkey

Person = User | AnonymousUser

NUMBER_OF_RECOVERY_CODES = 10
# 80 bits in base 32: too many to be found from the hash that is stored.
_BYTES_OF_A_CODE = 10


def app_of(user: User) -> TOTPDevice | None:
    """The person's authenticator app."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def passkeys_of(user: User) -> list[Passkey]:
    return list(Passkey.objects.filter(user=user, confirmed=True).order_by("pk"))


def has_second_step(user: Person) -> bool:
    """Whether the person has an app or a passkey. Recovery codes alone are no second step."""
    factors = (TOTPDevice, Passkey)
    return any(each.objects.filter(user_id=user.pk, confirmed=True).exists() for each in factors)


def is_verified(user: Person) -> bool:
    """Whether the session has taken the second step; django-otp's middleware says it."""
    return getattr(user, "otp_device", None) is not None


def lacks_second_step(user: Person) -> bool:
    """Whether a person with the right password still has to take, or to set up, the second step."""
    if not user.is_authenticated or is_verified(user):
        return False
    return settings.SECOND_STEP_REQUIRED or has_second_step(user)


def has_given_password(user: Person) -> bool:
    """Whether a password has let in a member of staff, whatever the second step says."""
    return bool(user.is_active and user.is_staff)


def has_still_to_verify(user: Person) -> bool:
    """Whether the password of the person was right, and the second step is still to be taken."""
    return has_given_password(user) and not is_verified(user) and has_second_step(user)


def may_set_up(user: Person) -> bool:
    """Whether the person may change their second step: with it, if they have one already."""
    return has_given_password(user) and (is_verified(user) or not has_second_step(user))


def sign_in_with(request: HttpRequest, device: Device) -> None:
    """Let the session in, under a new key (a key that was stolen before is worth nothing)."""
    request.session.cycle_key()
    mark_as_verified(request, device)


def app_code_in(text: str) -> str | None:
    """The digits of a code of an app, which people type with spaces; None for any other text."""
    code = text.replace(" ", "")
    return code if code.isascii() and code.isdigit() else None


def time_step_of(key: str, code: str) -> int | None:
    """The time step in which an app with this key (hexadecimal) shows this code, if it is now."""
    totp = TOTP(unhexlify(key))
    return totp.t() if totp.verify(int(code), tolerance=1) else None


def add_app(request: HttpRequest, key: str, *, time_step: int) -> None:
    """Store the app of the person who is signed in. The code of this time step is used up."""
    user = signed_in(request)
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        app = TOTPDevice.objects.create(user=user, name="app", key=key, last_t=time_step)
        _changed(request, user, _("An authenticator app was set up."))
    sign_in_with(request, app)


def add_passkey(request: HttpRequest, passkey: Passkey) -> None:
    with transaction.atomic():
        passkey.save()
        _changed(request, signed_in(request), _("A passkey was added."))
    sign_in_with(request, passkey)


def remove(request: HttpRequest, device_id: str) -> bool:
    """Remove an app or a passkey of the person who is signed in. Returns whether it was theirs."""
    user = signed_in(request)
    devices: Iterable[Device] = [*passkeys_of(user), *filter(None, [app_of(user)])]
    chosen = [device for device in devices if device.persistent_id == device_id]
    with transaction.atomic():
        for device in chosen:
            device.delete()
            _changed(request, user, _("A second step was removed."))
        if chosen and not has_second_step(user):
            StaticDevice.objects.filter(user=user).delete()
    return bool(chosen)


def reset(user: User, *, but: str | None = None) -> None:
    """Remove every second step of a person, and end their sessions, except that with this key."""
    with transaction.atomic():
        for model in (TOTPDevice, StaticDevice, Passkey):
            model.objects.filter(user=user).delete()
        sessions.end_all(user, but=but)


def make_recovery_codes(request: HttpRequest) -> list[str]:
    """A new set for the person who is signed in; the old set ends. Only hashes are kept."""
    user = signed_in(request)
    codes = [_new_code() for _number in range(NUMBER_OF_RECOVERY_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery codes")
        StaticToken.objects.bulk_create(
            StaticToken(device=device, token=_hash_of(code)) for code in codes
        )
        _changed(request, user, _("New recovery codes were made."))
    return codes


def number_of_recovery_codes(user: User) -> int:
    """How many codes the person has not used yet."""
    number: int = StaticToken.objects.filter(device__user=user).count()
    return number


def use_recovery_code(user: User, code: str) -> StaticDevice | None:
    """The person's recovery codes, if this is one of them. It is used up."""
    with transaction.atomic():
        device = StaticDevice.objects.select_for_update().filter(user=user).first()
        is_right = device is not None and device.verify_token(_hash_of(code))
    return device if is_right else None


def use_app_code(user: User, code: str) -> TOTPDevice | None:
    """The person's app, if it shows this code now. Each code is good once."""
    with transaction.atomic():
        app = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        is_right = app is not None and app.verify_token(code)
    return app if is_right else None


def signed_in(request: HttpRequest) -> User:
    """The person of a request that a password has let in."""
    assert isinstance(request.user, User)  # noqa: S101 - the views let in nobody else
    return request.user


def record(user: User, message: str, *, by: User) -> None:
    """Write a line into the history of a person in the admin."""
    LogEntry.objects.log_actions(
        user_id=by.pk,
        queryset=[user],
        action_flag=CHANGE,
        change_message=message,
        single_object=True,
    )


def _changed(request: HttpRequest, user: User, message: str) -> None:
    sessions.end_all(user, but=request.session.session_key)
    record(user, message, by=user)


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(_BYTES_OF_A_CODE)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _hash_of(code: str) -> str:
    """What is stored of a code: 96 bits of its SHA-256, as many as the column holds."""
    letters = "".join(code.split()).replace("-", "").lower()
    digest = hashlib.sha256(f"recovery code {letters}".encode()).digest()
    return base64.urlsafe_b64encode(digest)[:16].decode()
