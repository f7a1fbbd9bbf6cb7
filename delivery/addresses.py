"""E-mail addresses: one form for comparison, and the keyed hash of a suppressed address."""

from django.utils.crypto import salted_hmac


def normalized(address: str) -> str:
    """One form for all spellings of an address.

    RFC 5321, section 2.4, allows servers to tell upper from lower case; in practice they ignore it.
    """
    return address.strip().casefold()


def suppression_key(address: str) -> str:
    """A hash by which an address is found again. It has a key, against guessing."""
    return salted_hmac("mail:suppressed", normalized(address), algorithm="sha256").hexdigest()
