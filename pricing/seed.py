"""Sample plans and their comparison, marked as samples, for staff to replace.

What the product does is a fact; which plan has what of it, and every price, is made up.
"""

from typing import Any

from content.models import ContentRevision
from pricing.models import ComparisonCell, ComparisonRow, Plan, Price

_PLANS: tuple[dict[str, Any], ...] = (
    {
        "code": "start",
        "names": ("Start", "Start"),
        "descriptions": (
            "Firmowy numer i rozmowy na każdym urządzeniu.",
            "A company number, and calls on every device.",
        ),
        "features": (
            ("Rozmowy z przeglądarki", "Calls from the browser"),
            ("Aplikacje na iOS i Androida", "Apps for iOS and Android"),
            ("Aparaty biurkowe SIP", "Desk phones over SIP"),
            ("Poczta głosowa", "Voicemail"),
        ),
        "amounts": {"PLN": "39.00", "GBP": "8.00", "EUR": "9.00", "USD": "10.00"},
    },
    {
        "code": "team",
        "names": ("Zespół", "Team"),
        "descriptions": (
            "Dla firm, w których telefony odbiera kilka osób.",
            "For companies where several people answer the phone.",
        ),
        "features": (
            ("Wszystko, co w planie Start", "Everything in Start"),
            ("Menu głosowe", "Voice menus"),
            ("Kolejki połączeń z konsultantami", "Call queues with agents"),
            ("Nagrywanie rozmów", "Call recording"),
        ),
        "amounts": {"PLN": "59.00", "GBP": "12.00", "EUR": "14.00", "USD": "15.00"},
    },
    {
        "code": "integration",
        "names": ("Integracja", "Integration"),
        "descriptions": (
            "Telefon połączony z programami, w których pracuje firma.",
            "The telephone, connected to the programs that a company works with.",
        ),
        "features": (
            ("Wszystko, co w planie Zespół", "Everything in Team"),
            ("Integracja z CRM", "CRM connector"),
            ("REST API", "REST API"),
            ("Dane o połączeniach do raportów", "Call data for reports"),
        ),
        "amounts": {"PLN": "89.00", "GBP": "18.00", "EUR": "21.00", "USD": "23.00"},
    },
)

# Name of the row, and the first plan that has it: each plan has what the one before it has.
_ROWS = (
    ("Numery telefonów", "Telephone numbers", 0),
    ("Rozmowy z przeglądarki", "Calls from the browser", 0),
    ("Aplikacje na iOS i Androida", "Apps for iOS and Android", 0),
    ("Aparaty biurkowe SIP", "Desk phones over SIP", 0),
    ("Poczta głosowa", "Voicemail", 0),
    ("Menu głosowe", "Voice menus", 1),
    ("Kolejki połączeń z konsultantami", "Call queues with agents", 1),
    ("Nagrywanie rozmów", "Call recording", 1),
    ("Integracja z CRM", "CRM connector", 2),
    ("REST API", "REST API", 2),
    ("Dane o połączeniach do raportów", "Call data for reports", 2),
)


def seed_plans() -> None:
    """Store the plans, their prices, and what each of them includes."""
    ContentRevision.objects.bump()
    plans = [_store(plan, order) for order, plan in enumerate(_PLANS)]
    for order, (name_pl, name_en, first) in enumerate(_ROWS):
        row = ComparisonRow.objects.create(name_pl=name_pl, name_en=name_en, order=order)
        ComparisonCell.objects.bulk_create(
            ComparisonCell(row=row, plan=plan, answer="yes" if number >= first else "no")
            for number, plan in enumerate(plans)
        )


def _store(sample: dict[str, Any], order: int) -> Plan:
    plan = Plan.objects.create(
        code=sample["code"],
        name_pl=sample["names"][0],
        name_en=sample["names"][1],
        description_pl=sample["descriptions"][0],
        description_en=sample["descriptions"][1],
        features_pl="\n".join(polish for polish, _english in sample["features"]),
        features_en="\n".join(english for _polish, english in sample["features"]),
        order=order,
        is_sample=True,
    )
    Price.objects.bulk_create(
        Price(plan=plan, currency=currency, amount=amount)
        for currency, amount in sample["amounts"].items()
    )
    return plan
