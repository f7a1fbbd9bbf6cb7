"""Every address that a visitor can open in a browser, found in the URL configuration."""

from dataclasses import dataclass

from django.urls import LocalePrefixPattern, URLPattern, get_resolver, reverse
from django.utils import translation

LANGUAGES = ("pl", "en")
# What a pattern with a parameter is opened with.
_PARAMETERS = {"privacy_policy_version": {"number": 1}}


@dataclass(frozen=True)
class PublicPage:
    """One address, and the status it answers."""

    path: str
    status: int = 200


def public_pages(language: str) -> list[PublicPage]:
    """Every page in one language, pages of errors included."""
    with translation.override(language):
        paths = [reverse(name, kwargs=_PARAMETERS.get(name)) for name in _names()]
        missing = PublicPage(reverse("home") + "nothing-here/", 404)
        unreadable = PublicPage(reverse("pricing") + "?currency=XXX", 400)
    return [*map(PublicPage, paths), missing, unreadable]


def path_of(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(name)


def _names() -> list[str]:
    (translated,) = (
        resolver
        for resolver in get_resolver().url_patterns
        if isinstance(resolver.pattern, LocalePrefixPattern)
    )
    names = [p.name for p in translated.url_patterns if isinstance(p, URLPattern) and p.name]
    assert len(names) == len(translated.url_patterns) >= 11
    return names
