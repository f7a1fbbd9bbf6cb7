"""The currency of a page: the address wins, then the country we may know, then the language."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import get_language

from consent.gate.middleware import ConsentRequest
from pricing.cookies import COUNTRY_COOKIE, read_country
from pricing.models import Currency

DEFAULT_CURRENCIES = {"pl": Currency.PLN, "en": Currency.GBP}
# Countries that use the euro, by ISO 3166-1 code.
_EURO_COUNTRIES = "AD AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK SM VA XK"
_CURRENCIES = {"PL": Currency.PLN, "GB": Currency.GBP, "US": Currency.USD} | dict.fromkeys(
    _EURO_COUNTRIES.split(), Currency.EUR
)


class UnknownCurrency(Exception):
    """The address asks for a currency that is not on the closed list."""


@dataclass(frozen=True)
class QuotedCurrency:
    """A currency, and what decided it."""

    code: str
    reason: Literal["address", "country", "unknown country", "language"]


def currency_of(request: ConsentRequest) -> QuotedCurrency:
    """The currency to quote. Raises UnknownCurrency for a wrong `?currency=`."""
    if "currency" in request.GET:
        wanted = request.GET["currency"]
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
    """The country in the cookie, which is not even read without the grant (I7)."""
    if not request.consent.is_granted("preferences"):
        return None
    return read_country(request.COOKIES.get(COUNTRY_COOKIE))


def addresses(request: HttpRequest, quoted: QuotedCurrency) -> list[dict[str, object]]:
    """A link for each currency: it wins for that page and needs no cookie."""
    return [
        {
            "code": code,
            "name": label,
            "url": f"{request.path}?currency={code}",
            "is_current": code == quoted.code,
        }
        for code, label in Currency.choices
    ]
