"""The currency of a page: `?currency=` decides, then a granted country, then the language."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import get_language

from consent.choice.request import ConsentRequest
from pricing.cookies import COUNTRY_COOKIE, read_country
from pricing.models import Currency

DEFAULT_CURRENCIES = {"pl": Currency.PLN, "en": Currency.GBP}
# Countries that use the euro, by ISO 3166-1 code.
_EURO_COUNTRIES = "AD AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK SM VA XK"
_CURRENCIES = {"PL": Currency.PLN, "GB": Currency.GBP, "US": Currency.USD} | dict.fromkeys(
    _EURO_COUNTRIES.split(), Currency.EUR
)


class UnknownCurrency(Exception):
    """`?currency=` names a currency that is not on the closed list."""


@dataclass(frozen=True)
class QuotedCurrency:
    """The currency of a page, and the reason for it."""

    code: str
    reason: Literal["address", "country", "unknown country", "language"]


def currency_of(request: ConsentRequest) -> QuotedCurrency:
    """The currency to quote. Raises UnknownCurrency for an unknown `?currency=`."""
    if "currency" in request.GET:
        wanted = request.GET["currency"]
        # A closed list: the currency is part of the key of the page cache.
        if wanted not in Currency.values:
            raise UnknownCurrency(wanted)
        return QuotedCurrency(wanted, "address")
    country = _granted_country(request)
    if country in _CURRENCIES:
        return QuotedCurrency(_CURRENCIES[country], "country")
    default = DEFAULT_CURRENCIES[get_language() or "pl"]
    may_know = request.consent.is_granted("preferences")
    return QuotedCurrency(default, "unknown country" if may_know else "language")


def _granted_country(request: ConsentRequest) -> str | None:
    """The country in the cookie; without the grant it is not read (I7: ungranted, unread)."""
    if not request.consent.is_granted("preferences"):
        return None
    return read_country(request.COOKIES.get(COUNTRY_COOKIE))


def addresses(request: HttpRequest, quoted: QuotedCurrency) -> list[dict[str, object]]:
    """A link for each currency. It decides for that page alone, and needs no cookie."""
    return [
        {
            "code": code,
            "name": label,
            "url": f"{request.path}?currency={code}",
            "is_current": code == quoted.code,
        }
        for code, label in Currency.choices
    ]
