"""Paths of this site: the language of a path, and whether a page answers there."""

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import override


def language_of(path: str) -> str:
    """English under /en/, Polish everywhere else, the admin included."""
    return "en" if f"{path}/".startswith("/en/") else settings.LANGUAGE_CODE


def is_page(path: str) -> bool:
    """Whether this path is an address of this site."""
    # Addresses are translated: each language has its own patterns.
    with override(language_of(path)):
        try:
            resolve(path)
        except Resolver404:
            return False
    return True
