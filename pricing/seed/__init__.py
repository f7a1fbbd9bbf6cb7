"""Sample plans and their comparison, from plans.toml, for staff to replace."""

import tomllib
from pathlib import Path
from typing import Any

from content.models import ContentRevision
from pricing.models import ComparisonCell, ComparisonRow, Plan, Price

_PLANS = Path(__file__).parent / "plans.toml"


def seed_plans() -> None:
    """Store the plans, their prices, and what each of them includes."""
    ContentRevision.objects.bump()
    rows = tomllib.loads(_PLANS.read_text(encoding="utf-8"))
    plans = [_plan(row, order) for order, row in enumerate(rows["plan"])]
    codes = [plan.code for plan in plans]
    for order, sample in enumerate(rows["row"]):
        name = sample["name"]
        row = ComparisonRow.objects.create(name_pl=name["pl"], name_en=name["en"], order=order)
        first = codes.index(sample["first_plan"])
        ComparisonCell.objects.bulk_create(
            ComparisonCell(row=row, plan=plan, answer="yes" if number >= first else "no")
            for number, plan in enumerate(plans)
        )


def _plan(sample: dict[str, Any], order: int) -> Plan:
    plan = Plan.objects.create(
        code=sample["code"],
        name_pl=sample["name"]["pl"],
        name_en=sample["name"]["en"],
        description_pl=sample["description"]["pl"],
        description_en=sample["description"]["en"],
        features_pl=sample["features"]["pl"].strip(),
        features_en=sample["features"]["en"].strip(),
        order=order,
        is_sample=True,
    )
    Price.objects.bulk_create(
        Price(plan=plan, currency=currency, amount=amount)
        for currency, amount in sample["prices"].items()
    )
    return plan
