"""The home page, the contact page and the accessibility statement."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consent.choice.request import ConsentRequest
from content import store
from pricing import plans
from pricing.currency import currency_of


@require_safe
def home(request: ConsentRequest) -> HttpResponse:
    """The offer with the lowest price in the visitor's currency, if there is one."""
    currency = currency_of(request).code
    plan = plans.cheapest(currency=currency)
    cheapest = plan.in_language(get_language() or "", currency=currency) if plan else None
    return render(request, "voipstudio/home.html", {"cheapest": cheapest})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    store.current()  # raises ContentUnavailable: a page without its texts would be empty
    return render(request, "voipstudio/contact.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    store.current()  # raises ContentUnavailable, as above
    return render(request, "voipstudio/accessibility.html")
