"""Countries by their two letters (ISO 3166-1), and which of them belong to the EEA."""

import unicodedata

from babel import Locale
from django.utils.translation import get_language

# The European Economic Area: the European Union, Iceland, Liechtenstein and Norway.
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EEA = frozenset([*_EU.split(), "IS", "LI", "NO"])
# What CLDR names beside countries: unions, outlying islands, and codes for tests.
_NO_COUNTRY = frozenset(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"])


def country_name(code: str) -> str:
    """The name of a country in the active language; the code itself if no country has it."""
    return str(_territories().get(code, code))


def countries() -> list[tuple[str, str]]:
    """Code and name of every country, by name in the active language."""
    named = [
        (code, name)
        for code, name in _territories().items()
        if len(code) == 2 and code not in _NO_COUNTRY
    ]
    return sorted(named, key=lambda country: _sorting_key(country[1]))


def _territories() -> dict[str, str]:
    return dict(Locale.parse(get_language() or "en").territories)


def _sorting_key(name: str) -> str:
    """Letters without their marks, so that Łotwa stands between Lesotho and Luksemburg."""
    plain = unicodedata.normalize("NFKD", name.replace("Ł", "L").replace("ł", "l"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
