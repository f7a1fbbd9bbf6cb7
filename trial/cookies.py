"""Xl7ref: the paid ad that a visit came from, remembered once marketing is granted."""

from django.http import HttpRequest

from consent.choice.visit import Visit
from consent.gate.first_party import FirstPartyCookie, register
from trial.sign_up import attribution

ATTRIBUTION_COOKIE = "Xl7ref"


def _attribution(request: HttpRequest, visit: Visit) -> str | None:
    """A later paid visit replaces the one before; an unpaid one leaves it as it is."""
    found = attribution.of_visit(visit)
    return attribution.sign(found) if found else None


register(FirstPartyCookie(name=ATTRIBUTION_COOKIE, group="marketing", value=_attribution))
