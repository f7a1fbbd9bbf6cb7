"""What every page shows: its address in each language, the company, the choice and the question."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve, translate_url
from django.utils.translation import get_language

from consent.choice.choice import Choice
from consent.gate import tags
from consent.gate.private_pages import is_private_page, third_party_groups
from consent.gate.staff_pages import is_staff_page
from consent.registry.registry import Registry
from content.company import COMPANY
from content.store import ContentUnavailable
from voipstudio.pages import structured_data
from voipstudio.pages.texts import PageTexts, page_texts

_OPEN_GRAPH_LOCALES = {"pl": "pl_PL", "en": "en_GB"}


def site(request: HttpRequest) -> dict[str, Any]:
    """Context for every template, error pages included."""
    # Error pages under /admin/ ask nothing and load no tag: they are no public pages.
    choice = Choice() if is_staff_page(request) else getattr(request, "consent", Choice())
    registry: Registry = getattr(request, "registry", Registry())
    if is_private_page(request):
        choice = replace(choice, asks=False)
    code = _page_code(request)
    texts = _texts(code)
    return {
        "company": COMPANY,
        "page": _page(request),
        "texts": texts,
        # Made where a template prints it, and nowhere else.
        "structured_data": partial(
            structured_data.of_page, request, code, texts, get_language() or ""
        ),
        "customer_app_url": settings.CUSTOMER_APP_URL,
        "consent": choice,
        "registry": registry,
        "reconsent_version": getattr(request, "reconsent_version", None),
        "ask_is_open": request.GET.get("ask") == "open",
        "google_tag": tags.google_tag(third_party_groups(request)),
        "eu_representative": settings.EU_REPRESENTATIVE,
        "prevailing_language": settings.PREVAILING_LANGUAGE,
    }


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


def _texts(name: str) -> PageTexts:
    """What staff wrote for a page; nothing on a page that they do not write, such as an error's."""
    try:
        return page_texts(name, get_language() or "")
    except ContentUnavailable:
        return PageTexts()


def _page_code(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match else ""
