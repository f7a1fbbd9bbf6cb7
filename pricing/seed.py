"""A sample plan, marked as such, for staff to replace."""

from pricing.models import Plan, Price
from privacy.models import ContentRevision

_AMOUNTS = {"PLN": "59.00", "GBP": "12.00", "EUR": "14.00", "USD": "15.00"}


def seed_plans() -> None:
    """Store one plan with its prices."""
    ContentRevision.objects.bump()
    plan = Plan.objects.create(
        code="sample",
        name_pl="Plan przykładowy",
        name_en="Sample plan",
        description_pl="Telefonia w chmurze dla całej firmy.",
        description_en="Cloud telephony for the whole company.",
        features_pl="Rozmowy z przeglądarki, telefonu i aparatu na biurku\n"
        "Kolejki połączeń z konsultantami\nREST API i połączenie z CRM",
        features_en="Calls from the browser, the phone and the desk phone\n"
        "Call queues with agents\nREST API and a connector to your CRM",
        is_sample=True,
    )
    Price.objects.bulk_create(
        Price(plan=plan, currency=currency, amount=amount) for currency, amount in _AMOUNTS.items()
    )
