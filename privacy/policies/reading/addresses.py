"""The addresses of a document's pages; urls.py declares them."""

from typing import Any

from django.urls import reverse

from privacy.models import PolicyCode

# The URL name of each document; names of the pages below begin with it, as in "terms_versions".
NAMES = {
    PolicyCode.PRIVACY: "privacy_policy",
    PolicyCode.TERMS: "terms",
    PolicyCode.ACCEPTABLE_USE: "acceptable_use",
}


def address(code: str, kind: str = "", **parameters: Any) -> str:
    """The address of a document in the active language, or of a page below it."""
    name = NAMES[PolicyCode(code)]
    return reverse(f"{name}_{kind}" if kind else name, kwargs=parameters or None)
