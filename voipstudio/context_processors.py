"""What every template can use: addresses and texts of the page, the company, the choice."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve, translate_url
from django.utils.translation import get_language

from consent.choice.choice import Choice
from consent.gate import tags
from consent.gate.staff_pages import is_staff_page
from consent.gate.third_parties import third_party_groups
from consent.registry.registry import Registry
from content.company import COMPANY
from content.private_pages import is_private_page
from content.store import ContentUnavailable
from voipstudio.pages import structured_data
from voipstudio.pages.shown_texts import PageTexts, page_texts

_OPEN_GRAPH_LOCALES = {"pl": "pl_PL", "en": "en_GB"}


def site(request: HttpRequest) -> dict[str, Any]:
    """Context for every template, error pages included."""
    # Error pages under /admin/ are not public: they show no banner and load no tag.
    choice = Choice() if is_staff_page(request) else getattr(request, "consent", Choice())
    registry: Registry = getattr(request, "registry", Registry())
    if is_private_page(request):
        choice = replace(choice, shows_banner=False)
    code = _page_code(request)
    texts = _texts(code)
    return {
        "company": COMPANY,
        "page": _page(request),
        "texts": texts,
        # A function, so that only a page that prints the data computes it.
        "structured_data": partial(
            structured_data.of_page, request, code, texts, get_language() or ""
        ),
        "customer_app_url": settings.CUSTOMER_APP_URL,
        "consent": choice,
        "registry": registry,
        "ungranted_storage": _ungranted_storage(choice, registry),
        "reconsent_version": getattr(request, "reconsent_version", None),
        "ask_is_open": request.GET.get("ask") == "open",
        "google_tag": tags.google_tag(
            third_party_groups(request), personalizes_ads=registry.personalizes_ads
        ),
        "eu_representative": settings.EU_REPRESENTATIVE,
        "prevailing_language": settings.PREVAILING_LANGUAGE,
    }


def _ungranted_storage(choice: Choice, registry: Registry) -> str:
    """The names that ask.js removes from the device, space-separated: no answer can expire them."""
    declared = registry.optional_storage_ever_declared
    granted = {name for group, name in declared if choice.is_granted(group)}
    return " ".join(dict.fromkeys(name for _group, name in declared if name not in granted))


def _page(request: HttpRequest) -> dict[str, Any]:
    language = get_language()
    page: dict[str, Any] = {
        "language": language,
        "origin": settings.SITE_ORIGIN,
        "canonical": None,
        "alternates": [],
    }
    try:
        resolve(request.path)
    except Resolver404:
        page["path"] = "/" if language == "pl" else f"/{language}/"
        return page
    page["path"] = request.path
    page["canonical"] = settings.SITE_ORIGIN + request.path
    for code, name in settings.LANGUAGES:
        address = translate_url(request.path, code)
        page["alternates"].append(
            {
                "language": code,
                "locale": _OPEN_GRAPH_LOCALES[code],
                "name": name,
                "url": address,
                "absolute": settings.SITE_ORIGIN + address,
                "is_current": code == language,
            }
        )
    return page


def _texts(code: str) -> PageTexts:
    """The texts of a page by its code; all empty on a page without texts of staff."""
    try:
        return page_texts(code, get_language() or "")
    except ContentUnavailable:
        return PageTexts()


def _page_code(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match else ""
