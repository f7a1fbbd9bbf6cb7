"""Paths of this site: the language that one is in, and whether a page answers there."""

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import override


def language_of(path: str) -> str:
    """English under /en/, Polish everywhere else, the admin included."""
    return "en" if f"{path}/".startswith("/en/") else settings.LANGUAGE_CODE


def is_page(path: str) -> bool:
    """Whether an address of this site is at this path."""
    with override(language_of(path)):
        try:
            resolve(path)
        except Resolver404:
            return False
    return True


def redirect_problems(old_path: str, new_path: str) -> dict[str, str]:
    """What is wrong with a redirect, by field. A target is a page, so none leads to another."""
    problems = {}
    if not old_path.startswith("/") or old_path.startswith("//") or {*old_path} & {*"?#\\"}:
        problems["old_path"] = _(
            "Write the old address from its first “/” on, without “?” and “#”: /oferta.html"
        )
    elif old_path.startswith((settings.ADMIN_PREFIX, settings.STATIC_URL)):
        problems["old_path"] = _("Addresses below /admin/ and /static/ are never redirected.")
    elif is_page(old_path) or is_page(f"{old_path}/"):
        problems["old_path"] = _("There is a page at this address: a redirect is never reached.")
    if not is_page(new_path.partition("#")[0]):
        problems["new_path"] = _(
            "There is no page at this address. Write an address of this site, such as /cennik/."
        )
    return problems
