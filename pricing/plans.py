"""Plans as readers see them: immutable values in memory."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.utils.translation import gettext as _

from content import store
from content.both_languages import by_language
from pricing.models import Plan, lines

# British English: a dollar sign alone could be any dollar.
_LOCALES = {"pl": "pl_PL", "en": "en_GB"}


@dataclass(frozen=True)
class OfferedPlan:
    """One plan on offer. Amounts are per user and billing period, by ISO 4217 code."""

    code: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    features: Mapping[str, str]
    amounts: Mapping[str, str]  # texts, because JSON has no decimal numbers
    billing_period: str  # "month" or "year"
    vat: str  # "net" or "gross"
    is_sample: bool

    @property
    def includes_vat(self) -> bool:
        return self.vat == Plan.Vat.GROSS

    @property
    def billing(self) -> str:
        """The period and the VAT of an amount, in the active language."""
        return {
            ("month", "net"): _("per user per month, excl. VAT"),
            ("month", "gross"): _("per user per month, incl. VAT"),
            ("year", "net"): _("per user per year, excl. VAT"),
            ("year", "gross"): _("per user per year, incl. VAT"),
        }[self.billing_period, self.vat]

    def price(self, *, currency: str, language: str) -> str:
        """The amount as people write it; empty if the plan has no price in this currency."""
        if currency not in self.amounts:
            return ""
        amount = Decimal(self.amounts[currency])
        written = format_currency(amount, currency, locale=_LOCALES[language])
        # CLDR puts a space between letters and digits; Babel leaves it out.
        return re.sub(r"(?<=[A-Z])(?=\d)", "\u00a0", written)

    def in_language(self, language: str, *, currency: str) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.names[language],
            "description": self.descriptions[language],
            "features": lines(self.features[language]),
            "price": self.price(currency=currency, language=language),
            "billing": self.billing,
            "is_sample": self.is_sample,
        }


def current() -> tuple[OfferedPlan, ...]:
    """The plans on offer. Raises store.ContentUnavailable."""
    plans: tuple[OfferedPlan, ...] = store.current()["plans"]
    return plans


def cheapest(*, currency: str) -> OfferedPlan | None:
    """The plan with the lowest price, for “from”; None if the prices cannot be compared.

    Only amounts of the shortest billing period are compared: nobody can pay a twelfth of a yearly
    price for one month. Net prices are not compared with gross ones. The plan may be a sample: a
    page that shows its price must say so.
    """
    priced = [plan for plan in current() if currency in plan.amounts]
    monthly = [plan for plan in priced if plan.billing_period == Plan.Period.MONTH]
    compared = monthly or priced
    if len({plan.vat for plan in compared}) != 1:
        return None
    return min(compared, key=lambda plan: Decimal(plan.amounts[currency]))


def vat_of_all(plans: Iterable[OfferedPlan], *, currency: str) -> str:
    """Whether the shown prices are "net", "gross" or "both"; empty if no price is shown."""
    kinds = {plan.vat for plan in plans if currency in plan.amounts}
    return kinds.pop() if len(kinds) == 1 else "both" if kinds else ""


def billing_of_all(plans: Iterable[OfferedPlan], *, currency: str) -> str:
    """The period and the VAT of the shown prices if all have the same; else empty."""
    texts = {plan.billing for plan in plans if currency in plan.amounts}
    return texts.pop() if len(texts) == 1 else ""


def _read() -> list[dict[str, Any]]:
    return [
        {
            "code": plan.code,
            "names": by_language(plan, "name"),
            "descriptions": by_language(plan, "description"),
            "features": by_language(plan, "features"),
            "amounts": {price.currency: str(price.amount) for price in plan.prices.all()},
            "billing_period": plan.billing_period,
            "vat": plan.vat,
            "is_sample": plan.is_sample,
        }
        for plan in Plan.objects.filter(is_active=True).prefetch_related("prices")
    ]


def _build(rows: list[dict[str, Any]], at: datetime) -> tuple[OfferedPlan, ...]:
    return tuple(OfferedPlan(**row) for row in rows)


SOURCE = store.Source("plans", _read, _build)
