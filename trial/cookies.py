"""The cookie Xl7ref: the paid ad that a visit came from. Set only where marketing is granted."""

from django.http import HttpRequest

from consent.choice.visit import Visit
from consent.gate.first_party import FirstPartyCookie, register
from trial.sign_up import attribution

ATTRIBUTION_COOKIE = "Xl7ref"


def _attribution(request: HttpRequest, visit: Visit) -> str | None:
    """The value for a paid visit; None leaves the cookie of an earlier visit as it is."""
    paid_visit = attribution.of_visit(visit)
    return attribution.sign(paid_visit) if paid_visit else None


def _may_be_due(request: HttpRequest) -> bool:
    # The address of an ad names it in the query.
    return bool(request.META.get("QUERY_STRING"))


register(
    FirstPartyCookie(
        name=ATTRIBUTION_COOKIE, group="marketing", value=_attribution, may_be_due=_may_be_due
    )
)
