"""Structured data of pages for search engines: schema.org as JSON-LD 1.1 (W3C).

It repeats only what the page itself shows: no rating, and no sample price.
"""

import json
from collections.abc import Sequence
from html import unescape
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from consent.choice.request import ConsentRequest
from content.company import COMPANY
from content.paths import absolute
from pricing import plans
from pricing.currency import currency_of
from pricing.models import Plan
from pricing.plans import OfferedPlan
from voipstudio.models import PageCode
from voipstudio.pages.shown_texts import PageTexts

# UN/CEFACT Recommendation 20, the codes that schema.org's unitCode takes.
_UNIT_CODES = {Plan.Period.MONTH.value: "MON", Plan.Period.YEAR.value: "ANN"}
# Characters that could end the script element or begin a comment in it: what follows in a text of
# staff would then be HTML of the page.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def of_page(request: HttpRequest, page: str, texts: PageTexts, language: str) -> SafeString:
    """The data of the page with this code; empty on a page without any."""
    things = questions(texts, language)
    if page == PageCode.HOME:
        things = [organization(), web_site(language), *things]
    elif page == PageCode.CONTACT:
        things = [organization()]
    elif page == PageCode.PRICING:
        things = [*_product(cast(ConsentRequest, request), texts, language), *things]
    return script(things) if things else SafeString()


def _product(request: ConsentRequest, texts: PageTexts, language: str) -> list[dict[str, Any]]:
    currency = currency_of(request).code
    return [product(texts, plans.current(), currency=currency, language=language)]


def script(things: Sequence[dict[str, Any]]) -> SafeString:
    """A data block: browsers do not run it, so the Content-Security-Policy allows it (I3: no
    inline script)."""
    graph = {"@context": "https://schema.org", "@graph": things}
    data = json.dumps(graph, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{data}</script>')  # noqa: S308 - escaped


def organization() -> dict[str, Any]:
    home = absolute(reverse("home"))
    return {
        "@type": "Organization",
        "@id": f"{settings.SITE_ORIGIN}/#organization",
        "name": "VoIPstudio",
        "legalName": COMPANY["name"],
        "url": home,
        "logo": absolute(static("img/touch-icon.png")),
        "email": COMPANY["email"],
        "telephone": COMPANY["phone"],
        "vatID": COMPANY["vat_number"],
        "address": {
            "@type": "PostalAddress",
            "streetAddress": COMPANY["street"],
            "postalCode": COMPANY["postal_code"],
            "addressLocality": COMPANY["city"],
            "addressCountry": "GB",
        },
    }


def web_site(language: str) -> dict[str, Any]:
    return {
        "@type": "WebSite",
        "name": "VoIPstudio",
        "url": absolute(reverse("home")),
        "inLanguage": language,
        "publisher": {"@id": f"{settings.SITE_ORIGIN}/#organization"},
    }


def product(
    texts: PageTexts, offered: Sequence[OfferedPlan], *, currency: str, language: str
) -> dict[str, Any]:
    """The service with its offers: the trial, and every plan with a price in this currency."""
    trial = {
        "@type": "Offer",
        "name": _("30-day free trial"),
        "price": "0",
        "priceCurrency": currency,
        "url": absolute(reverse("free_trial")),
    }
    offers = [
        _offer(plan, currency=currency, language=language)
        for plan in offered
        if not plan.is_sample and currency in plan.amounts
    ]
    return {
        "@type": "Product",
        "name": "VoIPstudio",
        "description": texts.description,
        "brand": {"@id": f"{settings.SITE_ORIGIN}/#organization"},
        "offers": [trial, *offers],
    }


def questions(texts: PageTexts, language: str) -> list[dict[str, Any]]:
    """The questions and answers of a page; an empty list where there are no questions."""
    entities = [
        {
            "@type": "Question",
            "name": row.question,
            "acceptedAnswer": {"@type": "Answer", "text": _plain(row.answer)},
        }
        for row in texts.questions
    ]
    return (
        [{"@type": "FAQPage", "inLanguage": language, "mainEntity": entities}] if entities else []
    )


def _offer(plan: OfferedPlan, *, currency: str, language: str) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "name": plan.names[language],
        "url": absolute(reverse("pricing")),
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": plan.amounts[currency],
            "priceCurrency": currency,
            "unitCode": _UNIT_CODES[plan.billing_period],
            "valueAddedTaxIncluded": plan.includes_vat,
        },
    }


def _plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())
