"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is right.

`webauthn` does both. It is imported in the functions that need it: it takes 14 MB and a second,
which public pages must not pay for.
"""

import base64
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import salted_hmac

from voipstudio.accounts.models import Passkey

Ceremony = Literal["add", "sign in"]

_CREDENTIAL_ID = re.compile(r"[-\w]{1,1364}", re.ASCII)
_IN_SESSION = "passkey_challenge"
TIME_TO_ANSWER = timedelta(minutes=5)


class WrongAnswer(Exception):
    """The answer of the browser proves nothing: malformed, late, or of another passkey."""


def options_to_add(session: SessionBase, user: User, *, at: datetime) -> dict[str, Any]:
    """What `navigator.credentials.create` is to be asked, as JSON."""
    from webauthn import generate_registration_options
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=settings.SITE_HOST,
        rp_name=settings.SITE_HOST,
        # The same for all passkeys of a person, and not their name or number (14.6.1).
        user_id=salted_hmac("passkey", str(user.pk), algorithm="sha256").digest(),
        user_name=user.get_username(),
        challenge=_new_challenge(session, "add", at=at),
        timeout=int(TIME_TO_ANSWER.total_seconds() * 1000),
        exclude_credentials=_descriptors(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return _as_json(options)


def new_passkey(
    session: SessionBase, user: User, *, answer: str, name: str, at: datetime
) -> Passkey:
    """The passkey that the browser made, not saved yet. Raises WrongAnswer."""
    from webauthn import verify_registration_response

    challenge = _take_challenge(session, "add", at=at)
    with _wrong_answers():
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=settings.SITE_HOST,
            expected_origin=settings.SITE_ORIGIN,
        )
    credential_id = _text_of(made.credential_id)
    if Passkey.objects.filter(credential_id=credential_id).exists():
        raise WrongAnswer
    return Passkey(
        user=user,
        name=name,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(answer),
    )


def options_to_sign_in(session: SessionBase, user: User, *, at: datetime) -> dict[str, Any]:
    """What `navigator.credentials.get` is to be asked, as JSON."""
    from webauthn import generate_authentication_options
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=settings.SITE_HOST,
        challenge=_new_challenge(session, "sign in", at=at),
        timeout=int(TIME_TO_ANSWER.total_seconds() * 1000),
        allow_credentials=_descriptors(user),
        # The password came before: that the person has the passkey is enough.
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return _as_json(options)


def passkey_that_signed(session: SessionBase, user: User, *, answer: str, at: datetime) -> Passkey:
    """The person's passkey that signed the challenge. Raises WrongAnswer."""
    from webauthn import verify_authentication_response

    challenge = _take_challenge(session, "sign in", at=at)
    with transaction.atomic(), _wrong_answers():
        passkey = _named_in(answer, user)
        signed = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=settings.SITE_HOST,
            expected_origin=settings.SITE_ORIGIN,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
        passkey.sign_count = signed.new_sign_count
        passkey.last_used_at = at
        passkey.save(update_fields=["sign_count", "last_used_at"])
    return passkey


@contextmanager
def _wrong_answers() -> Iterator[None]:
    """Raise WrongAnswer for all that `webauthn` raises: it reads the bytes of strangers."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        yield
    # RecursionError: a thousand lists in each other.
    except (
        WebAuthnException,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        RecursionError,
    ) as error:
        raise WrongAnswer from error


def _named_in(answer: str, user: User) -> Passkey:
    """The passkey of the person that an answer names. Locked: its count of signatures follows."""
    credential_id = json.loads(answer)["id"]
    if not _CREDENTIAL_ID.fullmatch(credential_id):
        raise WrongAnswer
    passkeys = Passkey.objects.select_for_update().filter(user=user, confirmed=True)
    passkey: Passkey | None = passkeys.filter(credential_id=credential_id).first()
    if passkey is None:
        raise WrongAnswer
    return passkey


def _transports(answer: str) -> list[str]:
    """What the browser says of how it reaches the passkey: a hint, not a proof."""
    value = json.loads(answer).get("response", {}).get("transports")
    if not isinstance(value, list):
        return []
    # Not every database can store every character.
    names = [name for name in value if isinstance(name, str) and name.isascii()]
    return [name for name in names if name.isprintable() and len(name) <= 32][:8]


def _descriptors(user: User) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    known = {transport.value for transport in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(passkey.credential_id),
            transports=[AuthenticatorTransport(t) for t in passkey.transports if t in known],
        )
        for passkey in Passkey.objects.filter(user=user, confirmed=True)
    ]


def _new_challenge(session: SessionBase, ceremony: Ceremony, *, at: datetime) -> bytes:
    challenge = secrets.token_bytes(32)
    session[_IN_SESSION] = [ceremony, _text_of(challenge), (at + TIME_TO_ANSWER).timestamp()]
    return challenge


def _take_challenge(session: SessionBase, ceremony: Ceremony, *, at: datetime) -> bytes:
    """The challenge of the session. It is good once: it is taken out before the answer is read."""
    asked, challenge, until = session.pop(_IN_SESSION, ("", "", 0))
    session.save()
    if asked != ceremony or at.timestamp() > until:
        raise WrongAnswer
    return base64.urlsafe_b64decode(f"{challenge}==")


def _as_json(options: Any) -> dict[str, Any]:
    from webauthn import options_to_json

    value: dict[str, Any] = json.loads(options_to_json(options))
    return value


def _text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
