"""The pages of the project itself."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consent.gate.middleware import ConsentRequest
from content import store
from pricing import plans
from pricing.currency import UnknownCurrency, currency_of


@require_safe
def home(request: ConsentRequest) -> HttpResponse:
    """The offer, with the lowest price in the visitor's currency."""
    cheapest = None
    with suppress(UnknownCurrency):
        currency = currency_of(request).code
        if plan := plans.cheapest(currency=currency):
            cheapest = plan.in_language(get_language() or "", currency=currency)
    return render(request, "voipstudio/home.html", {"cheapest": cheapest})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    store.current()  # raises ContentUnavailable: without its texts there is nothing to show
    return render(request, "voipstudio/contact.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    store.current()
    return render(request, "voipstudio/accessibility.html")
