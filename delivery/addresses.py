"""E-mail addresses: one form for comparison, and the keyed hash of a suppressed one."""

from django.utils.crypto import salted_hmac


def normalized(address: str) -> str:
    """One form for all spellings of an address: mail servers ignore its case."""
    return address.strip().casefold()


def suppression_key(address: str) -> str:
    """A keyed hash of an address that does not exist."""
    return salted_hmac("mail:suppressed", normalized(address), algorithm="sha256").hexdigest()
