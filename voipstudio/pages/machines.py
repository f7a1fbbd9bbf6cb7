"""Answers to machines: search engines, browsers, security researchers, and probes of health."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from content import store
from privacy.policies.reading import published
from privacy.policies.reading.addresses import NAMES

# Names of the addresses that search engines are told about.
LISTED = (
    "home", "pricing", "free_trial", "privacy_policy", "cookies", "contact", "accessibility",
    "terms", "acceptable_use",
)  # fmt: skip


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309."""
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_ORIGIN}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in every language, each naming itself in the others."""
    pages = []
    for name in (*LISTED, *_lists_of_versions()):
        addresses = []
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                addresses.append((language, settings.SITE_ORIGIN + reverse(name)))
        pages += [{"address": address, "alternates": addresses} for _code, address in addresses]
    return render(
        request, "voipstudio/sitemap.xml", {"pages": pages}, content_type="application/xml"
    )


def _lists_of_versions() -> list[str]:
    """Of the documents that have any."""
    with suppress(store.ContentUnavailable):
        policies = published.current()
        return [f"{name}_versions" for code, name in NAMES.items() if policies.of(code)]
    return []


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116. Expires says how long to trust the address: a year, renewed at each answer."""
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


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process has content to show, and the database answers."""
    store.current()
    is_ready = store.database_answers()
    return HttpResponse(
        "ok\n" if is_ready else "the database does not answer\n",
        content_type="text/plain",
        status=200 if is_ready else 503,
    )
