"""Members of staff, their devices, and what they do at the login."""

from base64 import b32decode
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from voipstudio.accounts.models import Passkey

PASSWORD = "for-tests-only"
LOGIN = "/admin/login/"
SECOND_STEP = "/admin/second-step/"
SETUP = "/admin/second-step/setup/"
CODES = f"{SETUP}recovery-codes/"


def make_person(name: str = "anna", **fields: Any) -> User:
    """A member of staff with a password."""
    return User.objects.create_user(name, password=PASSWORD, **{"is_staff": True} | fields)


def make_app(user: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=user, name="app")


def make_passkey(user: User) -> Passkey:
    """A passkey that nobody has: no answer of a browser fits it."""
    return Passkey.objects.create(
        user=user, name="laptop", credential_id=f"id-of-{user.pk}", public_key=b"key"
    )


def code_of(app: TOTPDevice, *, steps_later: int = 0) -> str:
    """The code that the app shows now, or some half minutes later."""
    return code_of_key(app.bin_key, steps_later=steps_later)


def code_of_key(key: bytes | str, *, steps_later: int = 0) -> str:
    """The same for a key; a text is the key in base 32, as a page shows it."""
    totp = TOTP(b32decode(key.replace(" ", "")) if isinstance(key, str) else key)
    totp.time = timezone.now().timestamp() + 30 * steps_later
    return f"{totp.token():06}"


def send_password(
    client: Client, password: str = PASSWORD, *, name: str = "anna", next_page: str = "/admin/"
) -> Any:
    """Send the form of the login."""
    fields = {"username": name, "password": password, "next": next_page}
    return client.post(LOGIN, fields)


def signed_in(name: str = "anna", *, address: str = "203.0.113.9") -> Client:
    """A client after the right password; the second step, if there is one, is still to come."""
    client = Client(REMOTE_ADDR=address)
    assert send_password(client, name=name).status_code == 302
    return client


def verified(user: User, *, address: str = "203.0.113.9") -> Client:
    """A client after the right password and a code of the person's app."""
    client = signed_in(user.username, address=address)
    app = TOTPDevice.objects.get(user=user)
    response = client.post(SECOND_STEP, {"code": code_of(app)})
    assert response.status_code == 302
    # Each code is good once; a test may need the next login at once.
    TOTPDevice.objects.filter(pk=app.pk).update(last_t=-1)
    return client


def is_inside(client: Client) -> bool:
    """Whether the admin shows its first page to this client."""
    response = client.get("/admin/")
    assert response.status_code in {200, 302}
    return bool(response.status_code == 200)
