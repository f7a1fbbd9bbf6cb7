"""E-mail addresses compared and counted: which are the same, and keyed hashes of them."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from privacy.models import end_of_window

# Gmail delivers to the same mailbox whatever dots the local part has.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def same(address: str) -> str:
    """What two ways of writing one address have in common: no mail server minds the case."""
    return address.strip().casefold()


def suppression_key(address: str) -> str:
    """A keyed hash of an address that does not exist."""
    return salted_hmac("mail:suppressed", same(address), algorithm="sha256").hexdigest()


def mailbox_key(address: str, *, purpose: str, window: timedelta, at: datetime) -> str:
    """A keyed hash of a mailbox in one window, for rate limits: +tags and Gmail's dots folded."""
    local, _at, domain = same(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), _DOTLESS[domain]
    value = f"{end_of_window(at, window):%Y-%m-%dT%H:%M} {local}@{domain}"
    return salted_hmac(f"mailbox:{purpose}", value, algorithm="sha256").hexdigest()
