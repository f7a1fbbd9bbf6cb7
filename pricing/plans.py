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
from content.both_languages import pair
from pricing.models import Plan, lines

# British English: a dollar sign alone could be any dollar.
_LOCALES = {"pl": "pl_PL", "en": "en_GB"}


@dataclass(frozen=True)
class OfferedPlan:
    """One plan that is offered. Amounts are per user and billing period, by ISO 4217 code."""

    code: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    features: Mapping[str, str]
    amounts: Mapping[str, str]
    billing_period: str  # "month" or "year"
    vat: str  # "net" or "gross"
    is_sample: bool

    @property
    def includes_vat(self) -> bool:
        return self.vat == Plan.Vat.GROSS

    @property
    def billing(self) -> str:
        """What an amount is for, in the active language."""
        return {
            ("month", "net"): _("per user and month, net of VAT"),
            ("month", "gross"): _("per user and month, VAT included"),
            ("year", "net"): _("per user and year, net of VAT"),
            ("year", "gross"): _("per user and year, VAT included"),
        }[self.billing_period, self.vat]

    def price(self, *, currency: str, language: str) -> str:
        """The amount as people write it; empty where there is none in this currency."""
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
    """The plans that are offered now. Raises content.ContentUnavailable."""
    plans: tuple[OfferedPlan, ...] = store.current()["plans"]
    return plans


def cheapest(*, currency: str) -> OfferedPlan | None:
    """The plan whose price a “from” may name; None where no price can be compared honestly.

    Only amounts of the shortest billing period are compared: a twelfth of a yearly price is not
    what anybody pays in a month. Net and gross prices side by side have no cheapest one. The plan
    may be a sample: whoever shows its price says so.
    """
    priced = [plan for plan in current() if currency in plan.amounts]
    monthly = [plan for plan in priced if plan.billing_period == Plan.Period.MONTH]
    compared = monthly or priced
    if len({plan.vat for plan in compared}) != 1:
        return None
    return min(compared, key=lambda plan: Decimal(plan.amounts[currency]))


def vat_of_all(plans: Iterable[OfferedPlan], *, currency: str) -> str:
    """Whether the prices shown are "net", "gross" or "both"; empty where none is shown."""
    kinds = {plan.vat for plan in plans if currency in plan.amounts}
    return kinds.pop() if len(kinds) == 1 else "both" if kinds else ""


def billing_of_all(plans: Iterable[OfferedPlan], *, currency: str) -> str:
    """What the prices shown are for, where it is the same for all of them; else empty."""
    said = {plan.billing for plan in plans if currency in plan.amounts}
    return said.pop() if len(said) == 1 else ""


def _read() -> list[dict[str, Any]]:
    return [
        {
            "code": plan.code,
            "names": pair(plan, "name"),
            "descriptions": pair(plan, "description"),
            "features": pair(plan, "features"),
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
