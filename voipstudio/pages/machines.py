"""Answers to programs: search engines, browsers and security scanners."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from content import store
from privacy.policies.reading import published
from privacy.policies.reading.addresses import NAMES

# Names of the addresses in the sitemap, beside those of policies.
SITEMAP_NAMES = (
    "home",
    "pricing",
    "free_trial",
    "cookies",
    "receipt",
    "check_receipt",
    "your_data",
    "your_data_complaint",
    "seal",
    "contact",
    "accessibility",
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Which pages search engines may read (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_ORIGIN}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that may be indexed, in every language, with its addresses in all languages."""
    pages = []
    names = [*((name, {}) for name in SITEMAP_NAMES), *_pages_of_policies()]
    for name, parameters in names:
        addresses = []
        for language, _language_name in settings.LANGUAGES:
            with translation.override(language):
                addresses.append(
                    (language, settings.SITE_ORIGIN + reverse(name, kwargs=parameters))
                )
        pages += [{"address": address, "alternates": addresses} for _language, address in addresses]
    return render(
        request, "voipstudio/sitemap.xml", {"pages": pages}, content_type="application/xml"
    )


def _pages_of_policies() -> Iterator[tuple[str, dict[str, int]]]:
    """Each document in force, its list of versions and the versions; other pages say noindex."""
    with suppress(store.ContentUnavailable):
        policies = published.current()
        for code, name in NAMES.items():
            if policies.in_force(code):
                yield name, {}
            versions = policies.of(code)
            if versions:
                yield f"{name}_versions", {}
            for version in versions:
                yield f"{name}_version", {"number": version.number}


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a vulnerability (RFC 9116).

    Expires must be less than a year or so ahead (2.5.5): each answer computes it anew.
    """
    expires = timezone.now().replace(microsecond=0) + timedelta(days=365)
    lines = [
        "Contact: mailto:marketing@voipstudio.pl",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: pl, en",
        f"Canonical: {settings.SITE_ORIGIN}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/favicon.ico"))
