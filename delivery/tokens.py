"""Tokens in the links of mails (I15): random, hashed at rest, single use, short-lived.

The worker makes one as it writes a mail; opening the link shows a button, and only its POST acts.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from delivery.models import Token

LIFETIME = timedelta(hours=48)


class TokenRefused(Exception):
    """The token does not act. `token` is its row, or None for one that was never made."""

    def __init__(self, token: Token | None = None) -> None:
        super().__init__()
        self.token = token


def make(*, purpose: str, subject: str, at: datetime, lifetime: timedelta = LIFETIME) -> str:
    """A new token, 256 random bits, which only its reader will know (RFC 4648, base64url)."""
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
    """The row of a token that can act now. Raises TokenRefused for any other."""
    token = Token.objects.filter(digest=_digest(value), purpose=purpose).first()
    if token is None or token.used_at is not None or token.expires_at <= at:
        raise TokenRefused(token)
    return token


def use(value: str, *, purpose: str, at: datetime) -> Token:
    """Use a token up, once: call it in the transaction of what it does. Raises TokenRefused."""
    token = read(value, purpose=purpose, at=at)
    if not Token.objects.filter(pk=token.pk, used_at__isnull=True).update(used_at=at):
        token.refresh_from_db()
        raise TokenRefused(token)
    return token


def _digest(value: str) -> str:
    """SHA-256 is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(value.encode()).hexdigest()
