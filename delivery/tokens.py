"""Tokens in the links of mails: random, hashed at rest, single use, short-lived (I15: tokens).

The worker makes a token as it writes a mail. The link opens a page with a button, and only the
POST of the button acts: mail programs and filters open links on their own.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from delivery.models import Token

LIFETIME = timedelta(hours=48)


class TokenRefused(Exception):
    """The token is refused. `token` is its row, or None if there is no such token."""

    def __init__(self, token: Token | None = None) -> None:
        super().__init__()
        self.token = token


def make(*, purpose: str, subject: str, at: datetime, lifetime: timedelta = LIFETIME) -> str:
    """A new token: 256 random bits in base64url (RFC 4648). Only its hash is stored."""
    value = secrets.token_urlsafe(32)
    Token.objects.create(
        digest=_digest(value),
        purpose=purpose,
        subject=subject,
        created_at=at,
        expires_at=at + lifetime,
    )
    return value


def read(value: str, *, purpose: str, at: datetime) -> Token:
    """The row of a token that is valid now. Raises TokenRefused for any other."""
    token = Token.objects.filter(digest=_digest(value), purpose=purpose).first()
    if token is None or token.used_at is not None or token.expires_at <= at:
        raise TokenRefused(token)
    return token


def use(value: str, *, purpose: str, at: datetime) -> Token:
    """Mark a token as used. Call it in the transaction of its action. Raises TokenRefused."""
    token = read(value, purpose=purpose, at=at)
    # Two requests may read the same token. The condition in the UPDATE lets only one use it.
    if not Token.objects.filter(pk=token.pk, used_at__isnull=True).update(used_at=at):
        # Read again: it is used by now, or deleted with its person.
        raise TokenRefused(Token.objects.filter(pk=token.pk).first())
    return token


def _digest(value: str) -> str:
    """SHA-256 without a salt: 256 random bits cannot be guessed, so a slow hash adds nothing."""
    return hashlib.sha256(value.encode()).hexdigest()
