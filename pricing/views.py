"""The pricing page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consent.choice.request import ConsentRequest
from pricing import comparison, plans
from pricing.currency import addresses, currency_of


@require_safe
def pricing(request: ConsentRequest) -> HttpResponse:
    """Plans with their prices in one currency."""
    quoted = currency_of(request)
    language = get_language() or ""
    offered = plans.current()
    return render(
        request,
        "pricing/pricing.html",
        {
            "plans": [plan.in_language(language, currency=quoted.code) for plan in offered],
            "rows": [row.in_language(language, plans=offered) for row in comparison.current()],
            "vat": plans.vat_of_all(offered, currency=quoted.code),
            "billing": plans.billing_of_all(offered, currency=quoted.code),
            "has_samples": any(plan.is_sample for plan in offered),
            "currency": quoted.code,
            "currency_reason": quoted.reason,
            "currencies": addresses(request, quoted),
        },
    )
