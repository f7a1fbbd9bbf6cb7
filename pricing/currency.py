"""The currency of a page: `?currency=` decides, then a granted country, then the language."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from babel.numbers import get_territory_currencies
from django.http import HttpRequest

from consent.choice.request import ConsentRequest
from content.paths import language_of
from pricing.cookies import COUNTRY_COOKIE, read_country
from pricing.models import Currency

DEFAULT_CURRENCIES = {"pl": Currency.PLN, "en": Currency.GBP}
# Gibraltar's own pound is worth one pound sterling by law.
_SAME_AS = {"GIP": Currency.GBP}


@dataclass(frozen=True)
class QuotedCurrency:
    """The currency of a page, and the reason for it."""

    code: str
    reason: Literal["address", "unknown currency", "country", "unknown country", "language"]


def currency_of(request: ConsentRequest) -> QuotedCurrency:
    """The currency to quote. An unknown `?currency=` is ignored, and the page says so."""
    default = DEFAULT_CURRENCIES[language_of(request.path_info)]
    if "currency" in request.GET:
        wanted = request.GET["currency"].strip().upper()
        # A closed list: the currency is part of the key of the page cache.
        if wanted in Currency.values:
            return QuotedCurrency(wanted, "address")
        return QuotedCurrency(default, "unknown currency")
    country = _granted_country(request)
    if country and (currency := _tender_of(country)):
        return QuotedCurrency(currency, "country")
    may_know = request.consent.is_granted("preferences")
    return QuotedCurrency(default, "unknown country" if may_know else "language")


@lru_cache(maxsize=26 * 26)
def _tender_of(country: str) -> str | None:
    """The first tender of a territory (ISO 3166-1; Unicode CLDR) that we quote."""
    tenders = (_SAME_AS.get(code, code) for code in get_territory_currencies(country))
    return next((code for code in tenders if code in Currency.values), None)


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
