"""E-mail addresses: the one form that is stored and sent to, one for people, one to compare."""

from typing import TYPE_CHECKING

import idna

if TYPE_CHECKING:
    from email_validator import ValidatedEmail


class InvalidAddress(ValueError):
    """Not an address that every mail server takes."""


def in_ascii(address: str) -> str:
    """The form that is stored and sent to: the domain in ASCII. Raises InvalidAddress.

    Spellings of one domain (upper case, full-width letters, xn--) become one. Characters that
    nobody sees are refused, or dropped where IDNA says so.
    """
    return _validated(address).ascii_email or ""


def domain_in_ascii(domain: str) -> str:
    """A domain in ASCII (IDNA 2008): straße.de is not strasse.de. Raises InvalidAddress."""
    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError:  # of which idna.IDNAError is one
        raise InvalidAddress from None


def readable(address: str) -> str:
    """An address for people: its domain with the letters of their language."""
    try:
        return _validated(address).normalized
    except InvalidAddress:
        return address


def normalized(address: str) -> str:
    """One form for all spellings of an address, for comparison only.

    RFC 5321, section 2.4, allows servers to tell upper from lower case; in practice they ignore it.
    Not casefolded: that makes ss of ß, and two people of one.
    """
    try:
        return in_ascii(address).lower()
    except InvalidAddress:
        return address.strip().lower()


def search_term(text: str) -> str:
    """What to search stored addresses for: words with an @ get their domain in ASCII."""
    return " ".join(map(_searched_word, text.split()))


def _validated(address: str) -> "ValidatedEmail":
    # Here, because its expressions take long to compile: no page waits for that at the start.
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise InvalidAddress from None


def _searched_word(word: str) -> str:
    local, at, domain = word.rpartition("@")
    try:
        return f"{local}@{domain_in_ascii(domain)}" if at else word
    except InvalidAddress:
        return word
