"""Paths of this site: the language of a path, what answers there, its address, its one spelling."""

import re
import unicodedata
from urllib.parse import unquote

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import override

# An escape that is left after decoding, and signs that no decoded path of a request holds.
_NEVER_IN_A_PATH = re.compile(r"%[0-9a-fA-F]{2}|[\x00-\x1f\x7f?#\\\ufffd]|/\.{1,2}(?:/|$)")


def language_of(path: str) -> str:
    """English under /en/, Polish everywhere else, the admin included."""
    return "en" if f"{path}/".startswith("/en/") else settings.LANGUAGE_CODE


def answers(path: str) -> bool:
    """Whether anything of this site answers at this path, be it for people or for programs."""
    # Addresses are translated: each language has its own patterns.
    with override(language_of(path)):
        try:
            resolve(path)
        except Resolver404:
            return False
    return True


def absolute(path: str) -> str:
    """An address with the origin of the site, for use outside it."""
    return f"{settings.SITE_ORIGIN}{path}"


def is_page(path: str) -> bool:
    """Whether a page for visitors is at this path.

    The path of a page ends with a slash; those of files for programs, such as /healthz, do not.
    """
    return path.endswith("/") and not path.startswith(settings.ADMIN_PREFIX) and answers(path)


def decoded(path: str) -> str:
    """A path without escapes (RFC 3986, 2.1), in Unicode's normal form C.

    Browsers show it so in their bar, but copy it with escapes; some send letters decomposed.
    """
    return unicodedata.normalize("NFC", unquote(path))


def can_be_requested(path: str) -> bool:
    """Whether a browser can ask for this decoded path: it resolves `/../` itself, for example."""
    return path.startswith("/") and not path.startswith("//") and not _NEVER_IN_A_PATH.search(path)
