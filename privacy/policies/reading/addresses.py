"""The addresses of the documents, by what is meant: see policy_urls."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from privacy.models import PolicyCode

# The names of the documents' addresses; those below are named after them, as in "terms_versions".
NAMES = {
    PolicyCode.PRIVACY: "privacy_policy",
    PolicyCode.TERMS: "terms",
    PolicyCode.ACCEPTABLE_USE: "acceptable_use",
}


def address(code: str, kind: str = "", **parameters: Any) -> str:
    """The address of a document in the active language, or of something below it."""
    name = NAMES[PolicyCode(code)]
    return reverse(f"{name}_{kind}" if kind else name, kwargs=parameters or None)


def absolute(path: str) -> str:
    """An address that holds outside the site."""
    return f"{settings.SITE_ORIGIN}{path}"
