"""Breaches and notices, as staff write them into the register."""

from datetime import UTC, datetime, timedelta
from typing import Any

from privacy.models import Breach, BreachNotice
from privacy.rights.breaches.breach_notice import Addressee

# A Friday in winter: 13:00 in Warsaw.
AWARE = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


TOLD = AWARE + hours(1)


def make_breach(**fields: Any) -> Breach:
    """An open breach that is not assessed yet. The ICO and Prezes UODO must be told."""
    return Breach.objects.create(**{"facts": "A list was sent out.", "aware_at": AWARE} | fields)


def make_complete(**fields: Any) -> Breach:
    """A breach with all that it needs to be closed, but for notices."""
    texts = {"effects": "Spam.", "measures": "Asked for deletion."}
    return make_breach(**{"risk": "risk"} | texts | fields)


def tell(breach: Breach, *addressees: str, at: datetime = TOLD) -> None:
    for addressee in addressees or (Addressee.ICO, Addressee.UODO):
        BreachNotice.objects.create(
            breach=breach, addressee=addressee, told_at=at, method="form", about="All.", noted_at=at
        )
