"""Finds what a log may not hold: addresses, names, numbers and tokens of people (I21)."""

import re

_PATTERNS = {
    "mail address": re.compile(r"\S+@\S+"),
    "query": re.compile(r"\?\w+=\S*"),
    "telephone number": re.compile(r"\+\d[\d ]{7,}\d|\b\d{9}\b"),
    "network address": re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
    # As long as those of delivery/tokens.py. The names of our functions have no capital letter.
    "token": re.compile(r"(?=[-_a-z0-9]*[A-Z])[-\w]{43,}"),
    # The people and companies of tests/factories.py, and those that browser tests type.
    "name": re.compile(r"Nowak|Kowalsk|Przykład|Firma|Anna|Jan\b|Józef", re.IGNORECASE),
}
# gunicorn says once where it listens.
_OF_THE_OPERATOR = re.compile(r"Listening at: \S+")


def private_words(line: str) -> list[str]:
    """The private words in a log line, each with its kind, as in `mail address: a@b.pl`."""
    line = _OF_THE_OPERATOR.sub("", line)
    return [
        f"{kind}: {match.group()}"
        for kind, pattern in _PATTERNS.items()
        for match in pattern.finditer(line)
    ]
