"""Every address that a visitor can open in a browser, collected from the URL configuration."""

from dataclasses import dataclass

from django.urls import LocalePrefixPattern, URLPattern, get_resolver, reverse
from django.utils import translation

LANGUAGES = ("pl", "en")
# The parameters for patterns that have some.
_PARAMETERS = {
    "privacy_policy_version": {"number": 1},
    "privacy_policy_differences": {"older": 1, "newer": 1},
    "policy_draft": {"token": "made-up"},
    "trial_confirm": {"token": "made-up"},
    "trial_new_link": {"token": "made-up"},
    "trial_consents": {"consent_id": "made-up"},
    "your_data_link": {"token": "made-up"},
    "your_data_page": {"token": "made-up"},
    "your_data_erase": {"token": "made-up"},
    "your_data_correct": {"token": "made-up"},
    "your_data_ask": {"token": "made-up"},
    "your_data_choose": {"token": "made-up"},
}
# Feeds and files are for programs; a comparison redirects to differences, and a record by its
# number to the form.
_NO_PAGES = ("_feed", "_file", "_proof", "_compare", "_record")
# Policies without a published version.
_UNPUBLISHED = {
    f"{document}_{kind}"
    for document in ("terms", "acceptable_use")
    for kind in ("version", "differences")
}
# Private pages, with the status that a made-up token gets.
_PRIVATE_STATUSES = {
    "on_this_device": 200,  # it has no token
    "policy_draft": 404,
    "trial_confirm": 404,
    "trial_new_link": 405,
    "trial_consents": 404,
    "your_data_link": 404,
    "your_data_page": 404,
    "your_data_erase": 404,
    "your_data_correct": 404,
    "your_data_ask": 404,
    "your_data_choose": 404,
}


@dataclass(frozen=True)
class PublicPage:
    """One address, its status, and whether it is a private page: no banner and no tag (I15)."""

    name: str
    path: str
    status: int = 200
    is_private: bool = False


def public_pages(language: str) -> list[PublicPage]:
    """Every page in one language, error pages included."""
    with translation.override(language):
        named = [_page(name) for name in _names()]
        missing = PublicPage("missing", reverse("home") + "nothing-here/", 404)
        unknown_currency = PublicPage("unknown_currency", reverse("pricing") + "?currency=XXX")
    return [*named, missing, unknown_currency]


def path_of(name: str, language: str, **parameters: str | int) -> str:
    with translation.override(language):
        return reverse(name, kwargs=parameters)


def _page(name: str) -> PublicPage:
    return PublicPage(
        name=name,
        path=reverse(name, kwargs=_PARAMETERS.get(name)),
        status=_PRIVATE_STATUSES.get(name, 200),
        is_private=name in _PRIVATE_STATUSES,
    )


def _names() -> list[str]:
    (translated,) = (
        resolver
        for resolver in get_resolver().url_patterns
        if isinstance(resolver.pattern, LocalePrefixPattern)
    )
    names = [p.name for p in translated.url_patterns if isinstance(p, URLPattern) and p.name]
    assert len(names) == len(translated.url_patterns) >= 30
    return [name for name in names if not name.endswith(_NO_PAGES) and name not in _UNPUBLISHED]
