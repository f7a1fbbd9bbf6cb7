"""Plans as readers see them: immutable values in memory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.utils.translation import gettext as _

from pricing.models import Plan
from privacy import content

# British English: a dollar sign alone could be any dollar.
_LOCALES = {"pl": "pl_PL", "en": "en_GB"}


@dataclass(frozen=True)
class OfferedPlan:
    """One plan that is offered. Amounts are net, per user and month, by ISO 4217 code."""

    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    features: Mapping[str, str]
    amounts: Mapping[str, str]
    is_sample: bool

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
            "name": self.names[language],
            "description": self.descriptions[language],
            "features": self.features[language].splitlines(),
            "price": self.price(currency=currency, language=language),
            "billing": _("per user and month, net of VAT"),
            "is_sample": self.is_sample,
        }


def current() -> tuple[OfferedPlan, ...]:
    """The plans that are offered now. Raises content.ContentUnavailable."""
    plans: tuple[OfferedPlan, ...] = content.current()["plans"]
    return plans


def _read() -> list[dict[str, Any]]:
    return [
        {
            "names": {"pl": plan.name_pl, "en": plan.name_en},
            "descriptions": {"pl": plan.description_pl, "en": plan.description_en},
            "features": {"pl": plan.features_pl, "en": plan.features_en},
            "amounts": {price.currency: str(price.amount) for price in plan.prices.all()},
            "is_sample": plan.is_sample,
        }
        for plan in Plan.objects.filter(is_active=True).prefetch_related("prices")
    ]


def _build(rows: list[dict[str, Any]], at: datetime) -> tuple[OfferedPlan, ...]:
    return tuple(OfferedPlan(**row) for row in rows)


SOURCE = content.Source("plans", _read, _build)
